#pragma once

#include <span>

#include "engine/model/encoder_output.h"
#include "engine/model/linear.h"
#include "engine/model/norm.h"
#include "engine/model/output_projection.h"
#include "engine/model/weight_source.h"
#include "engine/model/workspace.h"

namespace moescope {

// A decoder's second attention, over what an encoder made of another text (Vaswani et al., arXiv 1706.03762): every
// token sees all of it; positions have no part.
class CrossAttention {
public:
    CrossAttention(const WeightSource& weights, std::int32_t layer, const Execution& execution);

    std::size_t bytes() const { return m_query.bytes() + m_keyValue.bytes() + m_output.bytes(); }

    // x_TD += attention(norm(x_TD), encoded)
    void addTo(std::span<const Sequence> sequences, EncoderOutput& encoded, Workspace& workspace,
               const at::Tensor& x_TD) const;

private:
    at::Tensor keysAndValues(EncoderOutput& encoded, Workspace& workspace) const;

    AttentionConfig m_config;
    std::int32_t m_layer;
    Execution m_execution;
    Norm m_norm;
    Linear m_query, m_keyValue;
    OutputProjection m_output;
};

} // namespace moescope
