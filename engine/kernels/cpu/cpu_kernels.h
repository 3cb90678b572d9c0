#pragma once

#include <cstdint>

#include "engine/kernels/bf16.h"

namespace moescope {

// Loops over plain arrays that the compiler vectorises, built once for each instruction set and chosen at run time.
// None of them starts threads; matrices are row-major; T is float or Bf16; sums are taken in f32.
template <class T>
struct CpuKernels {
    // y = x * rstd * gain, rstd = 1 / sqrt(mean(x^2) + eps). x [rows, width].
    void (*rmsNorm)(std::int64_t rows, std::int64_t width, const float* x, const float* gain, float eps, T* y,
                    float* rstd);
    // dx = gradient of x; gainGrad += gradient of gain. From dy, x, rstd.
    void (*rmsNormGrad)(std::int64_t rows, std::int64_t width, const float* x, const float* gain, const float* rstd,
                        const T* dy, float* dx, float* gainGrad);
    // Rotates the two halves of every head in place (half-split rotary embedding). row r has position
    // positions0 + r; cosSin [positions, dim / 2, 2]; direction -1 is the inverse, which is also the gradient.
    void (*rotate)(std::int64_t rows, std::int64_t heads, std::int64_t dim, std::int64_t ld, const float* cosSin,
                   float direction, T* x);
    // out[i] = silu(gateUp[i]) * gateUp[ffn + i] for each row [2 ffn].
    void (*siluMul)(std::int64_t rows, std::int64_t ffn, const T* gateUp, T* out);
    void (*siluMulGrad)(std::int64_t rows, std::int64_t ffn, const T* gateUp, const T* dout, T* dGateUp);
    // Causal softmax of one block of query rows: row r sees `visible0 + r` of the cols keys. probs are exp(s - max),
    // not normalised; lse[r] = log sum exp(scale * s); inverse[r] = 1 / sum of the row.
    void (*causalExp)(std::int64_t rows, std::int64_t cols, std::int64_t visible0, float scale, const float* scores,
                      T* probs, float* lse, float* inverse);
    // Backward of the same block: probs = exp(scale * s - lse), dScores = probs * (dProbs - delta) * scale.
    void (*causalGrad)(std::int64_t rows, std::int64_t cols, std::int64_t visible0, float scale, const float* scores,
                       const float* dProbs, const float* lse, const float* delta, T* probs, T* dScores);
    // One row of logits: returns -ln softmax(logits)[target] and leaves (softmax - onehot) * factor in dLogits.
    // Uses logits as scratch.
    float (*crossEntropy)(std::int64_t vocabulary, float* logits, std::int32_t target, float factor, T* dLogits);
    void (*fromFloat)(std::int64_t n, const float* x, T* y);
    void (*axpy)(std::int64_t n, float a, const T* x, float* y);    // y += a x
    void (*scaleTo)(std::int64_t n, float a, const float* x, T* y); // y = a x
    float (*dot)(std::int64_t n, const float* x, const T* y);
};

struct AdamWStep {
    float learningRate, beta1, beta2, epsilon, decay;
    float correction1, correction2; // 1 - beta^step
    float gradientScale;            // from clipping
};

struct CpuCommonKernels {
    double (*sumOfSquares)(std::int64_t n, const float* x);
    void (*adamW)(std::int64_t n, const AdamWStep& step, const float* grad, float* param, float* m, float* v);
};

template <class T>
const CpuKernels<T>& cpuKernels();
template <>
const CpuKernels<float>& cpuKernels<float>();
template <>
const CpuKernels<Bf16>& cpuKernels<Bf16>();
const CpuCommonKernels& cpuCommonKernels();

} // namespace moescope
