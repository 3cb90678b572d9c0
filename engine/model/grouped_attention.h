#pragma once

#include "engine/kernels/inference/attention.h"
#include "engine/model/attention.h"
#include "engine/model/linear.h"
#include "engine/model/output_projection.h"

namespace moescope {

// Grouped-query attention (Ainslie et al., arXiv 2305.13245): with the options of AttentionConfig, every family's but
// DeepSeek's.
class GroupedAttention final : public Attention {
public:
    GroupedAttention(const WeightSource& weights, std::int32_t layer, const Execution& execution);

    std::size_t bytes() const override { return m_qkv.bytes() + m_output.bytes(); }

    void addTo(const at::Tensor& normed_TD, std::span<const Sequence> sequences, const Positions& positions,
               KvCache* cache, Workspace& workspace, const at::Tensor& x_TD) const override;

private:
    void prepare(const at::Tensor& qkv_TN, std::span<const Sequence> sequences, const Positions& positions) const;
    AttentionShape shapeFor(const Positions& positions) const;

    AttentionConfig m_config;
    float m_normEps;
    std::int32_t m_layer;
    Execution m_execution;
    Linear m_qkv;
    OutputProjection m_output;
    at::Tensor m_queryNorm, m_keyNorm;
    std::vector<float> m_sinks;
};

} // namespace moescope
