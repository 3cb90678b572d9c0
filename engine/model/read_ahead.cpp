#include "engine/model/read_ahead.h"

#include "engine/checkpoint/mapped_file.h"

namespace moescope {

ReadAhead::ReadAhead(std::int64_t budget)
    : m_budget(budget), m_thread([this](const std::stop_token& stop) { read(stop); }) {}

ReadAhead::~ReadAhead() = default;

void ReadAhead::expect(Bytes bytes) {
    if (bytes.empty())
        return;
    const std::scoped_lock lock(m_mutex);
    if (!m_known.emplace(bytes.data(), Range{State::Expected, bytes.size()}).second)
        return;
    m_order.push_back(bytes);
    m_changed.notify_all();
}

void ReadAhead::await(Bytes bytes) {
    std::unique_lock lock(m_mutex);
    const auto isThere = [&] {
        const auto range = m_known.find(bytes.data());
        return range == m_known.end() || range->second.state == State::Read;
    };
    if (isThere())
        return;
    ++m_waiting;
    m_changed.notify_all();
    m_changed.wait(lock, isThere);
    --m_waiting;
}

bool ReadAhead::isKnown(Bytes bytes) {
    const std::scoped_lock lock(m_mutex);
    return m_known.contains(bytes.data());
}

void ReadAhead::finish(Bytes bytes) {
    const std::scoped_lock lock(m_mutex);
    const auto range = m_known.find(bytes.data());
    if (range == m_known.end())
        return;
    if (range->second.state != State::Expected)
        m_unused -= std::int64_t(range->second.size);
    m_known.erase(range);
    m_changed.notify_all();
}

void ReadAhead::clear() {
    const std::scoped_lock lock(m_mutex);
    m_order.clear();
    m_known.clear();
    m_unused = 0;
    m_changed.notify_all();
}

// Room is made by those who use what is there; where somebody waits for what is not, the order was another one.
bool ReadAhead::mayRead() const {
    return !m_order.empty() &&
           (m_unused == 0 || m_waiting > 0 || m_unused + std::int64_t(m_order.front().size()) <= m_budget);
}

void ReadAhead::read(const std::stop_token& stop) {
    std::unique_lock lock(m_mutex);
    while (m_changed.wait(lock, stop, [this] { return mayRead(); })) {
        const Bytes bytes = m_order.front();
        m_order.pop_front();
        const auto range = m_known.find(bytes.data());
        if (range == m_known.end() || range->second.state != State::Expected)
            continue; // not needed after all
        range->second.state = State::Reading;
        m_unused += std::int64_t(bytes.size());
        const Bytes next = mayRead() ? m_order.front() : Bytes();
        lock.unlock();
        MappedFile::readAhead(bytes);
        MappedFile::readAhead(next); // the disk has work while these pages are mapped
        MappedFile::populate(bytes);
        lock.lock();
        if (const auto done = m_known.find(bytes.data()); done != m_known.end())
            done->second.state = State::Read;
        m_changed.notify_all();
    }
}

} // namespace moescope
