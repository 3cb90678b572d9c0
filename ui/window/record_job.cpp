#include "ui/window/record_job.h"

#include <chrono>
#include <exception>

#include "engine/routing/error.h"
#include "ui/state/background_thread.h"

namespace moescope {

// Passes progress on at most ten times a second.
class RecordJob::Observer : public RecordObserver {
public:
    explicit Observer(RecordJob& job) : m_job(job) {}

    void started(const std::string& run, const RecordProgress& now) override {
        m_begin = Clock::now();
        m_resumed = now.done;
        Q_EMIT m_job.started(QString::fromStdString(run));
        tell(now);
    }
    void progress(const RecordProgress& now) override {
        if (Clock::now() - m_told > std::chrono::milliseconds(100) || now.done == now.total) {
            tell(now);
        }
    }

private:
    using Clock = std::chrono::steady_clock;
    void tell(const RecordProgress& now) {
        m_told = Clock::now();
        const double seconds = std::chrono::duration<double>(m_told - m_begin).count();
        const double rate = seconds > 0 ? double(now.done - m_resumed) / seconds : 0;
        Q_EMIT m_job.progress(now.done, now.total, rate);
    }

    RecordJob& m_job;
    Clock::time_point m_begin = Clock::now(), m_told;
    std::int64_t m_resumed = 0;
};

RecordJob::RecordJob(RecordWork work, RecordRequest request, QObject* parent)
    : QObject(parent), m_work(std::move(work)), m_request(std::move(request)) {}

RecordJob::~RecordJob() {
    cancel();
}

void RecordJob::start() {
    m_running = true;
    m_thread = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

void RecordJob::cancel() {
    m_thread.request_stop();
}

void RecordJob::run(std::stop_token stop) {
    standBack(Background::Work);
    std::function<void()> outcome;
    try {
        Observer observer(*this);
        const RecordSummary summary = m_work(m_request, observer, stop);
        outcome = [this, summary] {
            Q_EMIT finished(QString::fromStdString(summary.run), summary.tokens, summary.seconds);
        };
    } catch (const Error& error) {
        const bool stopped = error.code() == ErrorCode::Cancelled;
        const QString message = QString::fromUtf8(error.what());
        outcome = [this, stopped, message] { stopped ? Q_EMIT cancelled() : Q_EMIT failed(message); };
    } catch (const std::exception& error) {
        const QString message = QString::fromUtf8(error.what());
        outcome = [this, message] { Q_EMIT failed(message); };
    }
    QMetaObject::invokeMethod(
        this,
        [this, outcome] {
            m_running = false;
            outcome();
        },
        Qt::QueuedConnection);
}

} // namespace moescope
