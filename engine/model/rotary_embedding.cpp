#include "engine/model/rotary_embedding.h"

#include <algorithm>
#include <cmath>

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "engine/kernels/inference/loops.h"
#include "engine/kernels/parallel.h"

namespace moescope {

// Sequences whose tables differ: by length where it decides the frequencies.
std::int64_t RotaryEmbedding::variantOf(const Sequence& sequence) const {
    const std::int64_t length = sequence.past + sequence.rows;
    if (m_config.kind == RopeConfig::Kind::DynamicNtk)
        return std::max(length, m_config.originalMaxPosition);
    if (m_config.kind == RopeConfig::Kind::LongRope)
        return length > m_config.originalMaxPosition ? 1 : 0;
    return 0;
}

void RotaryEmbedding::reserve(std::span<const Sequence> sequences) {
    if (m_dim == 0)
        return;
    constexpr std::size_t kept = 64; // lengths of dynamic NTK
    if (m_tables.size() > kept)
        m_tables.clear();
    for (const Sequence& sequence : sequences) {
        at::Tensor& table = m_tables[variantOf(sequence)];
        const std::int64_t length = sequence.past + sequence.rows;
        if (!table.defined() || table.size(0) < length)
            table = makeTable(length, std::max<std::int64_t>(length, 512));
    }
}

at::Tensor RotaryEmbedding::makeTable(std::int64_t length, std::int64_t positions) const {
    const RotaryFrequencies rotary = rotaryFrequencies(m_config, m_dim, length);
    const std::int64_t half = m_dim / 2;
    at::Tensor table = at::empty({positions, m_dim}, at::kFloat);
    auto* out = dataOf<float>(table);
    for (std::int64_t i = 0; i < half; ++i)
        for (std::int64_t p = 0; p < positions; ++p) {
            const auto angle = double(float(p) * rotary.frequency[std::size_t(i)]);
            out[p * m_dim + i] = float(std::cos(angle) * rotary.magnitude);
            out[p * m_dim + half + i] = float(std::sin(angle) * rotary.magnitude);
        }
    return table.to(m_execution.device);
}

namespace {

void rotateWithTorch(const at::Tensor& x_NHD, const at::Tensor& table, bool interleaved) {
    const std::int64_t half = x_NHD.size(2) / 2;
    const at::Tensor cosine = table.narrow(1, 0, half).unsqueeze(1);
    const at::Tensor sine = table.narrow(1, half, half).unsqueeze(1);
    const at::Tensor first = interleaved ? x_NHD.slice(2, 0, 2 * half, 2) : x_NHD.narrow(2, 0, half);
    const at::Tensor second = interleaved ? x_NHD.slice(2, 1, 2 * half, 2) : x_NHD.narrow(2, half, half);
    const at::Tensor u = first.to(at::kFloat);
    const at::Tensor v = second.to(at::kFloat);
    const at::Tensor turnedFirst = u * cosine - v * sine; // before either half is overwritten
    const at::Tensor turnedSecond = v * cosine + u * sine;
    first.copy_(turnedFirst);
    second.copy_(turnedSecond);
}

} // namespace

void RotaryEmbedding::apply(const at::Tensor& x_TN, std::int64_t heads, std::int64_t stride,
                            std::span<const Sequence> sequences) const {
    for (const Sequence& sequence : sequences) {
        const at::Tensor& table = m_tables.at(variantOf(sequence));
        if (!m_execution.ownKernels) {
            const at::Tensor rows = x_TN.narrow(0, sequence.begin, sequence.rows);
            const at::Tensor heads_NHD =
                rows.as_strided({sequence.rows, heads, m_dim}, {rows.stride(0), stride, 1}, rows.storage_offset());
            rotateWithTorch(heads_NHD, table.narrow(0, sequence.past, sequence.rows), m_config.interleaved);
            continue;
        }
        withElement(x_TN.scalar_type(), [&](auto zero) {
            using T = decltype(zero);
            const std::int64_t ld = x_TN.stride(0);
            parallelFor(sequence.rows, 16, [&](std::int64_t begin, std::int64_t end) {
                inferenceLoops<T>().rotate(end - begin, heads, stride, m_dim, ld, m_config.interleaved,
                                           dataOf<float>(table) + (sequence.past + begin) * m_dim,
                                           dataOf<T>(x_TN) + (sequence.begin + begin) * ld);
            });
        });
    }
}

} // namespace moescope
