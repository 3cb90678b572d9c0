#pragma once

#include <cstdint>

namespace moescope {

// Weights stored in blocks that share a scale keep it in a tensor beside their own.
//
// FP8 (DeepSeek-V3): "X.weight" in F8_E4M3 with "X.weight_scale_inv", one factor for each block of rows and columns.
inline constexpr const char* kFp8Scales = "_scale_inv";
// MXFP4 (gpt-oss; OCP Microscaling Formats 1.0): "X_blocks", two 4-bit floats (E2M1) a byte, the lower half first, and
// "X_scales", for each 32 consecutive elements of a row an exponent of two with bias 127.
inline constexpr const char* kMxfp4Blocks = "_blocks";
inline constexpr const char* kMxfp4Scales = "_scales";
inline constexpr std::int64_t kMxfp4Group = 32;

} // namespace moescope
