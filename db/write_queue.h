#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>

#include "db/write_message.h"

namespace moescope::sqlite {

// Messages from the engine's thread to the writer's, bounded in bytes.
class WriteQueue {
public:
    explicit WriteQueue(std::size_t maxBytes) : m_maxBytes(maxBytes) {}

    // Engine's side. push waits while the queue is full; all three rethrow what the writer failed with.
    void push(WriteMessage message, std::size_t bytes);
    Buffer takeBuffer(std::size_t bytes);
    void drain(); // until everything pushed is done
    void close(); // no more messages

    // Writer's side. Nothing within the time, or closed and empty: no message.
    std::unique_ptr<WriteMessage> pop(std::chrono::milliseconds wait);
    void done(); // the message popped last has been worked off
    void giveBuffer(Buffer buffer);
    void fail(std::exception_ptr error); // drops what is queued
    bool finished() const;               // closed and empty

private:
    void rethrow() const;

    struct Entry {
        std::unique_ptr<WriteMessage> message;
        std::size_t bytes;
    };
    const std::size_t m_maxBytes;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Entry> m_entries;
    std::deque<Buffer> m_free;
    std::size_t m_bytes = 0; // queued or being worked off
    std::size_t m_current = 0;
    bool m_busy = false;
    bool m_closed = false;
    std::exception_ptr m_error;
};

} // namespace moescope::sqlite
