#pragma once

#include <memory>
#include <optional>

#include "engine/model/attention.h"
#include "engine/model/cross_attention.h"
#include "engine/model/moe_layer.h"

namespace moescope {

// One layer: x += attention(norm(x)); in a decoder beside an encoder x += crossAttention(norm(x), encoded);
// x += moe(norm(x)), or a dense block in place of the mixture.
class TransformerBlock {
public:
    // Reads and packs the layer's weights; kept experts when a token first takes them.
    TransformerBlock(const WeightSource& weights, std::int32_t layer, const Execution& execution);

    std::size_t bytes() const;

    // `routing` is left alone by a dense layer; `encoded` is what the decoder beside an encoder reads, null elsewhere.
    void forward(std::span<const Sequence> sequences, const Positions& positions, KvCache* cache,
                 EncoderOutput* encoded, Workspace& workspace, const at::Tensor& x_TD, BatchRouting& routing) const;

    // Reads and packs the experts that no token has taken so far.
    void packRest() const {
        if (m_moe)
            m_moe->packRest();
    }

private:
    struct Dense {
        Norm norm;
        FeedForward block;
    };

    std::int32_t m_layer;
    at::ScalarType m_dtype;
    Norm m_inputNorm;
    std::unique_ptr<Attention> m_attention;
    std::optional<CrossAttention> m_cross;
    std::optional<MoeLayer> m_moe; // either this
    std::optional<Dense> m_dense;  // or this
};

} // namespace moescope
