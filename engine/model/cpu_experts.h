#pragma once

#include <functional>
#include <vector>

#include "engine/kernels/inference/expert_order.h"
#include "engine/kernels/inference/packed_expert.h"
#include "engine/model/batch_routing.h"
#include "engine/model/weight_source.h"
#include "engine/model/workspace.h"

namespace moescope {

// One expert's matrices as stored, with its biases; empty where it has none.
struct ExpertWeights {
    StoredMatrix gate, up, down;
    std::vector<float> gateBias, upBias, downBias;
    ExpertActivation activation = ExpertActivation::SwiGlu;
    float limit = 0;
};

// Finds an expert's weights. Called from several threads.
using LoadExpert = std::function<ExpertWeights(std::int32_t expert)>;

// A layer's experts on the CPU kernels, computing in T.
template <class T>
class CpuExperts {
public:
    void resize(std::int64_t experts) { m_experts.resize(std::size_t(experts)); }
    // Reads, checks and packs; different experts may be set by different threads.
    void set(std::int64_t expert, const ExpertWeights& weights, const Execution& execution);
    std::size_t bytes() const;

    void addTo(const at::Tensor& normed_TD, const BatchRouting& routing, const ExpertOrder& order, Workspace& workspace,
               const at::Tensor& x_TD) const;

    // The same without keeping any expert: each is packed, run over all of its tokens and dropped, one a thread, while
    // `ahead` reads the next ones. Experts without tokens are not read, or not further than they were expected.
    static void stream(const LoadExpert& load, ReadAhead& ahead, const Execution& execution,
                       const at::Tensor& normed_TD, const BatchRouting& routing, const ExpertOrder& order,
                       Workspace& workspace, const at::Tensor& x_TD);

private:
    void addRow(const at::Tensor& normed_TD, const BatchRouting& routing, const ExpertOrder& order,
                Workspace& workspace, const at::Tensor& x_TD) const;

    std::vector<PackedExpert<T>> m_experts;
};

extern template class CpuExperts<float>;
extern template class CpuExperts<Bf16>;

} // namespace moescope
