#include "datasets/overlap.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace moescope {
namespace {

constexpr std::uint64_t kBase = 0x9E3779B97F4A7C15ULL; // odd, so that rolling modulo 2^64 loses no low bits
constexpr int kPresenceBits = 25;                      // 4 MiB: small beside the cache, sparse beside the windows

std::uint64_t byteOf(char c) {
    return static_cast<unsigned char>(c) + 1ULL;
}

// Spreads a polynomial hash over the high bits, which tables take their index from.
std::uint64_t mix(std::uint64_t hash) {
    hash ^= hash >> 32;
    hash *= 0xD6E8FEB86659FD93ULL;
    hash ^= hash >> 32;
    return hash * 0xD6E8FEB86659FD93ULL;
}

bool isContinuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

bool isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\t';
}

// A place in a long line to cut at: white space if some is near, else the edge of a UTF-8 character.
constexpr std::size_t kNear = 64;

std::size_t cutBefore(std::string_view text, std::size_t position, std::size_t lowest) {
    const std::size_t limit = position > lowest + kNear ? position - kNear : lowest;
    for (std::size_t p = position; p > limit; --p) {
        if (isSpace(text[p - 1])) {
            return p;
        }
    }
    while (position > lowest && position < text.size() && isContinuation(text[position])) {
        --position;
    }
    return position;
}

std::size_t cutAfter(std::string_view text, std::size_t position, std::size_t highest) {
    const std::size_t limit = std::min(highest, position + kNear);
    for (std::size_t p = position; p < limit; ++p) {
        if (isSpace(text[p])) {
            return p;
        }
    }
    while (position < highest && isContinuation(text[position])) {
        ++position;
    }
    return position;
}

// The lines a range touches, or the range widened inside lines too long to lose whole.
ByteRange widen(std::string_view text, ByteRange range, std::size_t longLine) {
    const std::size_t previous = range.begin == 0 ? std::string_view::npos : text.rfind('\n', range.begin - 1);
    const std::size_t first = previous == std::string_view::npos ? 0 : previous + 1;
    const std::size_t firstEnd = std::min(text.find('\n', range.begin), text.size());
    const std::size_t next = text.find('\n', range.end - 1);
    const std::size_t last = next == std::string_view::npos ? text.size() : next + 1;
    const std::size_t before = text.rfind('\n', range.end - 1);
    const std::size_t lastBegin = before == std::string_view::npos ? 0 : before + 1;
    ByteRange wide;
    wide.begin = firstEnd - first <= longLine ? first : cutBefore(text, range.begin, first);
    wide.end = last - lastBegin <= longLine + 1 ? last : cutAfter(text, range.end, last);
    return wide;
}

std::string removeOnce(std::string_view text, std::span<const ByteRange> overlaps, std::size_t longLine) {
    std::string kept;
    kept.reserve(text.size());
    std::size_t position = 0;
    for (const ByteRange overlap : overlaps) {
        const ByteRange cut = widen(text, overlap, longLine);
        if (cut.begin > position) {
            kept.append(text.substr(position, cut.begin - position));
        }
        position = std::max(position, cut.end);
        // A cut inside a line ends it: the two halves were not neighbours.
        if (!kept.empty() && kept.back() != '\n') {
            kept.push_back('\n');
        }
    }
    kept.append(text.substr(std::min(position, text.size())));
    return kept;
}

} // namespace

OverlapIndex::OverlapIndex(std::size_t window) : m_window(window) {
    if (window == 0) {
        throw std::invalid_argument("overlap window must be at least 1 byte");
    }
    for (std::size_t i = 1; i < window; ++i) {
        m_leadingPower *= kBase;
    }
}

std::uint64_t OverlapIndex::hashOf(std::string_view bytes) const {
    std::uint64_t hash = 0;
    for (const char c : bytes) {
        hash = hash * kBase + byteOf(c);
    }
    return hash;
}

std::uint64_t OverlapIndex::roll(std::uint64_t hash, char leaving, char entering) const {
    return (hash - byteOf(leaving) * m_leadingPower) * kBase + byteOf(entering);
}

void OverlapIndex::add(std::string_view reference) {
    const std::size_t start = m_text.size();
    m_text.append(reference);
    for (std::size_t i = 0; i + m_window <= reference.size(); ++i) {
        m_offsets.push_back(static_cast<std::uint32_t>(start + i));
    }
}

void OverlapIndex::build() {
    const std::size_t capacity = std::bit_ceil(std::max<std::size_t>(16, m_offsets.size() * 2));
    m_tableShift = 64 - std::countr_zero(capacity);
    m_table.assign(capacity, 0);
    m_presence.assign(std::size_t{1} << (kPresenceBits - 6), 0);
    std::vector<std::uint32_t> distinct;
    const std::vector<std::uint32_t> all = std::move(m_offsets);
    m_offsets.clear();
    for (const std::uint32_t offset : all) {
        const std::string_view bytes(m_text.data() + offset, m_window);
        const std::uint64_t hash = mix(hashOf(bytes));
        if (contains(hash, bytes)) {
            continue;
        }
        const std::uint64_t bit = hash >> (64 - kPresenceBits);
        m_presence[bit >> 6U] |= 1ULL << (bit & 63U);
        std::size_t slot = hash >> m_tableShift;
        while (m_table[slot] != 0) {
            slot = (slot + 1) & (m_table.size() - 1);
        }
        m_offsets.push_back(offset);
        m_table[slot] = static_cast<std::uint32_t>(m_offsets.size());
    }
}

bool OverlapIndex::contains(std::uint64_t hash, std::string_view candidate) const {
    const std::uint64_t bit = hash >> (64 - kPresenceBits);
    if ((m_presence[bit >> 6U] >> (bit & 63U) & 1U) == 0) {
        return false;
    }
    for (std::size_t slot = hash >> m_tableShift; m_table[slot] != 0; slot = (slot + 1) & (m_table.size() - 1)) {
        if (std::string_view(m_text.data() + m_offsets[m_table[slot] - 1], m_window) == candidate) {
            return true;
        }
    }
    return false;
}

std::vector<ByteRange> OverlapIndex::find(std::string_view text) const {
    std::vector<ByteRange> ranges;
    if (text.size() < m_window || m_table.empty()) {
        return ranges;
    }
    std::uint64_t hash = hashOf(text.substr(0, m_window));
    for (std::size_t begin = 0;; ++begin) {
        if (contains(mix(hash), text.substr(begin, m_window))) {
            if (!ranges.empty() && begin <= ranges.back().end) {
                ranges.back().end = begin + m_window;
            } else {
                ranges.push_back({begin, begin + m_window});
            }
        }
        if (begin + m_window >= text.size()) {
            return ranges;
        }
        hash = roll(hash, text[begin], text[begin + m_window]);
    }
}

std::string OverlapIndex::strip(std::string_view text, std::size_t longLine) const {
    std::string kept(text);
    // What a cut brings together may overlap anew; every round removes at least a window, so this ends.
    for (std::vector<ByteRange> overlaps = find(kept); !overlaps.empty(); overlaps = find(kept)) {
        kept = removeOnce(kept, overlaps, longLine);
    }
    return kept;
}

} // namespace moescope
