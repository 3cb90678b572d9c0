#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

// Eight floats at a time in the compiler's vector types: the same bits whatever instructions they become, given that
// products and sums are not fused (-ffp-contract=off). Everything is forced inline, so that a caller compiled for
// AVX2 gets AVX2 code; vectors never cross a real call.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpsabi"

namespace moescope::wide {

inline constexpr std::size_t kLanes = 8;

using F8 = float __attribute__((vector_size(32)));
using I8 = std::int32_t __attribute__((vector_size(32)));
using D8 = double __attribute__((vector_size(64)));

template <class Vector, class Scalar>
[[gnu::always_inline]] inline Vector load(const Scalar* from) {
    Vector v;
    std::memcpy(&v, from, sizeof v);
    return v;
}

template <class Vector, class Scalar>
[[gnu::always_inline]] inline void store(Scalar* to, const Vector& v) {
    std::memcpy(to, &v, sizeof v);
}

[[gnu::always_inline]] inline F8 splat(float x) {
    return F8{x, x, x, x, x, x, x, x};
}

[[gnu::always_inline]] inline F8 max(const F8& a, const F8& b) {
    return a > b ? a : b;
}

[[gnu::always_inline]] inline float largestLane(const F8& v) {
    float top = v[0];
    for (std::size_t j = 1; j < kLanes; ++j) {
        top = v[j] > top ? v[j] : top;
    }
    return top;
}

[[gnu::always_inline]] inline float sumOfLanes(const F8& v) {
    return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

// routerExp of each lane for x <= 0, bit for bit.
[[gnu::always_inline]] inline F8 expOfNegative(const F8& x) {
    const F8 lowest = splat(-87.3F);
    const F8 magic = splat(12582912.0F);
    const F8 clamped = max(x, lowest);
    const F8 shifted = clamped * 1.44269504F + magic;
    const F8 n = shifted - magic;
    const F8 r = (clamped - n * 0.693359375F) - n * -2.12194440e-4F;
    F8 p = r * 1.9875691500e-4F + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    p = p * r * r + r + 1.0F;
    // 2^n at once: -126 <= n <= 0. The low bits of `shifted` are n; the shift drops the magic number's exponent.
    const F8 scale = std::bit_cast<F8>((std::bit_cast<I8>(shifted) << 23) + (127 << 23));
    const F8 value = p * scale;
    return x < lowest ? splat(0.0F) : value;
}

// 1 / (1 + e^-x) = e^x / (1 + e^x), whichever has the exponent below zero.
[[gnu::always_inline]] inline F8 sigmoid(const F8& x) {
    const F8 zero = splat(0.0F);
    const F8 e = expOfNegative(x < zero ? x : -x);
    return (x < zero ? e : splat(1.0F)) / (1.0F + e);
}

} // namespace moescope::wide

#pragma GCC diagnostic pop
