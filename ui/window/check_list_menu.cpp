#include "ui/window/check_list_menu.h"

#include <algorithm>

#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <QWidgetAction>

namespace moescope {

namespace {
constexpr int kSearchFrom = 12; // entries
}

CheckListMenu::CheckListMenu(const QString& name, QString all, QString several, QWidget* parent)
    : QToolButton(parent), m_all(std::move(all)), m_several(std::move(several)) {
    setPopupMode(QToolButton::InstantPopup);
    setAccessibleName(name);
    setToolTip(name);
    build();
    showWords();
}

void CheckListMenu::build() {
    auto* menu = new QMenu(this);
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(8, 8, 8, 8);
    m_search = new QLineEdit;
    m_search->setPlaceholderText(tr("Search"));
    m_search->setAccessibleName(tr("Search the list"));
    m_search->setClearButtonEnabled(true);
    m_list = new QListWidget;
    m_list->setAccessibleName(accessibleName());
    m_list->setMinimumWidth(260);
    m_list->setUniformItemSizes(true);
    auto* all = new QPushButton(m_all);
    column->addWidget(all);
    column->addWidget(m_search);
    column->addWidget(m_list);
    auto* action = new QWidgetAction(menu);
    action->setDefaultWidget(body);
    menu->addAction(action);
    setMenu(menu);
    connect(m_search, &QLineEdit::textChanged, this, &CheckListMenu::search);
    connect(all, &QPushButton::clicked, this, [this] {
        setTicked({});
        this->menu()->hide();
        Q_EMIT tickedChanged({});
    });
    connect(m_list, &QListWidget::itemChanged, this, [this] {
        showWords();
        Q_EMIT tickedChanged(ticked());
    });
}

void CheckListMenu::setEntries(const QList<Entry>& entries) {
    bool same = entries.size() == m_list->count();
    for (int i = 0; same && i < m_list->count(); ++i) {
        same = m_list->item(i)->text() == entries[i].text && m_list->item(i)->data(Qt::UserRole) == entries[i].value;
    }
    if (same) {
        return;
    }
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    for (const Entry& entry : entries) {
        auto* item = new QListWidgetItem(entry.text, m_list);
        item->setData(Qt::UserRole, entry.value);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(Qt::Unchecked);
    }
    m_search->setVisible(entries.size() >= kSearchFrom);
    const int rows = std::clamp(int(entries.size()), 3, 14);
    m_list->setFixedHeight(rows * m_list->sizeHintForRow(0) + 8);
    setEnabled(entries.size() > 1);
}

void CheckListMenu::setTicked(const QVariantList& values) {
    const QSignalBlocker quiet(m_list);
    for (int i = 0; i < m_list->count(); ++i) {
        QListWidgetItem* item = m_list->item(i);
        item->setCheckState(values.contains(item->data(Qt::UserRole)) ? Qt::Checked : Qt::Unchecked);
    }
    showWords();
}

QVariantList CheckListMenu::ticked() const {
    QVariantList values;
    for (int i = 0; i < m_list->count(); ++i) {
        if (m_list->item(i)->checkState() == Qt::Checked) {
            values << m_list->item(i)->data(Qt::UserRole);
        }
    }
    return values;
}

void CheckListMenu::search(const QString& words) {
    for (int i = 0; i < m_list->count(); ++i) {
        m_list->item(i)->setHidden(!m_list->item(i)->text().contains(words, Qt::CaseInsensitive));
    }
}

void CheckListMenu::showWords() {
    QStringList names;
    for (int i = 0; i < m_list->count(); ++i) {
        if (m_list->item(i)->checkState() == Qt::Checked) {
            names << m_list->item(i)->text();
        }
    }
    setText(names.isEmpty()     ? m_all
            : names.size() == 1 ? fontMetrics().elidedText(names.front(), Qt::ElideMiddle, 160)
                                : m_several.arg(names.size()));
}

} // namespace moescope
