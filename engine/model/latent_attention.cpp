#include "engine/model/latent_attention.h"

#include <array>

#include <ATen/Functions.h>

#include "engine/kernels/gemm.h"
#include "engine/kernels/parallel.h"
#include "engine/model/projected_norm.h"

namespace moescope {

namespace {

constexpr float kNormEps = 1e-6F;            // of the norms at the low rank, whatever the model's other norms have
constexpr std::int64_t kExpandedRows = 4096; // rows whose keys and values are held at once

// Whole sequences of together at most kExpandedRows rows, at least one, from `first` on.
std::size_t endOfGroup(std::span<const Sequence> sequences, std::size_t first) {
    std::int64_t rows = 0;
    std::size_t end = first;
    while (end < sequences.size() && (end == first || rows + sequences[end].rows <= kExpandedRows))
        rows += sequences[end++].rows;
    return end;
}

} // namespace

LatentAttention::LatentAttention(const WeightSource& weights, std::int32_t layer, const Execution& execution)
    : m_config(weights.config().attention), m_latent(*m_config.latent), m_layer(layer), m_execution(execution),
      m_output(weights, layer, execution) {
    const WeightNames& names = weights.config().names;
    const bool biased = m_config.qkvBias;
    if (m_latent.queryRank > 0) {
        m_queryDown = Linear(weights, weightName(names.queryDown, layer), biased, execution);
        m_queryNorm = weights.vector(weightName(names.queryDownNorm, layer), execution);
        m_queryUp = Linear(weights, weightName(names.queryUp, layer), false, execution);
    } else {
        m_query = Linear(weights, weightName(names.query, layer), false, execution);
    }
    m_kvDown = Linear(weights, weightName(names.kvDown, layer), biased, execution);
    m_kvNorm = weights.vector(weightName(names.kvDownNorm, layer), execution);
    const std::array up{weights.stored(weightName(names.kvUp, layer))};
    m_kvUp = Linear(up, execution);
    m_kvUpPlain = WeightSource::matrix(up, execution.dtype);
}

std::size_t LatentAttention::bytes() const {
    std::size_t total = m_kvDown.bytes() + m_kvUp.bytes() + m_output.bytes();
    total += m_latent.queryRank > 0 ? m_queryDown.bytes() + m_queryUp.bytes() : m_query.bytes();
    return total;
}

at::Tensor LatentAttention::queries(const at::Tensor& normed_TD, std::span<const Sequence> sequences,
                                    const Positions& positions, Workspace& workspace) const {
    const std::int64_t tokens = normed_TD.size(0);
    at::Tensor q_TN =
        workspace.take(Slot::Qkv, {tokens, std::int64_t(m_config.heads) * m_config.headDim}, m_execution.dtype);
    if (m_latent.queryRank > 0) {
        const at::Tensor low_TN = workspace.take(Slot::LowRank, {tokens, m_latent.queryRank}, m_execution.dtype);
        m_queryDown.forward(normed_TD, low_TN);
        normHeads(low_TN, 1, m_queryNorm, kNormEps, m_execution);
        m_queryUp.forward(low_TN, q_TN);
    } else {
        m_query.forward(normed_TD, q_TN);
    }
    const std::int64_t rotated = std::int64_t(m_config.heads) * m_config.headDim - m_latent.nopeDim;
    positions.rotary.apply(q_TN.narrow(1, m_latent.nopeDim, rotated), m_config.heads, m_config.headDim, sequences);
    return q_TN;
}

// [T, kvRank + ropeDim]: what the cache keeps.
at::Tensor LatentAttention::latents(const at::Tensor& normed_TD, std::span<const Sequence> sequences,
                                    const Positions& positions, Workspace& workspace) const {
    at::Tensor latent_TN = workspace.take(
        Slot::Latent, {normed_TD.size(0), std::int64_t(m_latent.kvRank) + m_latent.ropeDim}, m_execution.dtype);
    m_kvDown.forward(normed_TD, latent_TN);
    normHeads(latent_TN.narrow(1, 0, m_latent.kvRank), 1, m_kvNorm, kNormEps, m_execution);
    positions.rotary.apply(latent_TN.narrow(1, m_latent.kvRank, m_latent.ropeDim), 1, m_latent.ropeDim, sequences);
    return latent_TN;
}

void LatentAttention::addTo(const at::Tensor& normed_TD, std::span<const Sequence> sequences,
                            const Positions& positions, KvCache* cache, Workspace& workspace,
                            const at::Tensor& x_TD) const {
    const at::Tensor q_TN = queries(normed_TD, sequences, positions, workspace);
    const at::Tensor latent_TN = latents(normed_TD, sequences, positions, workspace);
    const at::Tensor out_TN = workspace.take(
        Slot::Context, {normed_TD.size(0), std::int64_t(m_config.heads) * m_config.valueDim}, m_execution.dtype);
    if (cache == nullptr) {
        for (std::size_t first = 0; first < sequences.size();) {
            const std::size_t end = endOfGroup(sequences, first);
            attendExpanded(q_TN, latent_TN, sequences.subspan(first, end - first), false, workspace, out_TN);
            first = end;
        }
    } else {
        cache->append(m_layer, latent_TN, at::Tensor());
        const at::Tensor& latent_SN = cache->keys(m_layer);
        if (m_execution.ownKernels)
            withElement(m_execution.dtype, [&](auto zero) {
                attendAbsorbed<decltype(zero)>(q_TN, latent_SN, sequences.front(), workspace, out_TN);
            });
        else
            attendExpanded(q_TN, latent_SN, sequences, true, workspace, out_TN);
    }
    m_output.addTo(out_TN, workspace, x_TD);
}

AttentionShape LatentAttention::shape() const {
    AttentionShape shape;
    shape.heads = m_config.heads;
    shape.kvHeads = m_config.heads;
    shape.headDim = m_config.headDim;
    shape.valueDim = m_config.valueDim;
    shape.valueStride = m_latent.nopeDim + m_config.valueDim; // values are read where they are made, between keys
    shape.scale = float(m_config.scale);
    return shape;
}

// Keys and values of these sequences' rows, or of all cached rows.
void LatentAttention::attendExpanded(const at::Tensor& q_TN, const at::Tensor& latent_SN,
                                     std::span<const Sequence> sequences, bool cached, Workspace& workspace,
                                     const at::Tensor& out_TN) const {
    const std::int64_t begin = cached ? 0 : sequences.front().begin;
    const std::int64_t end =
        cached ? sequences.front().past + sequences.front().rows : sequences.back().begin + sequences.back().rows;
    const std::int64_t heads = m_config.heads;
    const std::int64_t made = m_latent.nopeDim + m_config.valueDim; // of a head
    const at::Tensor low_RN = latent_SN.narrow(0, begin, end - begin);
    const at::Tensor made_RN = workspace.take(Slot::Expanded, {end - begin, heads * made}, m_execution.dtype);
    m_kvUp.forward(low_RN.narrow(1, 0, m_latent.kvRank), made_RN);
    const at::Tensor key_RN = workspace.take(Slot::Keys, {end - begin, heads * m_config.headDim}, m_execution.dtype);
    const at::Tensor key_RHD = key_RN.view({end - begin, heads, m_config.headDim});
    key_RHD.narrow(2, 0, m_latent.nopeDim)
        .copy_(made_RN.view({end - begin, heads, made}).narrow(2, 0, m_latent.nopeDim));
    key_RHD.narrow(2, m_latent.nopeDim, m_latent.ropeDim)
        .copy_(low_RN.narrow(1, m_latent.kvRank, m_latent.ropeDim).unsqueeze(1));

    std::vector<Sequence> shifted(sequences.begin(), sequences.end());
    for (Sequence& sequence : shifted)
        sequence.begin -= cached ? 0 : begin;
    const std::int64_t queryBegin = cached ? 0 : begin;
    const std::int64_t queryRows = cached ? q_TN.size(0) : end - begin;
    attendRows(m_execution, shape(),
               {q_TN.narrow(0, queryBegin, queryRows), key_RN,
                made_RN.narrow(1, m_latent.nopeDim, heads * made - m_latent.nopeDim),
                out_TN.narrow(0, queryBegin, queryRows), cached},
               shifted);
}

// score = q_nope^T (W_k c) + q_rope^T k_rope = (W_k^T q_nope)^T c + ...; out = W_v (sum of weights * c).
template <class T>
void LatentAttention::attendAbsorbed(const at::Tensor& q_TN, const at::Tensor& latent_SN, const Sequence& sequence,
                                     Workspace& workspace, const at::Tensor& out_TN) const {
    const std::int64_t tokens = q_TN.size(0);
    const std::int64_t heads = m_config.heads;
    const std::int64_t rank = m_latent.kvRank;
    const std::int64_t nope = m_latent.nopeDim;
    const std::int64_t low = rank + m_latent.ropeDim;
    const at::Tensor lowQuery_TN = workspace.take(Slot::Keys, {tokens, heads * low}, m_execution.dtype);
    const at::Tensor lowOut_TN = workspace.take(Slot::Expanded, {tokens, heads * rank}, m_execution.dtype);
    lowQuery_TN.view({tokens, heads, low})
        .narrow(2, rank, m_latent.ropeDim)
        .copy_(q_TN.view({tokens, heads, m_config.headDim}).narrow(2, nope, m_latent.ropeDim));
    const auto* up = dataOf<T>(m_kvUpPlain);
    const auto upOf = [&](std::int64_t head) { return up + head * (nope + m_config.valueDim) * rank; };
    parallelFor(heads, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t head = begin; head < end; ++head)
            gemm(tokens, rank, nope, MatrixView<const T>{dataOf<T>(q_TN) + head * m_config.headDim, q_TN.stride(0)},
                 MatrixView<const T>{upOf(head), rank},
                 MatrixView<T>{dataOf<T>(lowQuery_TN) + head * low, lowQuery_TN.stride(0)});
    });
    AttentionShape absorbed;
    absorbed.heads = heads;
    absorbed.kvHeads = 1;
    absorbed.headDim = low;
    absorbed.valueDim = rank;
    absorbed.scale = float(m_config.scale);
    attendRows(m_execution, absorbed, {lowQuery_TN, latent_SN, latent_SN, lowOut_TN, true}, std::span(&sequence, 1));
    parallelFor(heads, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t head = begin; head < end; ++head)
            gemm(tokens, m_config.valueDim, rank,
                 MatrixView<const T>{dataOf<T>(lowOut_TN) + head * rank, lowOut_TN.stride(0)},
                 transpose(MatrixView<const T>{upOf(head) + nope * rank, rank}),
                 MatrixView<T>{dataOf<T>(out_TN) + head * m_config.valueDim, out_TN.stride(0)});
    });
}

} // namespace moescope
