#pragma once

#include <memory>
#include <span>

#include "engine/model/kv_cache.h"
#include "engine/model/linear.h"
#include "engine/model/rotary_embedding.h"
#include "engine/model/sequence.h"
#include "engine/model/weight_source.h"
#include "engine/model/workspace.h"

namespace moescope {

// Causal grouped-query attention (Ainslie et al., arXiv 2305.13245) with an optional sliding window.
class Attention {
public:
    Attention(const WeightSource& weights, std::int32_t layer, const Execution& execution);

    std::size_t bytes() const { return m_qkv.bytes() + m_output.bytes(); }

    // x_TD += attention(normed_TD). With a cache there is one sequence, whose keys and values are appended to it.
    void addTo(const at::Tensor& normed_TD, std::span<const Sequence> sequences, const RotaryEmbedding& rotary,
               KvCache* cache, Workspace& workspace, const at::Tensor& x_TD) const;

private:
    struct Views;
    void attendWithTorch(const Views& views, const Sequence& sequence) const;
    void attendAll(const Views& views, std::span<const Sequence> sequences, bool cached) const;

    AttentionConfig m_config;
    std::int32_t m_layer;
    Execution m_execution;
    Linear m_qkv;
    Linear m_output;
};

} // namespace moescope
