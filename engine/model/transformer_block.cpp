#include "engine/model/transformer_block.h"

namespace moescope {

namespace {

RmsNorm loadNorm(const WeightSource& weights, const std::string& pattern, std::int32_t layer,
                 const Execution& execution) {
    return {weights.vector(weightName(pattern, layer), execution), weights.config().normEps, execution};
}

} // namespace

TransformerBlock::TransformerBlock(const WeightSource& weights, std::int32_t layer, const Execution& execution)
    : m_layer(layer), m_dtype(execution.dtype),
      m_inputNorm(loadNorm(weights, weights.config().names.inputNorm, layer, execution)),
      m_attention(weights, layer, execution),
      m_moe(weights, *weights.config().moeLayer(layer),
            loadNorm(weights, weights.config().names.postAttentionNorm, layer, execution), execution) {}

void TransformerBlock::forward(std::span<const Sequence> sequences, const RotaryEmbedding& rotary, KvCache* cache,
                               Workspace& workspace, const at::Tensor& x_TD, BatchRouting& routing) const {
    const at::Tensor normed_TD = workspace.take(Slot::Normed, x_TD.sizes(), m_dtype);
    m_inputNorm.forward(x_TD, normed_TD, at::Tensor(), "layer " + std::to_string(m_layer));
    m_attention.addTo(normed_TD, sequences, rotary, cache, workspace, x_TD);
    m_moe.addTo(workspace, x_TD, routing);
}

} // namespace moescope
