#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace moescope {

// Which pairs of tokens merge, how early, and into what. Open addressing with at most half of the slots used:
// looking up a pair that does not merge, the common case, reads one cache line.
class MergeTable {
public:
    static constexpr std::uint32_t kNone = 0xFFFFFFFFU;

    explicit MergeTable(std::size_t merges) {
        std::size_t slots = 16;
        while (slots < merges * 2) {
            slots *= 2;
        }
        m_slots.resize(slots);
        m_results.reserve(merges);
    }

    // Merges are added in order of their rank; a pair added twice keeps the later rank.
    void add(std::int32_t left, std::int32_t right, std::int32_t result) {
        const std::uint64_t pair = key(left, right);
        std::size_t i = slotOf(pair);
        while (m_slots[i].pair != kEmpty && m_slots[i].pair != pair) {
            i = (i + 1) & (m_slots.size() - 1);
        }
        m_slots[i] = {pair, static_cast<std::uint32_t>(m_results.size())};
        m_results.push_back(result);
    }

    std::uint32_t rank(std::int32_t left, std::int32_t right) const {
        const std::uint64_t pair = key(left, right);
        for (std::size_t i = slotOf(pair);; i = (i + 1) & (m_slots.size() - 1)) {
            if (m_slots[i].pair == pair) {
                return m_slots[i].rank;
            }
            if (m_slots[i].pair == kEmpty) {
                return kNone;
            }
        }
    }

    std::int32_t result(std::uint32_t rank) const { return m_results[rank]; }

private:
    static constexpr std::uint64_t kEmpty = ~0ULL; // ids are not negative

    struct Slot {
        std::uint64_t pair = kEmpty;
        std::uint32_t rank = kNone;
    };

    static std::uint64_t key(std::int32_t left, std::int32_t right) {
        return std::uint64_t(std::uint32_t(left)) << 32 | std::uint32_t(right);
    }
    std::size_t slotOf(std::uint64_t pair) const {
        const std::uint64_t h = pair * 0x9E3779B97F4A7C15ULL;
        return static_cast<std::size_t>(h >> 32) & (m_slots.size() - 1);
    }

    std::vector<Slot> m_slots;
    std::vector<std::int32_t> m_results;
};

} // namespace moescope
