#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace moescope::bench {

using Clock = std::chrono::steady_clock;

inline double msSince(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

// What a window showed at a time: one value a pixel, rows of the window's width.
struct Frame {
    Clock::time_point at;
    std::vector<std::uint32_t> pixels;
};

// Another program's window, seen and served as a person at the display would: pictures when they are drawn, keys, the
// wheel, and questions that only its event loop answers (_NET_WM_PING). One thread.
class XDisplay {
public:
    XDisplay(); // throws Error(NotFound) without a display
    ~XDisplay();

    // Waits for the process' window to be mapped, follows what it draws and gives it the keyboard.
    bool follow(int pid, std::chrono::milliseconds most);
    int width() const;
    int height() const;

    void key(std::uint32_t keysym, std::vector<std::uint32_t> modifiers = {});
    void wheel(int x, int y, bool down);
    void click(int x, int y);

    // Takes in what happened until `done` or the time is over; asks the event loop again and again meanwhile.
    bool pump(
        std::chrono::milliseconds most, const std::function<bool()>& done = [] { return false; });
    // From `begin` to the last picture of what the window is at work on now; it has pictures to draw, and restart()
    // was called before.
    double untilDrawn(Clock::time_point begin, std::chrono::milliseconds most);
    // Until nothing was drawn for `quiet`.
    void settle(std::chrono::milliseconds quiet, std::chrono::milliseconds most);

    // Pictures are kept (or only counted) since the last restart.
    void restart(bool keepPictures);
    const std::vector<Frame>& frames() const;
    double worstAnswer(); // of the event loop, milliseconds, since it was asked last; an open question counts

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace moescope::bench
