#include "engine/model/rotary_embedding.h"

#include <algorithm>
#include <cmath>

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "engine/kernels/cpu/cpu_kernels.h"
#include "engine/kernels/parallel.h"
#include "engine/routing/error.h"

namespace moescope {

RotaryEmbedding::RotaryEmbedding(const RopeConfig& config, std::int64_t headDim, const Execution& execution)
    : m_config(config), m_headDim(headDim), m_execution(execution) {
    if ((config.kind != RopeConfig::Kind::Default && config.kind != RopeConfig::Kind::Linear) || config.interleaved ||
        config.partialRotary != 1.0)
        throw Error(ErrorCode::Unsupported, "this model's rotary embedding (rope_scaling in config.json) is not "
                                            "supported; default and linear are");
}

void RotaryEmbedding::reserve(std::int64_t positions) {
    if (m_table.defined() && m_table.size(0) >= positions)
        return;
    const std::int64_t half = m_headDim / 2;
    const std::int64_t length = std::max<std::int64_t>(positions, 512);
    at::Tensor table = at::empty({length, m_headDim}, at::kFloat);
    auto* out = dataOf<float>(table);
    for (std::int64_t i = 0; i < half; ++i) {
        // Angles are products of f32 numbers in every published implementation; models were trained with that rounding.
        const auto frequency =
            float(1.0 / (m_config.factor * std::pow(m_config.theta, 2.0 * double(i) / double(m_headDim))));
        for (std::int64_t p = 0; p < length; ++p) {
            const float angle = float(p) * frequency;
            out[p * m_headDim + i] = float(std::cos(double(angle)));
            out[p * m_headDim + half + i] = float(std::sin(double(angle)));
        }
    }
    m_table = table.to(m_execution.device);
}

namespace {

void rotateWithTorch(const at::Tensor& x_NHD, const at::Tensor& table) {
    const std::int64_t half = x_NHD.size(2) / 2;
    const at::Tensor cosine = table.narrow(1, 0, half).unsqueeze(1);
    const at::Tensor sine = table.narrow(1, half, half).unsqueeze(1);
    const at::Tensor first = x_NHD.narrow(2, 0, half).to(at::kFloat);
    const at::Tensor second = x_NHD.narrow(2, half, half).to(at::kFloat);
    const at::Tensor turnedFirst = first * cosine - second * sine; // before either half is overwritten
    const at::Tensor turnedSecond = second * cosine + first * sine;
    x_NHD.narrow(2, 0, half).copy_(turnedFirst);
    x_NHD.narrow(2, half, half).copy_(turnedSecond);
}

} // namespace

void RotaryEmbedding::apply(const at::Tensor& qk_TN, std::int64_t heads, std::span<const Sequence> sequences) const {
    for (const Sequence& sequence : sequences) {
        if (!m_execution.ownKernels) {
            const at::Tensor rows = qk_TN.narrow(0, sequence.begin, sequence.rows).narrow(1, 0, heads * m_headDim);
            rotateWithTorch(rows.unflatten(1, at::IntArrayRef{heads, m_headDim}),
                            m_table.narrow(0, sequence.past, sequence.rows));
            continue;
        }
        withElement(qk_TN.scalar_type(), [&](auto zero) {
            using T = decltype(zero);
            const std::int64_t ld = qk_TN.stride(0);
            parallelFor(sequence.rows, 16, [&](std::int64_t begin, std::int64_t end) {
                cpuKernels<T>().rotate(end - begin, heads, m_headDim, ld,
                                       dataOf<float>(m_table) + (sequence.past + begin) * m_headDim, 1.0F,
                                       dataOf<T>(qk_TN) + (sequence.begin + begin) * ld);
            });
        });
    }
}

} // namespace moescope
