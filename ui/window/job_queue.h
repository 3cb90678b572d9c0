#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include <QObject>
#include <QString>

namespace moescope {

enum class JobState { Waiting, Running, Done, Failed, Stopped };

// A job as the window shows it.
struct Job {
    qint64 id = 0;
    QString title;
    QString file; // the recording it writes to; empty: none
    QString page; // where what it makes is best looked at; empty: anywhere
    QString run;  // the run it made, once it is known
    JobState state = JobState::Waiting;
    QString words; // how far it is, what came of it, or what went wrong and how to mend it
    qint64 done = 0, total = 0;
};

// What a job tells while it works; callable from its thread.
struct JobTell {
    std::function<void(const QString& words, qint64 done, qint64 total)> progress;
    std::function<void(const QString& run)> run;
};

// Says in the end what came of it; throws Error.
using JobWork = std::function<QString(const JobTell& tell, std::stop_token stop)>;

// Works off jobs one after the other on a thread of its own, so that two never fight for cores or memory. Lives in the
// GUI thread; jobs that are still there when it goes are stopped.
class JobQueue : public QObject {
    Q_OBJECT
public:
    explicit JobQueue(QObject* parent = nullptr);
    ~JobQueue() override;

    qint64 add(const QString& title, const QString& file, JobWork work, const QString& page = {});
    void cancel(qint64 id);
    void remove(qint64 id); // one that is over
    const std::vector<Job>& jobs() const { return m_jobs; }
    const Job* find(qint64 id) const;
    bool isIdle() const;

Q_SIGNALS:
    void changed(qint64 id);
    void removed(qint64 id);
    void grew(const QString& file); // something new may be in it
    void over(qint64 id);

private:
    struct Task {
        qint64 id = 0;
        JobWork work;
        std::stop_source stop;
    };
    Job* job(qint64 id);
    void work(std::stop_token stop);
    void run(Task& task);
    JobTell tellOf(qint64 id);
    void post(std::function<void()> call);
    void end(qint64 id, JobState state, const QString& words);

    std::vector<Job> m_jobs; // GUI thread
    qint64 m_lastId = 0;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Task> m_tasks;       // guarded by m_mutex
    qint64 m_running = 0;           // guarded by m_mutex
    std::stop_source m_runningStop; // guarded by m_mutex
    std::jthread m_thread;
};

} // namespace moescope
