#pragma once

#include <functional>
#include <memory>

#include "engine/model/batch_routing.h"
#include "engine/model/cpu_experts.h"
#include "engine/model/workspace.h"

namespace moescope {

// Feed-forward blocks of a layer, of which each token takes some: the routed experts; or one that every token takes,
// as a dense layer or a shared expert. Tokens are sorted by expert, so that each expert multiplies all of its tokens at
// once.
class Experts {
public:
    // Reads and packs the experts now; on the CPU kernels the routed experts of a `layer` when a token first takes
    // them, or with `ahead`, which reads them, anew for each batch: `load` then lives as long as this. Routed experts
    // run on the execution's DeviceBackend where there is one.
    Experts(std::int64_t experts, LoadExpert load, const Execution& execution, ReadAhead* ahead = nullptr,
            std::int32_t layer = -1);

    std::size_t bytes() const;

    // x_TD += sum over the token's experts of weight * expert(normed_TD).
    void addTo(const at::Tensor& normed_TD, const BatchRouting& routing, Workspace& workspace,
               const at::Tensor& x_TD) const;

    // Reads and packs those that no token has taken so far.
    void packRest() const;

    struct Store; // the weights, packed for where they run
private:
    std::shared_ptr<Store> m_store;
};

} // namespace moescope
