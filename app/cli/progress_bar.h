#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "app/cli/command_context.h"

namespace moescope::cli {

// A one-line progress bar on stderr with rate and time left, drawn only on a terminal. Where stderr is no terminal,
// `--verbose` prints a line every few seconds instead.
class ProgressBar {
public:
    ProgressBar(std::string title, std::string unit, const CommandContext& context);
    ~ProgressBar(); // ends the line

    // `skipped` of the `done` units were there before this program started (a resumed run): not part of the rate.
    void update(std::int64_t done, std::int64_t total, std::int64_t skipped = 0, const std::string& note = {});
    // A line for the reader; the bar is redrawn below it at the next update.
    void message(const std::string& line);

private:
    using Clock = std::chrono::steady_clock;
    void draw(const std::string& line);
    void clear();

    std::string m_title;
    std::string m_unit;
    bool m_terminal;
    bool m_lines;
    bool m_quiet;
    bool m_drawn = false;
    Clock::time_point m_start = Clock::now();
    Clock::time_point m_last;
};

// The text of the bar, apart from the terminal: "record  42% [####------] 1,234/3,000 tokens  412 tokens/s  0:04 left".
std::string progressLine(const std::string& title, const std::string& unit, std::int64_t done, std::int64_t total,
                         std::int64_t skipped, double seconds);

// 1234567 as "1,234,567".
std::string grouped(std::int64_t value);

} // namespace moescope::cli
