#pragma once

#include <immintrin.h>

namespace moescope {
namespace { // each file that includes this is compiled for its own instruction set

// 2^x for x <= 127, relative error below 3e-6: a polynomial on [-1/2, 1/2] and the exponent put in place. 0 for -inf.
inline __m512 exp2Of(__m512 x) {
    const __m512 n = _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    const __m512 f = _mm512_sub_ps(x, n);
    __m512 p = _mm512_set1_ps(1.3333558e-3F);
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(9.6181291e-3F));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(5.5504109e-2F));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(2.4022651e-1F));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(6.9314718e-1F));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.0F));
    return _mm512_scalef_ps(p, n);
}

constexpr float kLog2E = 1.44269504F;
constexpr float kLn2 = 0.693147181F;

// g / (1 + e^-g); the reciprocal is exact to 2^-26 after one step of Newton's method.
inline __m512 silu(__m512 g) {
    const __m512 limited = _mm512_max_ps(g, _mm512_set1_ps(-80.0F));
    const __m512 denominator =
        _mm512_add_ps(_mm512_set1_ps(1.0F), exp2Of(_mm512_mul_ps(limited, _mm512_set1_ps(-kLog2E))));
    const __m512 guess = _mm512_rcp14_ps(denominator);
    const __m512 inverse = _mm512_mul_ps(guess, _mm512_fnmadd_ps(denominator, guess, _mm512_set1_ps(2.0F)));
    return _mm512_mul_ps(g, inverse);
}

// The same with a relative error below 2^-12, for results that are rounded to bf16.
inline __m512 roughSilu(__m512 g) {
    const __m512 x = _mm512_mul_ps(_mm512_max_ps(g, _mm512_set1_ps(-80.0F)), _mm512_set1_ps(-kLog2E));
    const __m512 n = _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    const __m512 f = _mm512_sub_ps(x, n);
    __m512 p = _mm512_set1_ps(5.5829216e-2F);
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(2.4220904e-1F));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(6.9314718e-1F));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.0F));
    return _mm512_mul_ps(g, _mm512_rcp14_ps(_mm512_add_ps(_mm512_set1_ps(1.0F), _mm512_scalef_ps(p, n))));
}

} // namespace
} // namespace moescope
