#pragma once

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace moescope {

// Paste a prompt and see its routing at once.
class PromptPanel : public QWidget {
    Q_OBJECT
public:
    explicit PromptPanel(QWidget* parent = nullptr);
    QString prompt() const;
    void setPrompt(const QString& text);
    void setModel(const QString& folder);
    QString model() const { return m_model; }
    void setRunning(bool running);
    void setMessage(const QString& message, bool isError = false);

Q_SIGNALS:
    void routeWanted(const QString& prompt, const QString& model);
    void cancelWanted();
    void modelChanged(const QString& folder);

private:
    void build();
    void chooseModel();
    void go();

    QPlainTextEdit* m_text = nullptr;
    QPushButton* m_go = nullptr;
    QPushButton* m_choose = nullptr;
    QLabel* m_message = nullptr;
    QString m_model;
    bool m_running = false;
};

} // namespace moescope
