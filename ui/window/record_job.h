#pragma once

#include <functional>
#include <stop_token>
#include <thread>

#include <QElapsedTimer>
#include <QObject>
#include <QString>

#include "app/service/record_service.h"

namespace moescope {

// Whoever records: RecordService over the engine, or a stand-in. Throws Error.
using RecordWork = std::function<RecordSummary(const RecordRequest&, RecordObserver&, std::stop_token)>;

// One recording under way on a thread of its own; speaks in the GUI thread.
class RecordJob : public QObject {
    Q_OBJECT
public:
    RecordJob(RecordWork work, RecordRequest request, QObject* parent = nullptr);
    ~RecordJob() override; // cancels and waits

    void start();
    void cancel();
    bool isRunning() const { return m_running; }
    const RecordRequest& request() const { return m_request; }

Q_SIGNALS:
    void started(const QString& run);
    void progress(qint64 done, qint64 total, double tokensPerSecond);
    void finished(const QString& run, qint64 tokens, double seconds);
    void cancelled();
    void failed(const QString& message);

private:
    class Observer;
    void run(std::stop_token stop);

    RecordWork m_work;
    RecordRequest m_request;
    bool m_running = false;
    std::jthread m_thread;
};

} // namespace moescope
