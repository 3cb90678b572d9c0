// Compiled once for each instruction set (MOESCOPE_ISA names it). Nothing here may have external linkage except the
// three tables, and no inline function of the standard library is called: the linker would keep one copy of it,
// possibly one that older processors cannot run.
#include "engine/kernels/cpu/cpu_kernels.h"

#include "engine/kernels/cpu/element.h"

namespace moescope {
namespace MOESCOPE_ISA {
namespace {

using I = std::int64_t;

template <class T>
void rmsNorm(I rows, I width, const float* x, const float* gain, float eps, T* y, float* rstd) {
    for (I r = 0; r < rows; ++r) {
        const float* xr = x + r * width;
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (I i = 0; i < width; ++i)
            sum += xr[i] * xr[i];
        const float scale = 1.0F / __builtin_sqrtf(sum / float(width) + eps);
        rstd[r] = scale;
        T* yr = y + r * width;
#pragma omp simd
        for (I i = 0; i < width; ++i)
            store(yr + i, xr[i] * scale * gain[i]);
    }
}

template <class T>
void rmsNormGrad(I rows, I width, const float* x, const float* gain, const float* rstd, const T* dy, float* dx,
                 float* gainGrad) {
    for (I r = 0; r < rows; ++r) {
        const float* xr = x + r * width;
        const T* dr = dy + r * width;
        const float s = rstd[r];
        float dot = 0;
#pragma omp simd reduction(+ : dot)
        for (I i = 0; i < width; ++i)
            dot += load(dr + i) * gain[i] * xr[i];
        const float back = dot * s * s * s / float(width);
        float* dxr = dx + r * width;
#pragma omp simd
        for (I i = 0; i < width; ++i) {
            const float d = load(dr + i);
            gainGrad[i] += d * xr[i] * s;
            dxr[i] = d * gain[i] * s - xr[i] * back;
        }
    }
}

template <class T>
void rotate(I rows, I heads, I dim, I ld, const float* cosSin, float direction, T* x) {
    const I half = dim / 2;
    for (I r = 0; r < rows; ++r) {
        const float* cs = cosSin + r * dim;
        for (I h = 0; h < heads; ++h) {
            T* a = x + r * ld + h * dim;
            T* b = a + half;
#pragma omp simd
            for (I i = 0; i < half; ++i) {
                const float c = cs[i];
                const float s = cs[half + i] * direction;
                const float u = load(a + i);
                const float v = load(b + i);
                store(a + i, u * c - v * s);
                store(b + i, v * c + u * s);
            }
        }
    }
}

template <class T>
void siluMul(I rows, I ffn, const T* gateUp, T* out) {
    for (I r = 0; r < rows; ++r) {
        const T* g = gateUp + r * 2 * ffn;
        const T* u = g + ffn;
        T* o = out + r * ffn;
#pragma omp simd
        for (I i = 0; i < ffn; ++i) {
            const float gate = load(g + i);
            store(o + i, gate / (1.0F + expOf(-gate)) * load(u + i));
        }
    }
}

template <class T>
void siluMulGrad(I rows, I ffn, const T* gateUp, const T* dout, T* dGateUp) {
    for (I r = 0; r < rows; ++r) {
        const T* g = gateUp + r * 2 * ffn;
        const T* u = g + ffn;
        const T* d = dout + r * ffn;
        T* dg = dGateUp + r * 2 * ffn;
        T* du = dg + ffn;
#pragma omp simd
        for (I i = 0; i < ffn; ++i) {
            const float gate = load(g + i);
            const float sigmoid = 1.0F / (1.0F + expOf(-gate));
            const float grad = load(d + i);
            store(dg + i, grad * load(u + i) * sigmoid * (1.0F + gate * (1.0F - sigmoid)));
            store(du + i, grad * gate * sigmoid);
        }
    }
}

template <class T>
void causalExp(I rows, I cols, I visible0, float scale, const float* scores, T* probs, float* lse, float* inverse) {
    for (I r = 0; r < rows; ++r) {
        const float* s = scores + r * cols;
        T* p = probs + r * cols;
        const I seen = visible0 + r < cols ? visible0 + r : cols;
        float top = -3.0e38F;
#pragma omp simd reduction(max : top)
        for (I i = 0; i < seen; ++i)
            top = s[i] > top ? s[i] : top;
        const float shift = top * scale;
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (I i = 0; i < seen; ++i) {
            const float e = expOf(s[i] * scale - shift);
            sum += e;
            store(p + i, e);
        }
        for (I i = seen; i < cols; ++i)
            store(p + i, 0.0F);
        inverse[r] = 1.0F / sum;
        lse[r] = shift + __builtin_logf(sum);
    }
}

template <class T>
void causalGrad(I rows, I cols, I visible0, float scale, const float* scores, const float* dProbs, const float* lse,
                const float* delta, T* probs, T* dScores) {
    for (I r = 0; r < rows; ++r) {
        const float* s = scores + r * cols;
        const float* dp = dProbs + r * cols;
        T* p = probs + r * cols;
        T* ds = dScores + r * cols;
        const I seen = visible0 + r < cols ? visible0 + r : cols;
        const float l = lse[r];
        const float d = delta[r];
#pragma omp simd
        for (I i = 0; i < seen; ++i) {
            const float e = expOf(s[i] * scale - l);
            store(p + i, e);
            store(ds + i, e * (dp[i] - d) * scale);
        }
        for (I i = seen; i < cols; ++i) {
            store(p + i, 0.0F);
            store(ds + i, 0.0F);
        }
    }
}

template <class T>
float crossEntropy(I vocabulary, float* logits, std::int32_t target, float factor, T* dLogits) {
    float top = -3.0e38F;
#pragma omp simd reduction(max : top)
    for (I i = 0; i < vocabulary; ++i)
        top = logits[i] > top ? logits[i] : top;
    const float wanted = logits[target];
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (I i = 0; i < vocabulary; ++i) {
        const float e = expOf(logits[i] - top);
        logits[i] = e;
        sum += e;
    }
    const float inverse = factor / sum;
    logits[target] -= sum;
#pragma omp simd
    for (I i = 0; i < vocabulary; ++i)
        store(dLogits + i, logits[i] * inverse);
    return top + __builtin_logf(sum) - wanted;
}

template <class T>
void fromFloat(I n, const float* x, T* y) {
#pragma omp simd
    for (I i = 0; i < n; ++i)
        store(y + i, x[i]);
}

template <class T>
void axpy(I n, float a, const T* x, float* y) {
#pragma omp simd
    for (I i = 0; i < n; ++i)
        y[i] += a * load(x + i);
}

template <class T>
void scaleTo(I n, float a, const float* x, T* y) {
#pragma omp simd
    for (I i = 0; i < n; ++i)
        store(y + i, a * x[i]);
}

template <class T>
float dot(I n, const float* x, const T* y) {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (I i = 0; i < n; ++i)
        sum += x[i] * load(y + i);
    return sum;
}

double sumOfSquares(I n, const float* x) {
    double total = 0;
    constexpr I chunk = 4096; // f32 sums of a chunk, f64 over chunks
    for (I begin = 0; begin < n; begin += chunk) {
        const I end = begin + chunk < n ? begin + chunk : n;
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (I i = begin; i < end; ++i)
            sum += x[i] * x[i];
        total += double(sum);
    }
    return total;
}

// Decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101).
void adamW(I n, const AdamWStep& s, const float* grad, float* param, float* m, float* v) {
    const float step = s.learningRate / s.correction1;
    const float inverse2 = 1.0F / s.correction2;
    const float shrink = 1.0F - s.learningRate * s.decay;
#pragma omp simd
    for (I i = 0; i < n; ++i) {
        const float g = grad[i] * s.gradientScale;
        m[i] = s.beta1 * m[i] + (1.0F - s.beta1) * g;
        v[i] = s.beta2 * v[i] + (1.0F - s.beta2) * g * g;
        param[i] = param[i] * shrink - step * m[i] / (__builtin_sqrtf(v[i] * inverse2) + s.epsilon);
    }
}

template <class T>
constexpr CpuKernels<T> kernels{rmsNorm<T>,    rmsNormGrad<T>,  rotate<T>,    siluMul<T>, siluMulGrad<T>, causalExp<T>,
                                causalGrad<T>, crossEntropy<T>, fromFloat<T>, axpy<T>,    scaleTo<T>,     dot<T>};

} // namespace

extern const CpuKernels<float> floatKernels;
extern const CpuKernels<Bf16> bf16Kernels;
extern const CpuCommonKernels commonKernels;
const CpuKernels<float> floatKernels = kernels<float>;
const CpuKernels<Bf16> bf16Kernels = kernels<Bf16>;
const CpuCommonKernels commonKernels{sumOfSquares, adamW};

} // namespace MOESCOPE_ISA
} // namespace moescope
