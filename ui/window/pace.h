#pragma once

#include <chrono>
#include <cstdint>

namespace moescope {

// How long work will still take, from how long its last parts took: a running mean that forgets, so that a slow start
// or other work on the machine does not stay in it.
class Pace {
public:
    // Told of every step; -1 before the second. `done` may jump where a part was there already.
    double secondsLeft(std::int64_t done, std::int64_t total) {
        const Clock::time_point now = Clock::now();
        if (done == m_done + 1) {
            const double seconds = std::chrono::duration<double>(now - m_at).count();
            m_step = m_step < 0 ? seconds : m_step + kNew * (seconds - m_step);
        }
        m_done = done;
        m_at = now;
        return m_step < 0 ? -1 : m_step * double(total - done);
    }

private:
    using Clock = std::chrono::steady_clock;
    static constexpr double kNew = 0.1; // weight of the last step

    Clock::time_point m_at;
    std::int64_t m_done = -2; // none yet
    double m_step = -1;       // seconds
};

} // namespace moescope
