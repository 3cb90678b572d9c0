// Compiled once for each instruction set (MOESCOPE_ISA names it). Nothing here may have external linkage except the
// three tables, and no inline function of the standard library is called: the linker would keep one copy of it,
// possibly one that older processors cannot run.
#include "engine/kernels/inference/loops.h"

#include "engine/kernels/cpu/element.h"
#include "engine/kernels/inference/quantised.h"

namespace moescope {
namespace MOESCOPE_ISA {
namespace {

using I = std::int64_t;

// Rows come from far, and the processor fetches ahead only within 4 KiB: what the next row needs is asked for a little
// at a time while this one is worked on. Addresses beyond the end do no harm.
constexpr I kStep = 64;

template <class T>
void prefetchStep(const T* row, I column, int forWriting) {
    const char* from = reinterpret_cast<const char*>(row + column);
    for (I line = 0; line < I(kStep * sizeof(T)); line += 64)
        forWriting != 0 ? __builtin_prefetch(from + line, 1) : __builtin_prefetch(from + line, 0);
}

template <class T>
bool rmsNorm(I rows, I width, const float* x, const float* gain, float eps, float* normed, T* rounded) {
    bool finite = true;
    for (I r = 0; r < rows; ++r) {
        const float* in = x + r * width;
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (I i = 0; i < width; ++i)
            sum += in[i] * in[i];
        finite &= sum <= 3.4e38F;
        const float scale = 1.0F / __builtin_sqrtf(sum / float(width) + eps);
        float* full = normed + r * width;
        T* narrow = rounded + r * width;
        for (I column = 0; column < width; column += kStep) {
            prefetchStep(in + width, column, 0);
            prefetchStep(narrow + width, column, 1);
            const I end = column + kStep < width ? column + kStep : width;
#pragma omp simd
            for (I i = column; i < end; ++i) {
                const float v = in[i] * scale * gain[i];
                full[i] = v;
                store(narrow + i, v);
            }
        }
    }
    return finite;
}

template <class T>
bool layerNorm(I rows, I width, const float* x, const float* gain, const float* bias, float eps, float* normed,
               T* rounded) {
    bool finite = true;
    for (I r = 0; r < rows; ++r) {
        const float* in = x + r * width;
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (I i = 0; i < width; ++i)
            sum += in[i];
        const float mean = sum / float(width);
        float squares = 0;
#pragma omp simd reduction(+ : squares)
        for (I i = 0; i < width; ++i)
            squares += (in[i] - mean) * (in[i] - mean);
        finite &= squares <= 3.4e38F;
        const float scale = 1.0F / __builtin_sqrtf(squares / float(width) + eps);
        float* full = normed + r * width;
        T* narrow = rounded + r * width;
#pragma omp simd
        for (I i = 0; i < width; ++i) {
            const float v = (in[i] - mean) * scale * gain[i] + bias[i];
            full[i] = v;
            store(narrow + i, v);
        }
    }
    return finite;
}

template <class T>
void headNorm(I rows, I heads, I dim, I ld, const float* gain, float eps, T* x) {
    for (I r = 0; r < rows; ++r)
        for (I h = 0; h < heads; ++h) {
            T* v = x + r * ld + h * dim;
            float sum = 0;
#pragma omp simd reduction(+ : sum)
            for (I i = 0; i < dim; ++i)
                sum += load(v + i) * load(v + i);
            const float scale = 1.0F / __builtin_sqrtf(sum / float(dim) + eps);
#pragma omp simd
            for (I i = 0; i < dim; ++i)
                store(v + i, load(v + i) * scale * gain[i]);
        }
}

template <class T>
void rotateHalves(I dim, const float* cosSin, T* x) {
    const I half = dim / 2;
    T* second = x + half;
#pragma omp simd
    for (I i = 0; i < half; ++i) {
        const float u = load(x + i);
        const float v = load(second + i);
        store(x + i, u * cosSin[i] - v * cosSin[half + i]);
        store(second + i, v * cosSin[i] + u * cosSin[half + i]);
    }
}

template <class T>
void rotatePairs(I dim, const float* cosSin, T* x) {
    const I half = dim / 2;
    for (I i = 0; i < half; ++i) {
        const float u = load(x + 2 * i);
        const float v = load(x + 2 * i + 1);
        store(x + 2 * i, u * cosSin[i] - v * cosSin[half + i]);
        store(x + 2 * i + 1, v * cosSin[i] + u * cosSin[half + i]);
    }
}

template <class T>
void rotate(I rows, I heads, I stride, I dim, I ld, bool interleaved, const float* cosSin, T* x) {
    for (I r = 0; r < rows; ++r)
        for (I h = 0; h < heads; ++h) {
            if (interleaved)
                rotatePairs(dim, cosSin + r * dim, x + r * ld + h * stride);
            else
                rotateHalves(dim, cosSin + r * dim, x + r * ld + h * stride);
        }
}

template <class T>
void clamp(I n, float limit, T* x) {
#pragma omp simd
    for (I i = 0; i < n; ++i) {
        const float v = load(x + i);
        const float low = v < -limit ? -limit : v;
        store(x + i, low > limit ? limit : low);
    }
}

template <class T>
void addVector(I n, const T* x, const float* add, T* y) {
#pragma omp simd
    for (I i = 0; i < n; ++i)
        store(y + i, load(x + i) + add[i]);
}

template <class T>
void onlineSoftmax(I rows, I columns, I ld, float scale, const float* s, const std::int32_t* lo, const std::int32_t* hi,
                   T* p, float* runningMax, float* runningSum, float* rescale) {
    for (I r = 0; r < rows; ++r) {
        const float* row = s + r * ld;
        T* out = p + r * ld;
        const I begin = lo[r];
        const I end = hi[r];
        float top = -3.0e38F;
#pragma omp simd reduction(max : top)
        for (I i = begin; i < end; ++i)
            top = row[i] > top ? row[i] : top;
        const float shift = top * scale > runningMax[r] ? top * scale : runningMax[r];
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (I i = begin; i < end; ++i) {
            const float e = expOf(row[i] * scale - shift);
            sum += e;
            store(out + i, e);
        }
        for (I i = 0; i < begin; ++i)
            store(out + i, 0.0F);
        for (I i = end; i < columns; ++i)
            store(out + i, 0.0F);
        rescale[r] = expOf(runningMax[r] - shift);
        runningSum[r] = runningSum[r] * rescale[r] + sum;
        runningMax[r] = shift;
    }
}

void rescaleAdd(I rows, I width, const float* rescale, const float* add, I ldAdd, float* out) {
    for (I r = 0; r < rows; ++r) {
        const float factor = rescale[r];
#pragma omp simd
        for (I i = 0; i < width; ++i)
            out[r * width + i] = out[r * width + i] * factor + add[r * ldAdd + i];
    }
}

template <class T>
void normalize(I rows, I width, const float* in, const float* sum, T* out, I ldOut) {
    for (I r = 0; r < rows; ++r) {
        const float factor = 1.0F / sum[r];
#pragma omp simd
        for (I i = 0; i < width; ++i)
            store(out + r * ldOut + i, in[r * width + i] * factor);
    }
}

template <class T>
void silu(I rows, I ffn, const T* gateUp, T* out) {
    for (I r = 0; r < rows; ++r) {
        const T* gate = gateUp + r * 2 * ffn;
        const T* up = gate + ffn;
#pragma omp simd
        for (I i = 0; i < ffn; ++i) {
            const float g = load(gate + i);
            store(out + r * ffn + i, g / (1.0F + expOf(-g)) * load(up + i));
        }
    }
}

template <class T>
void clampedSwiGlu(I rows, I ffn, float limit, const T* gateUp, T* out) {
    for (I r = 0; r < rows; ++r) {
        const T* gate = gateUp + r * 2 * ffn;
        const T* up = gate + ffn;
#pragma omp simd
        for (I i = 0; i < ffn; ++i) {
            const float gateIn = load(gate + i);
            const float g = gateIn > limit ? limit : gateIn;
            const float upIn = load(up + i);
            const float low = upIn < -limit ? -limit : upIn;
            const float u = low > limit ? limit : low;
            store(out + r * ffn + i, (u + 1.0F) * g / (1.0F + expOf(-1.702F * g)));
        }
    }
}

template <class T>
void relu(I n, const T* x, T* y) {
#pragma omp simd
    for (I i = 0; i < n; ++i) {
        const float v = load(x + i);
        store(y + i, v > 0.0F ? v : 0.0F);
    }
}

template <class T>
void siluPlain(I n, const T* x, T* y) {
#pragma omp simd
    for (I i = 0; i < n; ++i) {
        const float v = load(x + i);
        store(y + i, v / (1.0F + expOf(-v)));
    }
}

template <class T>
void gelu(I n, const T* x, T* y) {
    for (I i = 0; i < n; ++i) {
        const float v = load(x + i);
        store(y + i, 0.5F * v * (1.0F + __builtin_erff(v * 0.707106781F)));
    }
}

// tanh(a) = 1 - 2 / (e^2a + 1)
template <class T>
void geluTanh(I n, const T* x, T* y) {
#pragma omp simd
    for (I i = 0; i < n; ++i) {
        const float v = load(x + i);
        const float a = 0.797884561F * (v + 0.044715F * v * v * v);
        store(y + i, 0.5F * v * (2.0F - 2.0F / (expOf(2.0F * a) + 1.0F)));
    }
}

template <class T>
void gatherRows(I rows, I width, const std::int32_t* index, const T* from, T* to) {
    for (I r = 0; r < rows; ++r)
        __builtin_memcpy(to + r * width, from + I(index[r]) * width, std::size_t(width) * sizeof(T));
}

template <class T>
void combine(I tokens, I topK, I width, const std::int32_t* rowOf, const float* weights, const T* expertOut, float* x) {
    for (I t = 0; t < tokens; ++t) {
        float* out = x + t * width;
        for (I slot = 0; slot < topK; ++slot) {
            const I row = rowOf[t * topK + slot];
            const I next = t + 1 < tokens ? rowOf[(t + 1) * topK + slot] : -1;
            if (row < 0)
                continue;
            const float w = weights[t * topK + slot];
            const T* y = expertOut + row * width;
            for (I column = 0; column < width; column += kStep) {
                if (slot == 0)
                    prefetchStep(out + width, column, 1);
                if (next >= 0)
                    prefetchStep(expertOut + next * width, column, 0);
                const I end = column + kStep < width ? column + kStep : width;
#pragma omp simd
                for (I i = column; i < end; ++i)
                    out[i] += w * load(y + i);
            }
        }
    }
}

template <class T>
void quantizeRows(I rows, I width, const std::int32_t* index, const T* x, std::int8_t* codes, float* scales) {
    for (I r = 0; r < rows; ++r) {
        const T* from = x + (index == nullptr ? r : I(index[r])) * width;
        std::uint32_t top = 0;
#pragma omp simd reduction(max : top)
        for (I i = 0; i < width; ++i) {
            const std::uint32_t magnitude = __builtin_bit_cast(std::uint32_t, load(from + i)) & 0x7FFFFFFFU;
            top = magnitude > top ? magnitude : top;
        }
        const RowScale row = rowScaleOf(top);
        scales[r] = row.scale;
        std::int8_t* to = codes + r * width;
#pragma omp simd
        for (I i = 0; i < width; ++i) {
            const float rounded = load(from + i) * row.inverse + kRounder;
            to[i] = std::int8_t(__builtin_bit_cast(std::int32_t, rounded) - kRounderBits);
        }
    }
}

template <class T>
void scaleSums(I rows, I columns, const std::int32_t* sums, const float* rowScales, const float* columnScales,
               const float* bias, T* y) {
    for (I r = 0; r < rows; ++r) {
        const float scale = rowScales[r];
        const std::int32_t* from = sums + r * columns;
        T* to = y + r * columns;
        if (bias == nullptr) { // NOLINT(bugprone-branch-clone): they differ within the OpenMP loops
#pragma omp simd
            for (I c = 0; c < columns; ++c)
                store(to + c, float(from[c]) * (scale * columnScales[c]));
        } else {
#pragma omp simd
            for (I c = 0; c < columns; ++c)
                store(to + c, float(from[c]) * (scale * columnScales[c]) + bias[c]);
        }
    }
}

std::int32_t int8Dot(I k, const std::int8_t* x, const std::int8_t* w) {
    std::int32_t sum = 0;
#pragma omp simd reduction(+ : sum)
    for (I i = 0; i < k; ++i)
        sum += std::int32_t(x[i]) * w[i];
    return sum;
}

// With four rows of w, which share what is read of x.
void int8FourDots(I k, const std::int8_t* x, const std::int8_t* w, std::int32_t* y) {
    std::int32_t sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
#pragma omp simd reduction(+ : sum0, sum1, sum2, sum3)
    for (I i = 0; i < k; ++i) {
        const auto v = std::int32_t(x[i]);
        sum0 += v * w[i];
        sum1 += v * w[k + i];
        sum2 += v * w[2 * k + i];
        sum3 += v * w[3 * k + i];
    }
    y[0] = sum0;
    y[1] = sum1;
    y[2] = sum2;
    y[3] = sum3;
}

// A few rows of w stay in the cache for all of x.
void multiplyInt8(I m, I n, I k, const std::int8_t* x, const std::int8_t* w, std::int32_t* y) {
    const I inFours = n / 4 * 4;
    for (I c = 0; c < inFours; c += 4)
        for (I r = 0; r < m; ++r)
            int8FourDots(k, x + r * k, w + c * k, y + r * n + c);
    for (I c = inFours; c < n; ++c)
        for (I r = 0; r < m; ++r)
            y[r * n + c] = int8Dot(k, x + r * k, w + c * k);
}

template <class T>
float dot(I n, const T* a, const T* b) {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (I i = 0; i < n; ++i)
        sum += load(a + i) * load(b + i);
    return sum;
}

template <class T>
void axpy(I n, float a, const T* x, float* y) {
#pragma omp simd
    for (I i = 0; i < n; ++i)
        y[i] += a * load(x + i);
}

template <class T>
void fromFloat(I n, const float* x, T* y) {
#pragma omp simd
    for (I i = 0; i < n; ++i)
        store(y + i, x[i]);
}

template <class T>
void toFloat(I n, const T* x, float* y) {
#pragma omp simd
    for (I i = 0; i < n; ++i)
        y[i] = load(x + i);
}

// Exact for every binary16 value: normal and subnormal numbers through one multiplication by 2^112.
void halfToFloat(I n, const std::uint16_t* x, float* y) {
#pragma omp simd
    for (I i = 0; i < n; ++i) {
        const std::uint32_t sign = std::uint32_t(x[i] & 0x8000U) << 16;
        const std::uint32_t magnitude = std::uint32_t(x[i] & 0x7FFFU) << 13;
        const float scaled = __builtin_bit_cast(float, magnitude) * 5.192296858534828e33F;
        const std::uint32_t special = magnitude >= 0x0F800000U ? 0x7F800000U | magnitude : 0U;
        y[i] = __builtin_bit_cast(float, sign | (special != 0 ? special : __builtin_bit_cast(std::uint32_t, scaled)));
    }
}

bool finite16(I n, const std::uint16_t* x, std::uint16_t exponentMask) {
    std::uint16_t bad = 0;
#pragma omp simd reduction(| : bad)
    for (I i = 0; i < n; ++i)
        bad = std::uint16_t(bad | ((x[i] & exponentMask) == exponentMask ? 1 : 0));
    return bad == 0;
}

bool finite32(I n, const float* x) {
    std::uint32_t bad = 0;
#pragma omp simd reduction(| : bad)
    for (I i = 0; i < n; ++i)
        bad |= (__builtin_bit_cast(std::uint32_t, x[i]) & 0x7F800000U) == 0x7F800000U ? 1U : 0U;
    return bad == 0;
}

void logSumExp(I n, const float* logits, float* runningMax, float* runningSum) {
    float top = *runningMax;
#pragma omp simd reduction(max : top)
    for (I i = 0; i < n; ++i)
        top = logits[i] > top ? logits[i] : top;
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (I i = 0; i < n; ++i)
        sum += expOf(logits[i] - top);
    *runningSum = *runningSum * expOf(*runningMax - top) + sum;
    *runningMax = top;
}

float largest(I n, const float* x) {
    float top = x[0];
#pragma omp simd reduction(max : top)
    for (I i = 1; i < n; ++i)
        top = x[i] > top ? x[i] : top;
    return top;
}

float sum(I n, const float* x) {
    float total = 0;
#pragma omp simd reduction(+ : total)
    for (I i = 0; i < n; ++i)
        total += x[i];
    return total;
}

void exponentials(I n, const float* x, float shift, float scale, float* y) {
#pragma omp simd
    for (I i = 0; i < n; ++i)
        y[i] = expOf((x[i] - shift) * scale);
}

template <class T>
constexpr InferenceLoops<T> loops{rmsNorm<T>,       layerNorm<T>,     headNorm<T>,     rotate<T>,    clamp<T>,
                                  addVector<T>,     onlineSoftmax<T>, rescaleAdd,      normalize<T>, silu<T>,
                                  clampedSwiGlu<T>, relu<T>,          siluPlain<T>,    gelu<T>,      geluTanh<T>,
                                  gatherRows<T>,    combine<T>,       quantizeRows<T>, scaleSums<T>, dot<T>,
                                  axpy<T>,          fromFloat<T>,     toFloat<T>};

} // namespace

extern const InferenceLoops<float> floatLoops;
extern const InferenceLoops<Bf16> bf16Loops;
extern const CommonLoops sharedLoops;
const InferenceLoops<float> floatLoops = loops<float>;
const InferenceLoops<Bf16> bf16Loops = loops<Bf16>;
const CommonLoops sharedLoops{halfToFloat, finite16, finite32, logSumExp, largest, sum, exponentials, multiplyInt8};

} // namespace MOESCOPE_ISA
} // namespace moescope
