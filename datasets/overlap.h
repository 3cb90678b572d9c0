// Finds and removes text that repeats any run of a reference text.
//
// A held-out text proves something only if the model has never seen it. OverlapIndex holds every window of
// `window` bytes (at every byte offset) of the reference texts; a training text that shares no window with it
// shares no run of that length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace moescope {

// A half-open range of byte offsets.
struct ByteRange {
    std::size_t begin = 0;
    std::size_t end = 0;
};

// Exact: a hash that matches is confirmed by comparing the bytes. Reading from several threads is safe once built.
class OverlapIndex {
public:
    // REQUIRES: window >= 1.
    explicit OverlapIndex(std::size_t window = 50);

    // Adds every window of `reference`. Windows never span two references. Call build() after the last one.
    void add(std::string_view reference);
    void build();

    [[nodiscard]] std::size_t window() const { return m_window; }
    [[nodiscard]] std::size_t windowCount() const { return m_offsets.size(); }

    // The parts of `text` covered by at least one reference window, merged and in order.
    [[nodiscard]] std::vector<ByteRange> find(std::string_view text) const;

    // `text` without its overlaps. Whole lines go, so that what stays reads naturally; in lines longer than
    // `longLine` bytes only the overlap goes, widened to white space or to whole UTF-8 characters. The result has no
    // overlap.
    [[nodiscard]] std::string strip(std::string_view text, std::size_t longLine = 400) const;

private:
    [[nodiscard]] bool contains(std::uint64_t hash, std::string_view candidate) const;
    [[nodiscard]] std::uint64_t hashOf(std::string_view bytes) const;
    [[nodiscard]] std::uint64_t roll(std::uint64_t hash, char leaving, char entering) const;

    std::size_t m_window;
    std::uint64_t m_leadingPower = 1; // base^(window-1), takes the leaving byte out of a rolling hash
    std::string m_text;
    std::vector<std::uint32_t> m_offsets;  // start of each distinct window in m_text
    std::vector<std::uint32_t> m_table;    // open addressing: 1 + index into m_offsets, 0 = free
    std::vector<std::uint64_t> m_presence; // one bit per hash prefix: rejects nearly every foreign window at once
    int m_tableShift = 0;
};

} // namespace moescope
