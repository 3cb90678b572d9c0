#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <stop_token>
#include <utility>

namespace moescope::sqlite {

// Batches on their way from a thread that fills them to one that uses them, so that both work at once. There are
// `count` of them; a used one goes back and is filled again.
template <class Batch, std::size_t count>
class BatchPipe {
public:
    // The filling thread. Waits for a batch to fill; null once `stop` is requested: nobody wants more.
    Batch* next(const std::stop_token& stop) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, stop, [this] { return m_sent - m_returned < count; });
        return stop.stop_requested() ? nullptr : &m_batches[m_sent % count];
    }
    void send() { // the batch that next() gave
        const std::lock_guard lock(m_mutex);
        ++m_sent;
        m_changed.notify_all();
    }
    void close(std::exception_ptr failure) { // null: all is sent
        const std::lock_guard lock(m_mutex);
        m_failure = std::move(failure);
        m_isClosed = true;
        m_changed.notify_all();
    }

    // The using thread. Waits for the next batch; null when there is none. Throws what the filling failed with.
    const Batch* take() {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_sent > m_returned || m_isClosed; });
        if (m_sent > m_returned)
            return &m_batches[m_returned % count];
        if (m_failure)
            std::rethrow_exception(m_failure);
        return nullptr;
    }
    void giveBack() { // the batch that take() gave
        const std::lock_guard lock(m_mutex);
        ++m_returned;
        m_changed.notify_all();
    }

private:
    std::array<Batch, count> m_batches;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::size_t m_sent = 0; // batches so far
    std::size_t m_returned = 0;
    bool m_isClosed = false;
    std::exception_ptr m_failure;
};

} // namespace moescope::sqlite
