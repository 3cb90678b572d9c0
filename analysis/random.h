#pragma once

#include <cstdint>

namespace moescope {

// splitmix64: small, and the same numbers with every standard library, so that a seeded figure can be repeated.
class Random {
public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}

    std::uint64_t next() {
        std::uint64_t z = (m_state += 0x9E3779B97F4A7C15ULL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    // 0 .. bound-1; the bias of bound / 2^32 is far below any Monte Carlo error here.
    std::uint32_t below(std::uint32_t bound) { return std::uint32_t(((next() >> 32) * bound) >> 32); }
    // In (0, 1).
    double uniform() { return (double(next() >> 11) + 0.5) * 0x1p-53; }

private:
    std::uint64_t m_state;
};

} // namespace moescope
