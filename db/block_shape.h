#pragma once

#include <cstddef>
#include <cstdint>

namespace moescope::sqlite {

inline constexpr std::int32_t kTokenBlock = 1024; // tokens of a token block; every other block's size divides it
inline constexpr std::size_t kPageSize = 16384;

// Tokens of a block whose columns take `bytesPerToken`: `largest`, or half or less of it down to 128 where SQLite
// would leave much of its pages empty around rows of that size.
std::int32_t blockTokens(std::int32_t largest, std::size_t bytesPerToken);

// Routes are small: 1024. Logits: 1024 up to 32 experts, 256 from 64 on, so that one token's are read quickly.
std::int32_t routeBlockTokens(std::int32_t topK, std::size_t idBytes);
std::int32_t logitBlockTokens(std::int32_t experts, std::size_t logitBytes);

// Bytes a table row of `payload` bytes takes in pages of 16 KiB, empty space included.
double storedBytes(std::size_t payload);

} // namespace moescope::sqlite
