#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace moescope {

// Remembers how short words were encoded. One slot a hash value: a word replaces whatever was there, so memory is
// bounded and nothing is ever moved. Not thread-safe: one per encoding thread.
class WordCache {
public:
    static std::uint64_t hash(std::string_view word) {
        std::uint64_t h = 0x9E3779B97F4A7C15ULL ^ word.size();
        while (word.size() >= 8) {
            std::uint64_t eight = 0;
            std::memcpy(&eight, word.data(), 8);
            h = mix(h ^ eight);
            word.remove_prefix(8);
        }
        std::uint64_t rest = 0;
        std::memcpy(&rest, word.data(), word.size());
        return mix(h ^ rest);
    }

    // The ids of a word, empty where it is not remembered.
    std::span<const std::int32_t> find(std::string_view word, std::uint64_t hashed) const {
        const Slot& slot = m_slots[hashed & kMask];
        if (slot.keyLength != word.size() || std::memcmp(slot.key.data(), word.data(), word.size()) != 0) {
            return {};
        }
        return {slot.ids.data(), slot.idCount};
    }

    void put(std::string_view word, std::uint64_t hashed, std::span<const std::int32_t> ids) {
        if (word.empty() || word.size() > kKeyBytes || ids.size() > kIds) {
            return;
        }
        Slot& slot = m_slots[hashed & kMask];
        slot.keyLength = static_cast<std::uint8_t>(word.size());
        slot.idCount = static_cast<std::uint8_t>(ids.size());
        std::memcpy(slot.key.data(), word.data(), word.size());
        std::memcpy(slot.ids.data(), ids.data(), ids.size_bytes());
    }

private:
    static constexpr std::size_t kKeyBytes = 30;
    static constexpr std::size_t kIds = 8;
    static constexpr std::uint64_t kMask = (1U << 15) - 1;

    struct Slot { // one cache line
        std::array<std::int32_t, kIds> ids{};
        std::uint8_t keyLength = 0;
        std::uint8_t idCount = 0;
        std::array<char, kKeyBytes> key{};
    };

    static std::uint64_t mix(std::uint64_t h) {
        h *= 0xD6E8FEB86659FD93ULL;
        return h ^ (h >> 32);
    }

    std::vector<Slot> m_slots = std::vector<Slot>(kMask + 1);
};

} // namespace moescope
