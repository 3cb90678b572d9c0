#pragma once

#include <atomic>
#include <stop_token>
#include <thread>

namespace moescope::cli {

// Turns Ctrl-C (and SIGTERM) into a stop request while it lives; a second one ends the program at once. Construct it
// before any other thread: threads inherit the blocked signals, so only the waiting one receives them.
class Interrupt {
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    std::stop_token token() const { return m_stop.get_token(); }

private:
    void wait();

    std::stop_source m_stop;
    std::atomic<bool> m_finished = false;
    std::thread m_waiter;
};

} // namespace moescope::cli
