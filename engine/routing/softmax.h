#pragma once

#include <bit>
#include <cstdint>
#include <span>

namespace moescope {

// e^x in f32 for router maths: the same bits on every machine and compiler flag set (a libm's differ by version), and
// a loop over it vectorises. Within 2 ulp for -87.3 <= x <= 88.7; 0 below, so e^-inf = 0; x above is clamped.
// Cody-Waite reduction and the minimax polynomial of Cephes' expf.
inline float routerExp(float x) {
    constexpr float kMagic = 12582912.0F; // 1.5 * 2^23: adding it rounds to an integer
    const float clamped = x < -87.3F ? -87.3F : (x > 88.7F ? 88.7F : x);
    const float shifted = clamped * 1.44269504F + kMagic;
    const float n = shifted - kMagic;
    const float r = (clamped - n * 0.693359375F) - n * -2.12194440e-4F;
    float p = 1.9875691500e-4F;
    p = p * r + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    p = p * r * r + r + 1.0F;
    // 2^n in two steps: 2^128 is no float, though e^88.7 is.
    const auto exponent = std::bit_cast<std::int32_t>(shifted) - std::bit_cast<std::int32_t>(kMagic);
    const std::int32_t half = exponent >> 1;
    const float low = std::bit_cast<float>((half + 127) << 23);
    const float high = std::bit_cast<float>((exponent - half + 127) << 23);
    return x < -87.3F ? 0.0F : p * low * high;
}

// probs_e = e^(logits_e - max) / sum, in f32. logits: no NaN, no +inf, at least one finite; -inf gives 0.
// The two spans have one length and may be the same memory.
void softmax(std::span<const float> logits, std::span<float> probs);

// scores_e = 1 / (1 + e^-logits_e), in f32.
void sigmoid(std::span<const float> logits, std::span<float> scores);

} // namespace moescope
