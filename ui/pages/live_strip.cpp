#include "ui/pages/live_strip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace moescope {

LiveStrip::LiveStrip(QWidget* parent)
    : QWidget(parent), m_words(new QLabel), m_bar(new QProgressBar), m_stop(new QPushButton(tr("Stop training"))) {
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(180);
    m_bar->setAccessibleName(tr("Progress"));
    m_stop->setToolTip(
        tr("Ends it behind the step under way; its checkpoint stays, and training again goes on from it"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_bar);
    row->addWidget(m_words, 1);
    row->addWidget(m_stop);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        m_stop->setEnabled(false); // it takes until the step's end
        Q_EMIT stopWanted();
    });
    hide();
}

void LiveStrip::show(const LiveTraining& training) {
    m_words->setText(training.words);
    m_bar->setRange(0, training.total > 0 ? 1000 : 0);
    m_bar->setValue(training.total > 0 ? int(1000 * training.done / training.total) : 0);
    if (isHidden()) {
        m_stop->setEnabled(true);
        QWidget::show();
    }
}

} // namespace moescope
