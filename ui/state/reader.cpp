#include "ui/state/reader.h"

#include <exception>

#include "engine/routing/error.h"
#include "ui/state/background_thread.h"

namespace moescope {

Reader::Reader(const Recording& recording, Mode mode, QObject* parent)
    : QObject(parent), m_mode(mode), m_file(recording.file()) {
    if (mode == Mode::OwnThread) {
        m_thread = std::jthread([this](std::stop_token stop) { work(std::move(stop)); });
    }
}

Reader::~Reader() {
    for (std::stop_source& stop : m_stops) {
        stop.request_stop();
    }
    m_thread.request_stop();
    m_wake.notify_all();
}

void Reader::cancel(const QString& topic) {
    m_tickets[topic] = ++m_lastTicket;
    if (const auto stop = m_stops.find(topic); stop != m_stops.end()) {
        stop->request_stop();
    }
}

qint64 Reader::submit(const QString& topic, Job job) {
    cancel(topic);
    const qint64 ticket = m_lastTicket;
    Task task{topic, std::move(job), {}, ticket};
    m_stops[topic] = task.stop;
    ++m_open;
    if (m_mode == Mode::AtOnce) {
        run(task);
        return ticket;
    }
    {
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_tasks, [this, &topic](const Task& waiting) {
            const bool replaced = waiting.topic == topic;
            m_open -= replaced ? 1 : 0;
            return replaced;
        });
        m_tasks.push_back(std::move(task));
    }
    m_wake.notify_all();
    return ticket;
}

void Reader::post(std::function<void()> call) {
    if (m_mode == Mode::AtOnce) {
        call();
    } else {
        QMetaObject::invokeMethod(this, std::move(call), Qt::QueuedConnection);
    }
}

// Opening may wait for the disk, so it is done where the questions are answered.
const Recording& Reader::recording() {
    if (!m_recording) {
        m_recording = Recording::open(m_file);
    }
    return *m_recording;
}

void Reader::run(Task& task) {
    QString message;
    try {
        if (!task.stop.stop_requested()) {
            task.job(recording(), task.stop.get_token());
        }
    } catch (const Error& error) {
        message = error.code() == ErrorCode::Cancelled ? QString() : QString::fromUtf8(error.what());
    } catch (const std::exception& error) {
        message = QString::fromUtf8(error.what());
    }
    post([this, topic = task.topic, ticket = task.ticket, message] {
        --m_open;
        if (!message.isEmpty() && isCurrent(topic, ticket)) {
            Q_EMIT failed(topic, message);
        }
        if (isIdle()) {
            Q_EMIT idle();
        }
    });
}

void Reader::work(std::stop_token stop) {
    standBack(Background::Reading);
    while (!stop.stop_requested()) {
        Task task;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, stop, [this] { return !m_tasks.empty(); });
            if (stop.stop_requested()) {
                return;
            }
            task = std::move(m_tasks.front());
            m_tasks.pop_front();
        }
        run(task);
    }
}

} // namespace moescope
