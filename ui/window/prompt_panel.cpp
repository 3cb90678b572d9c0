#include "ui/window/prompt_panel.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>
#include <QStyle>
#include <QVBoxLayout>

#include "ui/charts/theme.h"

namespace moescope {

PromptPanel::PromptPanel(QWidget* parent) : QWidget(parent) {
    build();
    connect(m_go, &QPushButton::clicked, this, &PromptPanel::go);
    connect(m_choose, &QPushButton::clicked, this, &PromptPanel::chooseModel);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] { setRunning(m_running); });
    auto* shortcut = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), this);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, this, &PromptPanel::go);
    setRunning(false);
}

void PromptPanel::build() {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 12);
    column->setSpacing(8);
    m_text = new QPlainTextEdit;
    m_text->setPlaceholderText(tr("Paste a prompt and press Ctrl+Enter to see which experts its tokens hit"));
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(tr("Prompt"));
    m_text->setFont(textFont(11));
    m_choose = new QPushButton(tr("Choose model…"));
    m_go = new QPushButton;
    m_message = new QLabel;
    m_message->setWordWrap(true);
    m_message->setObjectName(QStringLiteral("muted"));
    auto* row = new QHBoxLayout;
    row->addWidget(m_choose);
    row->addWidget(m_message, 1);
    row->addWidget(m_go);
    column->addWidget(m_text, 1);
    column->addLayout(row);
}

QString PromptPanel::prompt() const {
    return m_text->toPlainText();
}

void PromptPanel::setPrompt(const QString& text) {
    m_text->setPlainText(text);
}

void PromptPanel::setModel(const QString& folder) {
    m_model = folder;
    m_choose->setText(folder.isEmpty() ? tr("Choose model…") : tr("Model: %1").arg(QFileInfo(folder).fileName()));
    m_choose->setToolTip(folder.isEmpty() ? tr("A folder with config.json, the weights and tokenizer.json") : folder);
    setRunning(m_running);
}

void PromptPanel::chooseModel() {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Choose a model's folder"), m_model);
    if (!folder.isEmpty()) {
        setModel(folder);
        Q_EMIT modelChanged(folder);
    }
}

void PromptPanel::go() {
    if (m_running) {
        Q_EMIT cancelWanted();
    } else if (m_go->isEnabled()) {
        Q_EMIT routeWanted(prompt(), m_model);
    }
}

void PromptPanel::setRunning(bool running) {
    m_running = running;
    m_go->setText(running ? tr("Cancel") : tr("Show routing"));
    m_go->setEnabled(running || (!m_model.isEmpty() && !prompt().trimmed().isEmpty()));
}

void PromptPanel::setMessage(const QString& message, bool isError) {
    m_message->setObjectName(isError ? QStringLiteral("warningLine") : QStringLiteral("muted"));
    m_message->style()->unpolish(m_message);
    m_message->style()->polish(m_message);
    m_message->setText(message);
}

} // namespace moescope
