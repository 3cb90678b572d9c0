#pragma once

#include <cstdint>

#include "engine/kernels/bf16.h"

namespace moescope {

// Loops of inference over plain arrays, built once for each instruction set and chosen at run time. None of them
// starts threads; matrices are row-major; T is float or Bf16, the compute type; sums are taken in f32.
template <class T>
struct InferenceLoops {
    // normed = x * gain / sqrt(mean(x^2) + eps), in f32 and in T. Returns false where a row is not finite.
    bool (*rmsNorm)(std::int64_t rows, std::int64_t width, const float* x, const float* gain, float eps, float* normed,
                    T* rounded);
    // normed = (x - mean) / sqrt(var + eps) * gain + bias, else as rmsNorm.
    bool (*layerNorm)(std::int64_t rows, std::int64_t width, const float* x, const float* gain, const float* bias,
                      float eps, float* normed, T* rounded);
    // In place on `heads` vectors of `dim` elements one behind the other, in rows `ld` apart: RMS norm of each.
    void (*headNorm)(std::int64_t rows, std::int64_t heads, std::int64_t dim, std::int64_t ld, const float* gain,
                     float eps, T* x);
    // In place on heads `stride` apart: the pairs (i, i + dim/2), or (2i, 2i + 1) where interleaved, turn by the row's
    // angles; cosSin [rows, dim] holds cosines, then sines.
    void (*rotate)(std::int64_t rows, std::int64_t heads, std::int64_t stride, std::int64_t dim, std::int64_t ld,
                   bool interleaved, const float* cosSin, T* x);
    void (*clamp)(std::int64_t n, float limit, T* x);
    void (*addVector)(std::int64_t n, const T* x, const float* add, T* y); // y = x + add
    // One block of attention scores (f32, [rows, ld]): exponentials of row r over columns lo[r] .. hi[r], zero in
    // the others, as weights of type T for the product with the values (p may be the memory of s). The running
    // maximum and sum of online softmax are updated and `rescale[r]` is what earlier partial outputs are
    // multiplied with.
    void (*onlineSoftmax)(std::int64_t rows, std::int64_t columns, std::int64_t ld, float scale, const float* s,
                          const std::int32_t* lo, const std::int32_t* hi, T* p, float* runningMax, float* runningSum,
                          float* rescale);
    // out[r] = out[r] * rescale[r] + add[r]
    void (*rescaleAdd)(std::int64_t rows, std::int64_t width, const float* rescale, const float* add,
                       std::int64_t ldAdd, float* out);
    // out[r] = in[r] / sum[r], to T
    void (*normalize)(std::int64_t rows, std::int64_t width, const float* in, const float* sum, T* out,
                      std::int64_t ldOut);
    void (*silu)(std::int64_t rows, std::int64_t ffn, const T* gateUp, T* out); // silu(gate) * up of [gate | up]
    // gpt-oss: g = min(gate, limit), u = clamp(up, +-limit): (u + 1) g sigmoid(1.702 g)
    void (*clampedSwiGlu)(std::int64_t rows, std::int64_t ffn, float limit, const T* gateUp, T* out);
    void (*relu)(std::int64_t n, const T* x, T* y);
    void (*siluPlain)(std::int64_t n, const T* x, T* y);
    void (*gelu)(std::int64_t n, const T* x, T* y);     // x Phi(x)
    void (*geluTanh)(std::int64_t n, const T* x, T* y); // Phi by its tanh approximation
    void (*gatherRows)(std::int64_t rows, std::int64_t width, const std::int32_t* index, const T* from, T* to);
    // x[t] += sum over slots of weights[t, slot] * expertOut[rowOf[t, slot]]
    void (*combine)(std::int64_t tokens, std::int64_t topK, std::int64_t width, const std::int32_t* rowOf,
                    const float* weights, const T* expertOut, float* x);
    // Rows of x as codes (see quantised.h), chosen by index or in order where that is null, and their scales.
    void (*quantizeRows)(std::int64_t rows, std::int64_t width, const std::int32_t* index, const T* x,
                         std::int8_t* codes, float* scales);
    // y[r, c] = sums[r, c] * rowScales[r] * columnScales[c] + bias[c], the last where bias is not null.
    void (*scaleSums)(std::int64_t rows, std::int64_t columns, const std::int32_t* sums, const float* rowScales,
                      const float* columnScales, const float* bias, T* y);
    float (*dot)(std::int64_t n, const T* a, const T* b);
    void (*axpy)(std::int64_t n, float a, const T* x, float* y); // y += a x
    void (*fromFloat)(std::int64_t n, const float* x, T* y);
    void (*toFloat)(std::int64_t n, const T* x, float* y);
};

struct CommonLoops {
    void (*halfToFloat)(std::int64_t n, const std::uint16_t* x, float* y); // IEEE binary16
    bool (*finite16)(std::int64_t n, const std::uint16_t* x, std::uint16_t exponentMask);
    bool (*finite32)(std::int64_t n, const float* x);
    // Online log-sum-exp of one more block of logits.
    void (*logSumExp)(std::int64_t n, const float* logits, float* runningMax, float* runningSum);
    float (*largest)(std::int64_t n, const float* x);
    float (*sum)(std::int64_t n, const float* x);
    // y = exp((x - shift) * scale), which must be at most 1.
    void (*exponentials)(std::int64_t n, const float* x, float shift, float scale, float* y);
    // y [m, n] = x [m, k] w [n, k]^T, exact for k up to 2^17.
    void (*multiplyInt8)(std::int64_t m, std::int64_t n, std::int64_t k, const std::int8_t* x, const std::int8_t* w,
                         std::int32_t* y);
};

template <class T>
const InferenceLoops<T>& inferenceLoops();
template <>
const InferenceLoops<float>& inferenceLoops<float>();
template <>
const InferenceLoops<Bf16>& inferenceLoops<Bf16>();
const CommonLoops& commonLoops();

} // namespace moescope
