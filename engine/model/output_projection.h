#pragma once

#include "engine/model/linear.h"
#include "engine/model/workspace.h"

namespace moescope {

// Attention's last matrix: from the heads back to the residual stream, times the model's residual multiplier.
class OutputProjection {
public:
    OutputProjection(const WeightSource& weights, std::int32_t layer, const Execution& execution);

    std::size_t bytes() const { return m_linear.bytes(); }

    // x_TD += multiplier * (context_TN W^T + b)
    void addTo(const at::Tensor& context_TN, Workspace& workspace, const at::Tensor& x_TD) const;

private:
    Linear m_linear;
    float m_multiplier;
};

} // namespace moescope
