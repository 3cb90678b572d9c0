#include "ui/window/jobs_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStyle>
#include <QVBoxLayout>

#include "ui/charts/theme.h"

namespace moescope {

JobsPanel::JobsPanel(JobQueue& queue, QWidget* parent)
    : QWidget(parent), m_queue(queue), m_rows(new QVBoxLayout),
      m_none(new QLabel(tr("No jobs. Recordings, trainings, imports and exports show here how far they are."))) {
    auto* inner = new QWidget;
    inner->setLayout(m_rows);
    m_rows->addWidget(m_none);
    m_rows->addStretch(1);
    m_none->setObjectName(QStringLiteral("muted"));
    m_none->setWordWrap(true);
    auto* scroll = new QScrollArea;
    scroll->setWidget(inner);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(scroll);
    connect(&queue, &JobQueue::changed, this, &JobsPanel::showJob);
    connect(&queue, &JobQueue::removed, this, [this](qint64 id) {
        delete m_known.take(id).body;
        m_none->setVisible(m_known.isEmpty());
    });
}

JobsPanel::Row& JobsPanel::rowOf(qint64 id) {
    Row& row = m_known[id];
    if (row.body) {
        return row;
    }
    row.body = new QWidget;
    row.title = new QLabel;
    row.title->setFont(titleFont());
    row.words = new QLabel;
    row.words->setWordWrap(true);
    row.words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row.bar = new QProgressBar;
    row.bar->setTextVisible(false);
    row.bar->setAccessibleName(tr("Progress"));
    row.open = new QPushButton(tr("Show"));
    row.stop = new QPushButton;
    auto* head = new QHBoxLayout;
    head->addWidget(row.title, 1);
    head->addWidget(row.open);
    head->addWidget(row.stop);
    auto* column = new QVBoxLayout(row.body);
    column->setContentsMargins(4, 4, 4, 8);
    column->setSpacing(3);
    column->addLayout(head);
    column->addWidget(row.bar);
    column->addWidget(row.words);
    m_rows->insertWidget(0, row.body);
    m_none->hide();
    connect(row.open, &QPushButton::clicked, this, [this, id] {
        if (const Job* job = m_queue.find(id)) {
            Q_EMIT openWanted(job->file, job->run, job->page);
        }
    });
    connect(row.stop, &QPushButton::clicked, this, [this, id] {
        const Job* job = m_queue.find(id);
        const bool isOpen = job && (job->state == JobState::Waiting || job->state == JobState::Running);
        isOpen ? m_queue.cancel(id) : m_queue.remove(id);
    });
    return row;
}

void JobsPanel::showJob(qint64 id) {
    const Job* job = m_queue.find(id);
    if (!job) {
        return;
    }
    Row& row = rowOf(id);
    const bool isOpen = job->state == JobState::Waiting || job->state == JobState::Running;
    row.title->setText(job->title);
    row.words->setText(job->words);
    row.words->setObjectName(job->state == JobState::Failed ? QStringLiteral("warningLine") : QStringLiteral("muted"));
    row.words->style()->unpolish(row.words);
    row.words->style()->polish(row.words);
    row.bar->setVisible(job->state == JobState::Running);
    row.bar->setRange(0, job->total > 0 ? 1000 : 0);
    row.bar->setValue(job->total > 0 ? int(1000 * job->done / job->total) : 0);
    row.open->setVisible(!job->file.isEmpty() && job->state != JobState::Waiting && job->state != JobState::Failed);
    row.stop->setText(isOpen ? tr("Cancel") : tr("Remove"));
}

} // namespace moescope
