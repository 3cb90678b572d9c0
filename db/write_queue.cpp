#include "db/write_queue.h"

namespace moescope::sqlite {

namespace {

constexpr std::size_t kMessageBytes = 256; // counted for every message on top of its data

}

void WriteQueue::rethrow() const {
    if (m_error) {
        std::rethrow_exception(m_error);
    }
}

void WriteQueue::push(WriteMessage message, std::size_t bytes) {
    bytes += kMessageBytes;
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_error || m_bytes == 0 || m_bytes + bytes <= m_maxBytes; });
    rethrow();
    m_entries.push_back({std::make_unique<WriteMessage>(std::move(message)), bytes});
    m_bytes += bytes;
    m_changed.notify_all();
}

Buffer WriteQueue::takeBuffer(std::size_t bytes) {
    Buffer buffer;
    {
        const std::lock_guard lock(m_mutex);
        rethrow();
        if (!m_free.empty()) {
            buffer = std::move(m_free.back());
            m_free.pop_back();
        }
    }
    if (buffer.capacity < bytes) {
        buffer.bytes = std::make_unique_for_overwrite<std::byte[]>(bytes);
        buffer.capacity = bytes;
    }
    return buffer;
}

void WriteQueue::drain() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_error || (m_entries.empty() && !m_busy); });
    rethrow();
}

void WriteQueue::close() {
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    m_changed.notify_all();
}

std::unique_ptr<WriteMessage> WriteQueue::pop(std::chrono::milliseconds wait) {
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, wait, [&] { return m_closed || !m_entries.empty(); });
    if (m_entries.empty()) {
        return nullptr;
    }
    auto message = std::move(m_entries.front().message);
    m_current = m_entries.front().bytes;
    m_entries.pop_front();
    m_busy = true;
    return message;
}

void WriteQueue::done() {
    const std::lock_guard lock(m_mutex);
    m_bytes -= m_current;
    m_current = 0;
    m_busy = false;
    m_changed.notify_all();
}

// Buffers differ in size between layers; a handful is enough for the queue to breathe.
void WriteQueue::giveBuffer(Buffer buffer) {
    constexpr std::size_t kKept = 64;
    const std::lock_guard lock(m_mutex);
    if (m_free.size() < kKept) {
        m_free.push_back(std::move(buffer));
    }
}

void WriteQueue::fail(std::exception_ptr error) {
    const std::lock_guard lock(m_mutex);
    m_error = std::move(error);
    m_entries.clear();
    m_busy = false;
    m_changed.notify_all();
}

bool WriteQueue::finished() const {
    const std::lock_guard lock(m_mutex);
    return m_closed && m_entries.empty();
}

} // namespace moescope::sqlite
