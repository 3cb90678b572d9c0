#include "engine/model/transformer_block.h"

namespace moescope {

TransformerBlock::TransformerBlock(const WeightSource& weights, std::int32_t layer, const Execution& execution)
    : m_layer(layer), m_dtype(execution.dtype),
      m_inputNorm(weights, weightName(weights.config().names.inputNorm, layer), execution),
      m_attention(makeAttention(weights, layer, execution)) {
    if (weights.config().crossAttention)
        m_cross.emplace(weights, layer, execution);
    Norm norm(weights, weightName(weights.config().names.postAttentionNorm, layer), execution);
    if (const MoeLayerInfo* info = weights.config().moeLayer(layer))
        m_moe.emplace(weights, *info, std::move(norm), execution);
    else
        m_dense.emplace(Dense{std::move(norm), FeedForward::dense(weights, layer, execution)});
}

std::size_t TransformerBlock::bytes() const {
    return m_attention->bytes() + (m_cross ? m_cross->bytes() : 0) + (m_moe ? m_moe->bytes() : m_dense->block.bytes());
}

void TransformerBlock::forward(std::span<const Sequence> sequences, const Positions& positions, KvCache* cache,
                               EncoderOutput* encoded, Workspace& workspace, const at::Tensor& x_TD,
                               BatchRouting& routing) const {
    const std::string where = "layer " + std::to_string(m_layer);
    const at::Tensor normed_TD = workspace.take(Slot::Normed, x_TD.sizes(), m_dtype);
    m_inputNorm.forward(x_TD, normed_TD, at::Tensor(), where);
    m_attention->addTo(normed_TD, sequences, positions, cache, workspace, x_TD);
    if (m_cross)
        m_cross->addTo(sequences, *encoded, workspace, x_TD);
    if (m_moe) {
        m_moe->addTo(sequences, workspace, x_TD, routing);
        return;
    }
    m_dense->norm.forward(x_TD, normed_TD, at::Tensor(), where);
    m_dense->block.addTo(normed_TD, workspace, x_TD);
}

} // namespace moescope
