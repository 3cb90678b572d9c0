#pragma once

#include "engine/model/attention.h"
#include "engine/model/moe_layer.h"

namespace moescope {

// One decoder layer: x += attention(norm(x)); x += moe(norm(x)).
class TransformerBlock {
public:
    // Reads and packs the layer's weights.
    TransformerBlock(const WeightSource& weights, std::int32_t layer, const Execution& execution);

    std::size_t bytes() const { return m_attention.bytes() + m_moe.bytes(); }

    void forward(std::span<const Sequence> sequences, const RotaryEmbedding& rotary, KvCache* cache,
                 Workspace& workspace, const at::Tensor& x_TD, BatchRouting& routing) const;

private:
    std::int32_t m_layer;
    at::ScalarType m_dtype;
    RmsNorm m_inputNorm;
    Attention m_attention;
    MoeLayer m_moe;
};

} // namespace moescope
