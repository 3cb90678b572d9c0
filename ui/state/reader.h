#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QString>

#include "app/service/recording.h"

namespace moescope {

// Asks a recording questions on a thread of its own and hands the answers to the GUI thread. Questions of one topic
// replace each other: only the latest is answered. Lives in the GUI thread.
class Reader : public QObject {
    Q_OBJECT
public:
    enum class Mode {
        OwnThread,
        AtOnce // answers within the call, on the caller's thread: for pictures without a window
    };

    Reader(const Recording& recording, Mode mode, QObject* parent = nullptr);
    ~Reader() override;

    // Result work(const Recording&, std::stop_token); void done(std::shared_ptr<const Result>) in the GUI thread,
    // not called once `receiver` is gone.
    template <class Work, class Done>
    void ask(const QString& topic, QObject* receiver, Work work, Done done);

    // work(const Recording&, std::stop_token, const std::function<void(std::shared_ptr<const Result>)>& deliver)
    // may deliver several parts, in order.
    template <class Result, class Work, class Done>
    void stream(const QString& topic, QObject* receiver, Work work, Done done);

    void cancel(const QString& topic);
    bool isIdle() const { return m_open == 0; }

Q_SIGNALS:
    void failed(const QString& topic, const QString& message);
    void idle();

private:
    using Job = std::function<void(const Recording&, std::stop_token)>;
    struct Task {
        QString topic;
        Job job;
        std::stop_source stop;
        qint64 ticket = 0;
    };

    qint64 submit(const QString& topic, Job job);
    const Recording& recording();
    void run(Task& task);
    void work(std::stop_token stop);
    void post(std::function<void()> call);
    bool isCurrent(const QString& topic, qint64 ticket) const { return m_tickets.value(topic) == ticket; }
    qint64 nextTicket() const { return m_lastTicket + 1; }

    Mode m_mode;
    std::filesystem::path m_file;
    std::unique_ptr<Recording> m_recording;   // of the thread that answers, from its first question on
    QHash<QString, qint64> m_tickets;         // GUI thread
    QHash<QString, std::stop_source> m_stops; // GUI thread
    qint64 m_lastTicket = 0;
    int m_open = 0;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Task> m_tasks; // guarded by m_mutex
    std::jthread m_thread;
};

template <class Result, class Work, class Done>
void Reader::stream(const QString& topic, QObject* receiver, Work work, Done done) {
    const QPointer<QObject> guard(receiver);
    const qint64 ticket = nextTicket();
    submit(topic, [this, topic, ticket, guard, work, done](const Recording& recording, std::stop_token stop) {
        const std::function<void(std::shared_ptr<const Result>)> deliver = [this, topic, ticket, guard,
                                                                            done](std::shared_ptr<const Result> part) {
            post([this, topic, ticket, guard, done, part = std::move(part)] {
                if (guard && isCurrent(topic, ticket)) {
                    done(part);
                }
            });
        };
        work(recording, stop, deliver);
    });
}

template <class Work, class Done>
void Reader::ask(const QString& topic, QObject* receiver, Work work, Done done) {
    using Result = std::decay_t<decltype(work(std::declval<const Recording&>(), std::stop_token()))>;
    stream<Result>(
        topic, receiver,
        [work](const Recording& recording, std::stop_token stop,
               const std::function<void(std::shared_ptr<const Result>)>& deliver) {
            deliver(std::make_shared<const Result>(work(recording, stop)));
        },
        done);
}

} // namespace moescope
