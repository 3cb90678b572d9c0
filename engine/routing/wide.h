#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

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
using F16 = float __attribute__((vector_size(64))); // for code that is compiled for AVX-512 only
using I16 = std::int32_t __attribute__((vector_size(64)));

template <class Floats>
using IntsLike = std::conditional_t<std::is_same_v<Floats, F16>, I16, I8>;

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
    const F8 four = max(v, __builtin_shuffle(v, I8{4, 5, 6, 7, 0, 1, 2, 3}));
    const F8 two = max(four, __builtin_shuffle(four, I8{2, 3, 0, 1, 6, 7, 4, 5}));
    return two[0] > two[1] ? two[0] : two[1];
}

// ((v0 + v4) + (v2 + v6)) + ((v1 + v5) + (v3 + v7))
[[gnu::always_inline]] inline float sumOfLanes(const F8& v) {
    const F8 four = v + __builtin_shuffle(v, I8{4, 5, 6, 7, 0, 1, 2, 3});
    const F8 two = four + __builtin_shuffle(four, I8{2, 3, 0, 1, 6, 7, 4, 5});
    return two[0] + two[1];
}

// Lanes 0 to 7 and 8 to 15.
template <class Eight, class Sixteen>
[[gnu::always_inline]] inline Eight lowHalf(const Sixteen& v) {
    return __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7);
}
template <class Eight, class Sixteen>
[[gnu::always_inline]] inline Eight highHalf(const Sixteen& v) {
    return __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
}

// routerExp of each lane for x <= 0, bit for bit.
template <class Floats>
[[gnu::always_inline]] inline Floats expOfNegative(const Floats& x) {
    using Ints = IntsLike<Floats>;
    const Floats zero{};
    const Floats lowest = zero - 87.3F;
    const Floats magic = zero + 12582912.0F;
    const Floats clamped = x > lowest ? x : lowest;
    const Floats shifted = clamped * 1.44269504F + magic;
    const Floats n = shifted - magic;
    const Floats r = (clamped - n * 0.693359375F) - n * -2.12194440e-4F;
    Floats p = r * 1.9875691500e-4F + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    p = p * r * r + r + 1.0F;
    // 2^n at once: -126 <= n <= 0. The low bits of `shifted` are n; the shift drops the magic number's exponent.
    const auto scale = std::bit_cast<Floats>((std::bit_cast<Ints>(shifted) << 23) + (127 << 23));
    const Floats value = p * scale;
    return x < lowest ? zero : value;
}

// The natural logarithm of each lane, normal and positive, to 1e-12: x = 2^n m with m about 1, and
// ln m = 2 (s + s^3/3 + s^5/5 + ...) where s = (m - 1) / (m + 1).
[[gnu::always_inline]] inline D8 logOf(const F8& x) {
    const I8 bits = std::bit_cast<I8>(x);
    const I8 above = ((bits & 0x7FFFFF) > 0x3504F3) & 1; // m beyond the square root of 2: halve it
    const I8 n = (bits >> 23) - 127 + above;
    const D8 m = __builtin_convertvector(std::bit_cast<F8>((bits & 0x7FFFFF) | ((127 - above) << 23)), D8);
    const D8 s = (m - 1.0) / (m + 1.0);
    const D8 z = s * s;
    D8 p = z * (1.0 / 15) + 1.0 / 13;
    p = p * z + 1.0 / 11;
    p = p * z + 1.0 / 9;
    p = p * z + 1.0 / 7;
    p = p * z + 1.0 / 5;
    p = p * z + 1.0 / 3;
    p = p * z + 1.0;
    return __builtin_convertvector(n, D8) * 0.69314718055994531 + 2.0 * s * p;
}

// 1 / (1 + e^-x) = e^x / (1 + e^x), whichever has the exponent below zero.
[[gnu::always_inline]] inline F8 sigmoid(const F8& x) {
    const F8 zero = splat(0.0F);
    const F8 e = expOfNegative(x < zero ? x : -x);
    return (x < zero ? e : splat(1.0F)) / (1.0F + e);
}

} // namespace moescope::wide

#pragma GCC diagnostic pop
