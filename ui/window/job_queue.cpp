#include "ui/window/job_queue.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>

#include "engine/routing/error.h"
#include "ui/state/background_thread.h"

namespace moescope {

namespace {
constexpr std::chrono::milliseconds kTellEvery(100);
}

JobQueue::JobQueue(QObject* parent) : QObject(parent) {
    m_thread = std::jthread([this](std::stop_token stop) { work(std::move(stop)); });
}

JobQueue::~JobQueue() {
    {
        const std::lock_guard lock(m_mutex);
        m_tasks.clear();
        m_runningStop.request_stop();
    }
    m_thread.request_stop();
    m_wake.notify_all();
    m_thread.join();
}

qint64 JobQueue::add(const QString& title, const QString& file, JobWork work, const QString& page) {
    Job job;
    job.id = ++m_lastId;
    job.title = title;
    job.file = file;
    job.page = page;
    job.words = tr("waiting");
    m_jobs.push_back(job);
    Q_EMIT changed(job.id);
    {
        const std::lock_guard lock(m_mutex);
        m_tasks.push_back({job.id, std::move(work), {}});
    }
    m_wake.notify_all();
    return job.id;
}

void JobQueue::cancel(qint64 id) {
    const std::lock_guard lock(m_mutex);
    if (m_running == id) {
        m_runningStop.request_stop();
        return;
    }
    if (std::erase_if(m_tasks, [id](const Task& task) { return task.id == id; }) > 0) {
        end(id, JobState::Stopped, tr("Taken from the queue."));
    }
}

void JobQueue::remove(qint64 id) {
    const Job* gone = find(id);
    if (gone && gone->state != JobState::Waiting && gone->state != JobState::Running) {
        std::erase_if(m_jobs, [id](const Job& job) { return job.id == id; });
        Q_EMIT removed(id);
    }
}

Job* JobQueue::job(qint64 id) {
    const auto at = std::find_if(m_jobs.begin(), m_jobs.end(), [id](const Job& job) { return job.id == id; });
    return at == m_jobs.end() ? nullptr : &*at;
}

const Job* JobQueue::find(qint64 id) const {
    return const_cast<JobQueue*>(this)->job(id);
}

bool JobQueue::isIdle() const {
    return std::none_of(m_jobs.begin(), m_jobs.end(), [](const Job& job) {
        return job.state == JobState::Waiting || job.state == JobState::Running;
    });
}

void JobQueue::post(std::function<void()> call) {
    QMetaObject::invokeMethod(this, std::move(call), Qt::QueuedConnection);
}

void JobQueue::end(qint64 id, JobState state, const QString& words) {
    if (Job* now = job(id)) {
        now->state = state;
        now->words = words;
        Q_EMIT changed(id);
        Q_EMIT over(id);
    }
}

// Passes progress on at most ten times a second.
JobTell JobQueue::tellOf(qint64 id) {
    using Clock = std::chrono::steady_clock;
    const auto told = std::make_shared<std::atomic<Clock::rep>>(0); // a job may tell from several threads
    JobTell tell;
    tell.progress = [this, id, told](const QString& words, qint64 done, qint64 total) {
        const Clock::rep now = Clock::now().time_since_epoch().count();
        if (Clock::duration(now - *told) < kTellEvery && done != total) {
            return;
        }
        *told = now;
        post([this, id, words, done, total] {
            if (Job* shown = job(id)) {
                shown->words = words;
                shown->done = done;
                shown->total = total;
                Q_EMIT changed(id);
                Q_EMIT grew(shown->file);
            }
        });
    };
    tell.run = [this, id](const QString& run) {
        post([this, id, run] {
            if (Job* now = job(id)) {
                now->run = run;
            }
        });
    };
    return tell;
}

void JobQueue::run(Task& task) {
    post([this, id = task.id] {
        if (Job* now = job(id)) {
            now->state = JobState::Running;
            now->words = tr("starting");
            Q_EMIT changed(id);
        }
    });
    JobState state = JobState::Done;
    QString words;
    try {
        words = task.work(tellOf(task.id), task.stop.get_token());
    } catch (const Error& error) {
        state = error.code() == ErrorCode::Cancelled ? JobState::Stopped : JobState::Failed;
        words = QString::fromUtf8(error.what());
    } catch (const std::exception& error) {
        state = JobState::Failed;
        words = QString::fromUtf8(error.what());
    }
    post([this, id = task.id, state, words] { end(id, state, words); });
}

void JobQueue::work(std::stop_token stop) {
    standBack(Background::Work);
    while (!stop.stop_requested()) {
        Task task;
        {
            std::unique_lock lock(m_mutex);
            m_running = 0;
            m_wake.wait(lock, stop, [this] { return !m_tasks.empty(); });
            if (stop.stop_requested()) {
                return;
            }
            task = std::move(m_tasks.front());
            m_tasks.pop_front();
            m_running = task.id;
            m_runningStop = task.stop;
        }
        run(task);
    }
}

} // namespace moescope
