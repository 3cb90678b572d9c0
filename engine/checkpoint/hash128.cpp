#include "engine/checkpoint/hash128.h"

#include <algorithm>
#include <cstring>

namespace moescope {

namespace {

constexpr std::uint64_t kKeyA = 0xA4093822299F31D1ULL;
constexpr std::uint64_t kKeyB = 0x082EFA98EC4E6C89ULL;

// 64 x 64 -> 128 bit product, folded; the mixing step of wyhash.
std::uint64_t fold(std::uint64_t x, std::uint64_t y) {
    const unsigned long long high = [&] {
        __extension__ using Wide = unsigned __int128;
        return static_cast<unsigned long long>((Wide(x) * y) >> 64);
    }();
    return (x * y) ^ high;
}

std::uint64_t mix(std::uint64_t state, std::uint64_t word, std::uint64_t key) {
    return fold(state ^ word ^ key, key | 1) + word;
}

} // namespace

void Hash128::add(std::span<const std::byte> bytes) {
    m_a = mix(m_a, bytes.size(), kKeyA);
    m_b = mix(m_b, ~bytes.size(), kKeyB);
    while (!bytes.empty()) {
        std::uint64_t word = 0;
        const std::size_t taken = std::min(bytes.size(), sizeof word);
        std::memcpy(&word, bytes.data(), taken);
        m_a = mix(m_a, word, kKeyA);
        m_b = mix(m_b, word, kKeyB);
        bytes = bytes.subspan(taken);
    }
}

std::string Hash128::hex() const {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const std::uint64_t half : {fold(m_a ^ kKeyB, m_b | 1), fold(m_b ^ kKeyA, m_a | 1)})
        for (int shift = 60; shift >= 0; shift -= 4)
            text += kDigits[(half >> shift) & 15];
    return text;
}

} // namespace moescope
