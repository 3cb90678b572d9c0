#include "engine/model/cross_attention.h"

#include <array>

#include <ATen/Functions.h>

#include "engine/model/attend.h"

namespace moescope {

namespace {

Linear loadKeyValue(const WeightSource& weights, std::int32_t layer, const Execution& execution) {
    const WeightNames& names = weights.config().names;
    const std::array parts{weights.stored(weightName(names.crossKey, layer)),
                           weights.stored(weightName(names.crossValue, layer))};
    return {parts, execution};
}

} // namespace

CrossAttention::CrossAttention(const WeightSource& weights, std::int32_t layer, const Execution& execution)
    : m_config(weights.config().attention), m_layer(layer), m_execution(execution),
      m_norm(weights, weightName(weights.config().names.crossNorm, layer), execution),
      m_query(weights, weightName(weights.config().names.crossQuery, layer), false, execution),
      m_keyValue(loadKeyValue(weights, layer, execution)),
      m_output(weights, weights.config().names.crossOutput, layer, execution) {}

at::Tensor CrossAttention::keysAndValues(EncoderOutput& encoded, Workspace& workspace) const {
    const bool kept = !encoded.kept_SN.empty();
    if (kept && encoded.kept_SN[std::size_t(m_layer)].defined())
        return encoded.kept_SN[std::size_t(m_layer)];
    const std::int64_t rows = encoded.hidden_SD.size(0);
    const std::int64_t width = std::int64_t(m_config.heads) * (m_config.headDim + m_config.valueDim);
    at::Tensor kv_SN = kept ? at::empty({rows, width}, m_execution.options())
                            : workspace.take(Slot::Expanded, {rows, width}, m_execution.dtype);
    m_keyValue.forward(encoded.hidden_SD, kv_SN);
    if (kept)
        encoded.kept_SN[std::size_t(m_layer)] = kv_SN;
    return kv_SN;
}

void CrossAttention::addTo(std::span<const Sequence> sequences, EncoderOutput& encoded, Workspace& workspace,
                           const at::Tensor& x_TD) const {
    const std::int64_t tokens = x_TD.size(0);
    const std::int64_t keyWidth = std::int64_t(m_config.heads) * m_config.headDim;
    const std::int64_t valueWidth = std::int64_t(m_config.heads) * m_config.valueDim;
    const at::Tensor normed_TD = workspace.take(Slot::Normed, x_TD.sizes(), m_execution.dtype);
    m_norm.forward(x_TD, normed_TD, at::Tensor(), "layer " + std::to_string(m_layer));
    const at::Tensor q_TN = workspace.take(Slot::Qkv, {tokens, keyWidth}, m_execution.dtype);
    m_query.forward(normed_TD, q_TN);
    const at::Tensor kv_SN = keysAndValues(encoded, workspace);
    const at::Tensor out_TN = workspace.take(Slot::Context, {tokens, valueWidth}, m_execution.dtype);
    AttentionShape shape;
    shape.heads = shape.kvHeads = m_config.heads;
    shape.headDim = m_config.headDim;
    shape.valueDim = m_config.valueDim;
    shape.scale = float(m_config.scale);
    shape.causal = false;
    AttentionRows rows{q_TN, kv_SN.narrow(1, 0, keyWidth), kv_SN.narrow(1, keyWidth, valueWidth), out_TN};
    rows.keys = encoded.sequences;
    attendRows(m_execution, shape, rows, sequences);
    m_output.addTo(out_TN, workspace, x_TD);
}

} // namespace moescope
