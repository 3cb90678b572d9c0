#pragma once

#include "engine/model/attend.h"
#include "engine/model/attention.h"
#include "engine/model/linear.h"
#include "engine/model/output_projection.h"

namespace moescope {

// Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434, section 2.1). A token's keys and values of all heads are
// made from `kvRank` numbers; with the one rotated part that all heads share, these are all that a cache keeps. A batch
// expands them to keys and values; with a cache the expanding matrices are applied to queries and results instead
// (their "absorbed" form), so that attention runs over the compressed rows.
class LatentAttention final : public Attention {
public:
    LatentAttention(const WeightSource& weights, std::int32_t layer, const Execution& execution);

    std::size_t bytes() const override;

    void addTo(const at::Tensor& normed_TD, std::span<const Sequence> sequences, const Positions& positions,
               KvCache* cache, Workspace& workspace, const at::Tensor& x_TD) const override;

private:
    at::Tensor queries(const at::Tensor& normed_TD, std::span<const Sequence> sequences, const Positions& positions,
                       Workspace& workspace) const;
    at::Tensor latents(const at::Tensor& normed_TD, std::span<const Sequence> sequences, const Positions& positions,
                       Workspace& workspace) const;
    void attendExpanded(const at::Tensor& q_TN, const at::Tensor& latent_SN, std::span<const Sequence> sequences,
                        bool cached, Workspace& workspace, const at::Tensor& out_TN) const;
    template <class T>
    void attendAbsorbed(const at::Tensor& q_TN, const at::Tensor& latent_SN, const Sequence& sequence,
                        Workspace& workspace, const at::Tensor& out_TN) const;
    AttentionShape shape() const;

    AttentionConfig m_config;
    LatentConfig m_latent;
    std::int32_t m_layer;
    Execution m_execution;
    Linear m_query, m_queryDown, m_queryUp; // in one step, or in two
    at::Tensor m_queryNorm;
    Linear m_kvDown, m_kvUp;
    at::Tensor m_kvNorm;
    at::Tensor m_kvUpPlain; // [heads * (nope + value), kvRank], for the absorbed form
    OutputProjection m_output;
};

} // namespace moescope
