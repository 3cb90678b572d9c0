#pragma once

#include <functional>

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QToolButton;
class QVBoxLayout;

namespace moescope {

// A titled card around a view. Its menu copies and saves what is shown: picture, CSV.
class Panel : public QFrame {
    Q_OBJECT
public:
    Panel(const QString& title, QWidget* content, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setSubtitle(const QString& text); // what is drawn, quietly
    void setFileName(const QString& words) { m_fileWords = words; }
    // CSV of exactly what is shown.
    void setCsv(std::function<QString()> csv);
    void addControl(QWidget* control); // in the title line
    // Words in place of the content: what is missing and what to do. Empty: the content.
    void setMessage(const QString& message);
    QString message() const; // those words
    QWidget* content() const { return m_content; }

    bool hasCsv() const { return bool(m_csv); }
    QString csv() const { return m_csv ? m_csv() : QString(); }
    const QString& fileWords() const { return m_fileWords; }

    void copyPicture();
    void copyCsv();
    void savePictureAs();
    void saveCsvAs();

Q_SIGNALS:
    void failed(const QString& message);

private:
    void buildHead(const QString& title, QVBoxLayout& column);
    void buildMenu();

    QWidget* m_content;
    QLabel* m_title = nullptr;
    QLabel* m_subtitle = nullptr;
    QLabel* m_message = nullptr;
    QToolButton* m_menuButton = nullptr;
    QHBoxLayout* m_head = nullptr;
    std::function<QString()> m_csv;
    QString m_fileWords;
};

} // namespace moescope
