#include "engine/model/output_projection.h"

#include <ATen/TensorOperators.h>

namespace moescope {

OutputProjection::OutputProjection(const WeightSource& weights, const std::string& name, std::int32_t layer,
                                   const Execution& execution)
    : m_linear(weights, weightName(name, layer), weights.config().attention.outputBias, execution),
      m_multiplier(weights.config().residualMultiplier) {}

void OutputProjection::addTo(const at::Tensor& context_TN, Workspace& workspace, const at::Tensor& x_TD) const {
    if (m_multiplier == 1.0F) {
        m_linear.addTo(context_TN, x_TD);
        return;
    }
    const at::Tensor added_TD = workspace.take(Slot::Added, x_TD.sizes(), at::kFloat);
    m_linear.forwardFloat(context_TN, added_TD);
    x_TD.add_(added_TD, double(m_multiplier));
}

} // namespace moescope
