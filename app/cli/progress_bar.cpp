#include "app/cli/progress_bar.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

namespace moescope::cli {

namespace {

constexpr int kBarWidth = 24;
constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr auto kLineEvery = std::chrono::seconds(5);

std::string clockTime(double seconds) {
    const std::int64_t whole = std::llround(seconds);
    if (whole >= 3600)
        return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string rateText(double rate) {
    return rate >= 100 ? grouped(std::llround(rate)) : fmt::format("{:.1f}", rate);
}

} // namespace

std::string grouped(std::int64_t value) {
    std::string digits = std::to_string(value);
    const std::size_t first = value < 0 ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

std::string progressLine(const std::string& title, const std::string& unit, std::int64_t done, std::int64_t total,
                         std::int64_t skipped, double seconds) {
    const double share = total > 0 ? std::clamp(double(done) / double(total), 0.0, 1.0) : 0.0;
    const int filled = static_cast<int>(share * kBarWidth);
    std::string line = fmt::format(
        "{} {:3.0f}% [{}{}] {}/{} {}", title, std::floor(share * 100), std::string(std::size_t(filled), '#'),
        std::string(std::size_t(kBarWidth - filled), '-'), grouped(done), grouped(total), unit);
    const auto worked = double(done - skipped);
    if (seconds <= 0 || worked <= 0)
        return line;
    const double rate = worked / seconds;
    return line + fmt::format("  {} {}/s  {} left", rateText(rate), unit, clockTime(double(total - done) / rate));
}

ProgressBar::ProgressBar(std::string title, std::string unit, const CommandContext& context)
    : m_title(std::move(title)), m_unit(std::move(unit)),
      m_terminal(isatty(STDERR_FILENO) == 1 && context.verbosity != Verbosity::Quiet),
      m_lines(!m_terminal && context.verbosity == Verbosity::Verbose), m_quiet(context.verbosity == Verbosity::Quiet) {}

ProgressBar::~ProgressBar() {
    if (m_drawn)
        std::fputc('\n', stderr);
}

void ProgressBar::update(std::int64_t done, std::int64_t total, std::int64_t skipped, const std::string& note) {
    const auto now = Clock::now();
    const auto pause = m_terminal ? Clock::duration(kRedraw) : Clock::duration(kLineEvery);
    const bool due = m_last == Clock::time_point{} || now - m_last >= pause || done == total;
    if (!(m_terminal || m_lines) || !due)
        return;
    m_last = now;
    const double seconds = std::chrono::duration<double>(now - m_start).count();
    std::string line = progressLine(m_title, m_unit, done, total, skipped, seconds);
    draw(note.empty() ? line : line + "  " + note);
}

void ProgressBar::message(const std::string& line) {
    if (m_quiet)
        return;
    clear();
    std::fprintf(stderr, "%s\n", line.c_str());
}

void ProgressBar::draw(const std::string& line) {
    if (m_lines) {
        std::fprintf(stderr, "%s\n", line.c_str());
        return;
    }
    std::fprintf(stderr, "\r\033[K%s", line.c_str());
    std::fflush(stderr);
    m_drawn = true;
}

void ProgressBar::clear() {
    if (m_drawn)
        std::fputs("\r\033[K", stderr);
    m_drawn = false;
}

} // namespace moescope::cli
