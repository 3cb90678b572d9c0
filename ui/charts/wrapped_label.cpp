#include "ui/charts/wrapped_label.h"

#include <QEvent>

namespace moescope {

WrappedLabel::WrappedLabel(QWidget* parent) : QLabel(parent) {
    setWordWrap(true);
}

int WrappedLabel::heightForWidth(int width) const {
    if (m_text != text()) {
        m_text = text();
        m_heights.clear();
    }
    const auto known = m_heights.find(width);
    return known != m_heights.end() ? known->second
                                    : m_heights.emplace(width, QLabel::heightForWidth(width)).first->second;
}

bool WrappedLabel::event(QEvent* event) {
    switch (event->type()) {
    case QEvent::FontChange:
    case QEvent::StyleChange:
    case QEvent::ContentsRectChange:
    case QEvent::Polish:
        m_heights.clear();
        break;
    default:
        break;
    }
    return QLabel::event(event);
}

} // namespace moescope
