#pragma once

#include "engine/model/linear.h"
#include "engine/model/workspace.h"

namespace moescope {

// Attention's last matrix: from the heads back to the residual stream, times the model's residual multiplier.
class OutputProjection {
public:
    // `name`: a pattern of WeightNames, that of the layer's own attention where none is given.
    OutputProjection(const WeightSource& weights, std::int32_t layer, const Execution& execution)
        : OutputProjection(weights, weights.config().names.output, layer, execution) {}
    OutputProjection(const WeightSource& weights, const std::string& name, std::int32_t layer,
                     const Execution& execution);

    std::size_t bytes() const { return m_linear.bytes(); }

    // x_TD += multiplier * (context_TN W^T + b)
    void addTo(const at::Tensor& context_TN, Workspace& workspace, const at::Tensor& x_TD) const;

private:
    Linear m_linear;
    float m_multiplier;
};

} // namespace moescope
