#include "engine/model/grouped_attention.h"

#include <array>

#include <ATen/Functions.h>

#include "engine/model/attend.h"
#include "engine/model/projected_norm.h"

namespace moescope {

namespace {

Linear loadQkv(const WeightSource& weights, std::int32_t layer, const Execution& execution) {
    const WeightNames& names = weights.config().names;
    const std::array parts{weightName(names.query, layer), weightName(names.key, layer),
                           weightName(names.value, layer)};
    std::vector<StoredMatrix> matrices;
    std::vector<at::Tensor> biases;
    for (const std::string& part : parts) {
        matrices.push_back(weights.stored(part));
        if (weights.config().attention.qkvBias)
            biases.push_back(weights.vector(biasName(part), execution));
    }
    return {matrices, execution, biases.empty() ? at::Tensor() : at::cat(biases)};
}

at::Tensor loadNorm(const WeightSource& weights, const std::string& pattern, std::int32_t layer,
                    const Execution& execution) {
    if (weights.config().attention.qkNorm == QkNorm::None)
        return {};
    return weights.vector(weightName(pattern, layer), execution);
}

} // namespace

GroupedAttention::GroupedAttention(const WeightSource& weights, std::int32_t layer, const Execution& execution)
    : m_config(weights.config().attention), m_normEps(weights.config().normEps), m_layer(layer), m_execution(execution),
      m_qkv(loadQkv(weights, layer, execution)), m_output(weights, layer, execution),
      m_queryNorm(loadNorm(weights, weights.config().names.queryNorm, layer, execution)),
      m_keyNorm(loadNorm(weights, weights.config().names.keyNorm, layer, execution)) {
    if (m_config.sinks)
        m_sinks = weights.numbers(weightName(weights.config().names.sinks, layer));
}

// Norm, then limit, then position.
void GroupedAttention::prepare(const at::Tensor& qkv_TN, std::span<const Sequence> sequences,
                               const Positions& positions) const {
    const std::int64_t queryWidth = std::int64_t(m_config.heads) * m_config.headDim;
    if (m_config.qkNorm != QkNorm::None) {
        const bool perHead = m_config.qkNorm == QkNorm::Head;
        const std::int64_t keyWidth = std::int64_t(m_config.kvHeads) * m_config.headDim;
        normHeads(qkv_TN.narrow(1, 0, queryWidth), perHead ? m_config.heads : 1, m_queryNorm, m_normEps, m_execution);
        normHeads(qkv_TN.narrow(1, queryWidth, keyWidth), perHead ? m_config.kvHeads : 1, m_keyNorm, m_normEps,
                  m_execution);
    }
    if (m_config.clip > 0)
        clampRows(qkv_TN, float(m_config.clip), m_execution);
    if (m_config.rotaryDim() > 0)
        positions.rotary.apply(qkv_TN, m_config.heads + m_config.kvHeads, m_config.headDim, sequences);
}

AttentionShape GroupedAttention::shapeFor(const Positions& positions) const {
    AttentionShape shape;
    shape.heads = m_config.heads;
    shape.kvHeads = m_config.kvHeads;
    shape.headDim = m_config.headDim;
    shape.valueDim = m_config.valueDim;
    shape.window = m_config.windowOf(m_layer);
    shape.scale = float(m_config.scale);
    shape.causal = m_config.causal;
    shape.sinks = m_sinks.empty() ? nullptr : m_sinks.data();
    shape.bias = positions.relative.data();
    shape.biasLd = positions.relative.rowLength();
    shape.biasCenter = positions.relative.center();
    return shape;
}

void GroupedAttention::addTo(const at::Tensor& normed_TD, std::span<const Sequence> sequences,
                             const Positions& positions, KvCache* cache, Workspace& workspace,
                             const at::Tensor& x_TD) const {
    const std::int64_t tokens = normed_TD.size(0);
    const std::int64_t queryWidth = std::int64_t(m_config.heads) * m_config.headDim;
    const std::int64_t keyWidth = std::int64_t(m_config.kvHeads) * m_config.headDim;
    const std::int64_t valueWidth = std::int64_t(m_config.kvHeads) * m_config.valueDim;
    const at::Tensor qkv_TN =
        workspace.take(Slot::Qkv, {tokens, queryWidth + keyWidth + valueWidth}, m_execution.dtype);
    m_qkv.forward(normed_TD, qkv_TN);
    prepare(qkv_TN, sequences, positions);

    AttentionRows rows{
        qkv_TN.narrow(1, 0, queryWidth), qkv_TN.narrow(1, queryWidth, keyWidth),
        qkv_TN.narrow(1, queryWidth + keyWidth, valueWidth),
        workspace.take(Slot::Context, {tokens, std::int64_t(m_config.heads) * m_config.valueDim}, m_execution.dtype),
        cache != nullptr};
    if (cache != nullptr) {
        cache->append(m_layer, rows.k_SN, rows.v_SN);
        rows.k_SN = cache->keys(m_layer);
        rows.v_SN = cache->values(m_layer);
    }
    attendRows(m_execution, shapeFor(positions), rows, sequences);
    m_output.addTo(rows.out_TN, workspace, x_TD);
}

} // namespace moescope
