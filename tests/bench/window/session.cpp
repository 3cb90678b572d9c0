#include "tests/bench/window/session.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>

namespace moescope::bench {

namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t kControl = 0xffe3, kRight = 0xff53, kLeft = 0xff51;
constexpr double kMost = 0.75; // of what changes: a picture, if not the last word
constexpr double kLoopLimit = 50;
constexpr std::array kPages{"overview", "load",    "specialization", "tokens",  "capacity",
                            "flow",     "compare", "training",       "dossier", "sql"};

double mean(const std::vector<double>& values) {
    return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

double worst(const std::vector<double>& values) {
    return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

} // namespace

PictureTimes pictureTimes(const std::vector<Frame>& frames, Clock::time_point begin) {
    PictureTimes times;
    if (frames.size() < 2) {
        return times;
    }
    const auto &before = frames.front().pixels, &after = frames.back().pixels;
    std::vector<std::size_t> changed;
    for (std::size_t i = 0; i < after.size(); ++i) {
        if (before[i] != after[i]) {
            changed.push_back(i);
        }
    }
    for (const Frame& frame : frames) {
        const auto right =
            std::count_if(changed.begin(), changed.end(), [&](std::size_t i) { return frame.pixels[i] == after[i]; });
        const double ms = std::chrono::duration<double, std::milli>(frame.at - begin).count();
        if (times.first == 0 && double(right) >= kMost * double(changed.size())) {
            times.first = ms;
        }
        if (std::size_t(right) == changed.size() && times.whole == 0) {
            times.whole = ms;
        } else if (std::size_t(right) < changed.size()) {
            times.whole = 0;
        }
    }
    return times;
}

void Session::waitUntilRead() {
    const auto begin = Clock::now();
    do {
        m_display.settle(milliseconds(250), milliseconds(700)); // a job's progress is drawn all the time
    } while (m_program.ask("busy") == "1" && msSince(begin) < 4000);
}

PictureTimes Session::showPage(int number) {
    m_display.restart(true);
    const auto begin = Clock::now();
    m_display.key('0' + std::uint32_t((number + 1) % 10), {kControl});
    waitUntilRead();
    return pictureTimes(m_display.frames(), begin);
}

void Session::visitPages() {
    for (const bool cold : {true, false}) {
        for (std::size_t i = 1; i <= kPages.size(); ++i) { // the first is on view
            const std::size_t page = i % kPages.size();
            const PictureTimes times = showPage(int(page));
            const std::string name = std::string(kPages[page]) + (cold && page != 0 ? ", cold" : ", warm");
            m_figures.atMost(name + ", first picture", times.first, cold ? 600 : 150);
            m_figures.note(name + ", whole", times.whole);
            noteLoop(name);
        }
    }
}

bool Session::place(const char* what, int& x, int& y) {
    int width = 0, height = 0;
    if (std::sscanf(m_program.ask(what).c_str(), "%d %d %d %d", &x, &y, &width, &height) != 4) {
        return false;
    }
    x += width / 2;
    y += height / 2;
    return true;
}

std::vector<double> Session::stepSlider(int steps, bool rest, std::vector<double>* exact) {
    std::vector<double> times;
    for (int i = 0; i < steps; ++i) {
        m_display.restart(false);
        const auto begin = Clock::now();
        m_display.key(i < steps / 2 ? kRight : kLeft);
        times.push_back(m_display.untilDrawn(begin, milliseconds(2000)));
        if (rest) {
            waitUntilRead();
            exact->push_back(
                m_display.frames().empty()
                    ? 0
                    : std::chrono::duration<double, std::milli>(m_display.frames().back().at - begin).count());
        }
    }
    return times;
}

void Session::moveSlider() {
    showPage(4);
    int x = 0, y = 0;
    if (!place("where slider", x, y)) {
        return;
    }
    m_display.restart(false);
    m_display.click(x, y);
    waitUntilRead();
    m_display.worstAnswer();
    const std::vector<double> drop = stepSlider(40, false, nullptr);
    m_figures.atMost("capacity slider, drop, mean of a step", mean(drop), 33);
    m_figures.atMost("capacity slider, drop, slowest step", worst(drop), 33);
    noteLoop("capacity slider, drop");
    for (const auto& [number, name] : {std::pair(1, "priority"), std::pair(3, "next")}) {
        m_program.ask("policy " + std::to_string(number));
        waitUntilRead();
        m_display.worstAnswer();
        std::vector<double> exact;
        const std::vector<double> first = stepSlider(6, true, &exact);
        m_figures.atMost(std::string("capacity slider, ") + name + ", first answer", worst(first), 100);
        m_figures.atMost(std::string("capacity slider, ") + name + ", exact", worst(exact), 500);
        noteLoop(std::string("capacity slider, ") + name);
    }
    m_program.ask("policy 0");
    waitUntilRead();
}

void Session::scrollText() {
    showPage(3);
    int x = 0, y = 0;
    if (!place("where text", x, y)) {
        return;
    }
    m_display.worstAnswer();
    std::vector<double> times;
    constexpr int kSteps = 180;
    for (int i = 0; i < kSteps; ++i) {
        m_display.restart(false);
        const auto step = Clock::now();
        m_display.wheel(x, y, true);
        times.push_back(m_display.untilDrawn(step, milliseconds(500)));
    }
    m_figures.atLeast("tokens, scrolled pictures a second",
                      kSteps * 1000 / std::accumulate(times.begin(), times.end(), 0.0), 60, "1/s");
    std::sort(times.begin(), times.end());
    m_figures.atMost("tokens, 95 of 100 scroll steps", times[times.size() * 95 / 100], 1000.0 / 60);
    m_figures.note("tokens, slowest scroll step", times.back());
    noteLoop("tokens, scrolling");
}

void Session::openOther(const std::string& recording) {
    showPage(0);
    m_display.restart(true);
    const auto begin = Clock::now();
    m_program.ask("open " + recording);
    waitUntilRead();
    const PictureTimes times = pictureTimes(m_display.frames(), begin);
    m_figures.atMost("open another file, first picture", times.first, 300);
    m_figures.note("open another file, whole", times.whole);
    noteLoop("open another file");
}

void Session::noteMemory() {
    m_figures.atMost("resident memory", m_program.resident(), 400, "MB");
    m_figures.note("resident memory without pages of files", m_program.residentOwn(), "MB");
}

void Session::noteLoop(const std::string& when) {
    m_figures.atMost(when + ", event loop blocked", m_display.worstAnswer(), kLoopLimit);
}

} // namespace moescope::bench
