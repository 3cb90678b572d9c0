#include "ui/window/welcome_page.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/charts/theme.h"

namespace moescope {

WelcomePage::WelcomePage(QWidget* parent)
    : QWidget(parent), m_error(new QLabel), m_recentTitle(new QLabel(tr("Recent recordings"))),
      m_recent(new QVBoxLayout) {
    auto* column = new QVBoxLayout;
    column->setSpacing(14);
    auto* title = new QLabel(tr("See what the routers of a mixture-of-experts model do"));
    QFont large = findingFont();
    large.setPointSizeF(20);
    title->setFont(large);
    auto* text = new QLabel(tr("Open a recording, drop one here, or record a model over texts. Without the window, "
                               "`moescope record` does the same."));
    text->setObjectName(QStringLiteral("muted"));
    text->setWordWrap(true);
    m_error->setObjectName(QStringLiteral("warningLine"));
    m_error->setWordWrap(true);
    m_error->hide();
    auto* buttons = new QHBoxLayout;
    auto* open = new QPushButton(tr("Open recording…"));
    auto* record = new QPushButton(tr("Record a model…"));
    open->setDefault(true);
    buttons->addWidget(open);
    buttons->addWidget(record);
    buttons->addStretch(1);
    m_recentTitle->setFont(titleFont());
    m_recentTitle->hide();
    m_recent->setSpacing(2);
    for (QWidget* widget :
         {static_cast<QWidget*>(title), static_cast<QWidget*>(text), static_cast<QWidget*>(m_error)}) {
        column->addWidget(widget);
    }
    column->addLayout(buttons);
    column->addSpacing(18);
    column->addWidget(m_recentTitle);
    column->addLayout(m_recent);
    auto* frame = new QWidget;
    frame->setFixedWidth(720);
    frame->setLayout(column);
    auto* outer = new QVBoxLayout(this);
    outer->addStretch(2);
    auto* middle = new QHBoxLayout; // not an alignment: that would give wrapped words a line too few
    middle->addStretch(1);
    middle->addWidget(frame);
    middle->addStretch(1);
    outer->addLayout(middle);
    outer->addStretch(3);
    connect(open, &QPushButton::clicked, this, &WelcomePage::openWanted);
    connect(record, &QPushButton::clicked, this, &WelcomePage::recordWanted);
}

void WelcomePage::setRecent(const QStringList& files) {
    while (QLayoutItem* item = m_recent->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_recentTitle->setVisible(!files.isEmpty());
    for (const QString& file : files) {
        auto* button = new QPushButton(QFileInfo(file).fileName());
        button->setFlat(true);
        button->setToolTip(file);
        button->setStyleSheet(QStringLiteral("text-align: left; padding: 4px 6px;"));
        connect(button, &QPushButton::clicked, this, [this, file] { Q_EMIT fileWanted(file); });
        m_recent->addWidget(button);
    }
}

void WelcomePage::setError(const QString& message) {
    m_error->setText(message);
    m_error->setVisible(!message.isEmpty());
}

} // namespace moescope
