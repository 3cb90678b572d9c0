#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <span>
#include <thread>
#include <unordered_map>

namespace moescope {

// Reads the weights of a model larger than memory from disk in a thread of its own, in the order in which they will be
// needed, so that threads that compute neither wait for the disk nor take page faults. Ranges are those of mapped
// files, known by where they begin. Called from any thread.
class ReadAhead {
public:
    using Bytes = std::span<const std::byte>;

    // At most `budget` bytes lie there read and not yet used, or one range if that is larger.
    explicit ReadAhead(std::int64_t budget);
    ~ReadAhead();
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;

    // These bytes will be needed, behind what is expected already; what is known stays where it is.
    void expect(Bytes bytes);
    // Waits until expected bytes are in memory; returns at once for others, which come as they are touched.
    void await(Bytes bytes);
    bool isKnown(Bytes bytes);
    // The bytes are used, or will not be needed after all.
    void finish(Bytes bytes);
    // Nothing is expected any more.
    void clear();

private:
    enum class State : std::uint8_t { Expected, Reading, Read };
    struct Range {
        State state;
        std::size_t size;
    };

    void read(const std::stop_token& stop);
    bool mayRead() const;

    const std::int64_t m_budget;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Bytes> m_order; // expected, not read
    std::unordered_map<const std::byte*, Range> m_known;
    std::int64_t m_unused = 0; // bytes read, or being read, and not used
    int m_waiting = 0;
    std::jthread m_thread; // last: ends before what it uses
};

} // namespace moescope
