#pragma once

#include <QStringList>
#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace moescope {

// What stands where no recording is open: what to do, and what went wrong.
class WelcomePage : public QWidget {
    Q_OBJECT
public:
    explicit WelcomePage(QWidget* parent = nullptr);
    void setRecent(const QStringList& files);
    void setError(const QString& message); // empty: none

Q_SIGNALS:
    void openWanted();
    void recordWanted();
    void fileWanted(const QString& file);

private:
    QLabel* m_error;
    QLabel* m_recentTitle;
    QVBoxLayout* m_recent;
};

} // namespace moescope
