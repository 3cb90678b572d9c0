#include "engine/model/linear.h"

#include <algorithm>
#include <array>

#include "engine/kernels/inference/loops.h"
#include "engine/kernels/inference/packed_matrix.h"
#include "engine/kernels/parallel.h"
#include "engine/model/token_loss.h"

namespace moescope {

struct Linear::Packed {
    PackedMatrix<float> f32;
    PackedMatrix<Bf16> bf16;

    const PackedMatrix<float>& as(float) const { return f32; }
    const PackedMatrix<Bf16>& as(Bf16) const { return bf16; }
};

Linear::Linear(const WeightSource& weights, const std::string& name, bool biased, const Execution& execution)
    : Linear(std::array{weights.stored(name)}, execution,
             weights.vector(biased ? biasName(name) : std::string(), execution)) {}

Linear::Linear(std::span<const StoredMatrix> parts, const Execution& execution, at::Tensor bias_N)
    : m_bias_N(std::move(bias_N)) {
    const at::Tensor weight = WeightSource::matrix(parts, execution.dtype);
    m_outputs = weight.size(0);
    if (!execution.ownKernels) {
        m_weight = weight.to(execution.options(), /*non_blocking=*/false, /*copy=*/true);
        return;
    }
    auto packed = std::make_shared<Packed>();
    if (execution.dtype == at::kBFloat16)
        packed->bf16 = PackedMatrix<Bf16>(weight.size(0), weight.size(1), dataOf<Bf16>(weight));
    else
        packed->f32 = PackedMatrix<float>(weight.size(0), weight.size(1), dataOf<float>(weight));
    m_packed = std::move(packed);
    for (const StoredMatrix& part : parts)
        part.finish();
}

std::size_t Linear::bytes() const {
    return m_packed ? m_packed->f32.bytes() + m_packed->bf16.bytes() : std::size_t(m_weight.nbytes());
}

// Every row of y, in its own type, plus the bias.
void Linear::addBias(const at::Tensor& y_TN) const {
    if (!isBiased())
        return;
    if (!m_packed) {
        y_TN.add_(m_bias_N);
        return;
    }
    withElement(y_TN.scalar_type(), [&](auto zero) {
        using T = decltype(zero);
        parallelFor(y_TN.size(0), 16, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t t = begin; t < end; ++t) {
                T* row = dataOf<T>(y_TN) + t * y_TN.stride(0);
                inferenceLoops<T>().addVector(m_outputs, row, dataOf<float>(m_bias_N), row);
            }
        });
    });
}

void Linear::forward(const at::Tensor& x_TM, const at::Tensor& y_TN) const {
    if (!m_packed) {
        y_TN.copy_(x_TM.matmul(m_weight.t()));
        addBias(y_TN);
        return;
    }
    withElement(x_TM.scalar_type(), [&](auto zero) {
        using T = decltype(zero);
        m_packed->as(zero).multiply(x_TM.size(0), dataOf<T>(x_TM), x_TM.stride(0), dataOf<T>(y_TN), y_TN.stride(0));
    });
    addBias(y_TN);
}

void Linear::addTo(const at::Tensor& x_TM, const at::Tensor& y_TN) const {
    if (!m_packed) {
        y_TN.add_(x_TM.matmul(m_weight.t()));
        addBias(y_TN);
        return;
    }
    withElement(x_TM.scalar_type(), [&](auto zero) {
        using T = decltype(zero);
        m_packed->as(zero).multiplyFloat(x_TM.size(0), dataOf<T>(x_TM), x_TM.stride(0), dataOf<float>(y_TN),
                                         y_TN.stride(0), true);
    });
    addBias(y_TN);
}

void Linear::forwardFloat(const at::Tensor& x_TM, const at::Tensor& y_TN) const {
    if (!m_packed) {
        y_TN.copy_(x_TM.matmul(m_weight.t()));
        addBias(y_TN);
        return;
    }
    withElement(x_TM.scalar_type(), [&](auto zero) {
        using T = decltype(zero);
        m_packed->as(zero).multiplyFloat(x_TM.size(0), dataOf<T>(x_TM), x_TM.stride(0), dataOf<float>(y_TN),
                                         y_TN.stride(0), false);
    });
    addBias(y_TN);
}

void Linear::tokenLoss(const at::Tensor& x_TM, const std::int32_t* targets, float* loss) const {
    if (m_packed) {
        withElement(x_TM.scalar_type(), [&](auto zero) {
            m_packed->as(zero).tokenLoss(x_TM.size(0), dataOf<decltype(zero)>(x_TM), targets, loss);
        });
        return;
    }
    constexpr std::int64_t block = 256;
    for (std::int64_t begin = 0; begin < x_TM.size(0); begin += block) {
        const std::int64_t rows = std::min(block, x_TM.size(0) - begin);
        moescope::tokenLoss(x_TM.narrow(0, begin, rows).matmul(m_weight.t()).to(at::kFloat), targets + begin,
                            loss + begin);
    }
}

template <class T>
void Linear::forwardRowsFloat(std::int64_t rows, const T* x, float* y, std::int64_t ldy) const {
    const auto& matrix = m_packed->as(T());
    matrix.multiplyFloat(rows, x, matrix.columns(), y, ldy, false);
    for (std::int64_t r = 0; r < rows && isBiased(); ++r)
        inferenceLoops<float>().addVector(m_outputs, y + r * ldy, dataOf<float>(m_bias_N), y + r * ldy);
}

template void Linear::forwardRowsFloat(std::int64_t, const float*, float*, std::int64_t) const;
template void Linear::forwardRowsFloat(std::int64_t, const Bf16*, float*, std::int64_t) const;

} // namespace moescope
