#pragma once

#include <memory>

#include "engine/model/batch_routing.h"
#include "engine/model/weight_source.h"
#include "engine/model/workspace.h"
#include "engine/routing/moe_config.h"

namespace moescope {

// The experts of a layer: SwiGLU blocks, down(silu(gate x) * up x). Tokens are sorted by expert, so that each expert
// multiplies all of its tokens at once.
class Experts {
public:
    Experts(const WeightSource& weights, const MoeLayerInfo& info, const Execution& execution);

    std::size_t bytes() const;

    // x_TD += sum over the token's experts of weight * expert(normed_TD).
    void addTo(const at::Tensor& normed_TD, const BatchRouting& routing, Workspace& workspace,
               const at::Tensor& x_TD) const;

    struct Store; // the weights, packed for where they run
private:
    std::shared_ptr<const Store> m_store;
};

} // namespace moescope
