#pragma once

#include <QHash>
#include <QWidget>

#include "ui/window/job_queue.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace moescope {

// The jobs, the newest on top: progress, cancel, what came of them or what went wrong.
class JobsPanel : public QWidget {
    Q_OBJECT
public:
    explicit JobsPanel(JobQueue& queue, QWidget* parent = nullptr);

Q_SIGNALS:
    void openWanted(const QString& file, const QString& run, const QString& page);

private:
    struct Row {
        QWidget* body = nullptr;
        QLabel* title = nullptr;
        QLabel* words = nullptr;
        QProgressBar* bar = nullptr;
        QPushButton* open = nullptr;
        QPushButton* stop = nullptr; // or remove
    };
    void showJob(qint64 id);
    Row& rowOf(qint64 id);

    JobQueue& m_queue;
    QVBoxLayout* m_rows;
    QLabel* m_none;
    QHash<qint64, Row> m_known;
};

} // namespace moescope
