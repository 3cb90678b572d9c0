#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace moescope {

// A fast non-cryptographic hash with 128 bits of result (two multiply-and-fold lanes with different keys).
// The result depends on how the bytes are divided over the calls.
class Hash128 {
public:
    void add(std::span<const std::byte> bytes);
    std::string hex() const; // 32 digits

private:
    std::uint64_t m_a = 0x243F6A8885A308D3ULL; // digits of pi
    std::uint64_t m_b = 0x13198A2E03707344ULL;
};

} // namespace moescope
