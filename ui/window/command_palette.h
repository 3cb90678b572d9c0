#pragma once

#include <functional>

#include <QDialog>

class QLineEdit;
class QListWidget;

namespace moescope {

class MainWindow;

// Type a few letters of a command, a page, a run, "5:3" for an expert or "#20" for a token, and go there.
class CommandPalette : public QDialog {
    Q_OBJECT
public:
    explicit CommandPalette(MainWindow& window);
    void setWords(const QString& words);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Entry {
        QString text;
        QString keys;
        std::function<void()> go;
    };
    void gather();
    void gatherPlaces();
    void gatherTyped(const QString& words);
    void list(const QString& words);
    void offer(const Entry& entry);
    void choose();

    MainWindow& m_window;
    QList<Entry> m_entries;
    QList<Entry> m_offered;
    QLineEdit* m_words;
    QListWidget* m_list;
};

} // namespace moescope
