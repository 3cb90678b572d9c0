#include "ui/charts/panel.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

#include "engine/routing/error.h"
#include "ui/charts/picture.h"
#include "ui/charts/theme.h"
#include "ui/charts/wrapped_label.h"

namespace moescope {

Panel::Panel(const QString& title, QWidget* content, QWidget* parent) : QFrame(parent), m_content(content) {
    setObjectName(QStringLiteral("panel"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 12, 12);
    column->setSpacing(4);
    buildHead(title, *column);
    m_subtitle = new WrappedLabel;
    m_subtitle->setObjectName(QStringLiteral("muted"));
    m_subtitle->setFont(textFont(9));
    m_subtitle->hide();
    column->addWidget(m_subtitle);
    m_message = new WrappedLabel;
    m_message->setObjectName(QStringLiteral("muted"));
    m_message->setAlignment(Qt::AlignCenter);
    m_message->hide();
    column->addSpacing(4);
    column->addWidget(m_message, 1);
    column->addWidget(content, 1);
    m_fileWords = title;
}

void Panel::buildHead(const QString& title, QVBoxLayout& column) {
    m_head = new QHBoxLayout;
    m_head->setSpacing(8);
    m_title = new QLabel(title);
    m_title->setObjectName(QStringLiteral("panelTitle"));
    m_title->setFont(titleFont());
    m_head->addWidget(m_title);
    m_head->addStretch(1);
    m_menuButton = new QToolButton;
    m_menuButton->setObjectName(QStringLiteral("panelMenu"));
    m_menuButton->setText(QStringLiteral("⋯"));
    m_menuButton->setToolTip(tr("Copy or save what is shown"));
    m_menuButton->setAccessibleName(tr("Copy or save %1").arg(title));
    m_menuButton->setPopupMode(QToolButton::InstantPopup);
    m_head->addWidget(m_menuButton);
    column.addLayout(m_head);
    buildMenu();
}

void Panel::buildMenu() {
    auto* menu = new QMenu(m_menuButton);
    menu->addAction(tr("Copy picture"), this, &Panel::copyPicture);
    menu->addAction(tr("Save picture…"), this, &Panel::savePictureAs);
    if (m_csv) {
        menu->addSeparator();
        menu->addAction(tr("Copy as CSV"), this, &Panel::copyCsv);
        menu->addAction(tr("Export CSV…"), this, &Panel::saveCsvAs);
    }
    if (QMenu* old = m_menuButton->menu()) {
        old->deleteLater();
    }
    m_menuButton->setMenu(menu);
}

void Panel::setTitle(const QString& title) {
    m_title->setText(title);
}

void Panel::setSubtitle(const QString& text) {
    m_subtitle->setText(text);
    m_subtitle->setVisible(!text.isEmpty());
}

void Panel::setCsv(std::function<QString()> csv) {
    m_csv = std::move(csv);
    buildMenu();
}

void Panel::addControl(QWidget* control) {
    m_head->insertWidget(m_head->count() - 1, control);
}

void Panel::setMessage(const QString& message) {
    m_message->setText(message);
    m_message->setVisible(!message.isEmpty());
    m_content->setVisible(message.isEmpty());
}

QString Panel::message() const {
    return m_message->text();
}

void Panel::copyPicture() {
    QApplication::clipboard()->setImage(imageOf(*this));
}

void Panel::copyCsv() {
    if (m_csv) {
        QApplication::clipboard()->setText(m_csv());
    }
}

void Panel::savePictureAs() {
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Save picture"), fileNameOf(m_fileWords, QStringLiteral("png")), tr("Pictures (*.png *.svg *.pdf)"));
    if (file.isEmpty()) {
        return;
    }
    try {
        savePicture(*this, file);
    } catch (const Error& error) {
        Q_EMIT failed(QString::fromUtf8(error.what()));
    }
}

void Panel::saveCsvAs() {
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Export CSV"), fileNameOf(m_fileWords, QStringLiteral("csv")), tr("Comma-separated values (*.csv)"));
    if (file.isEmpty() || !m_csv) {
        return;
    }
    try {
        saveText(m_csv(), file);
    } catch (const Error& error) {
        Q_EMIT failed(QString::fromUtf8(error.what()));
    }
}

} // namespace moescope
