#include "engine/model/language_head.h"

#include <ATen/Functions.h>

namespace moescope {

at::Tensor LanguageHead::normed(const at::Tensor& x_TD, Workspace& workspace) const {
    const at::Tensor normed_TD = workspace.take(Slot::Normed, x_TD.sizes(), m_execution.dtype);
    m_norm.forward(x_TD, normed_TD, at::Tensor(), "final norm");
    return normed_TD;
}

at::Tensor LanguageHead::logits(const at::Tensor& x_TD, Workspace& workspace) const {
    at::Tensor logits_TV = at::empty({x_TD.size(0), m_projection.outputs()}, m_execution.floats());
    m_projection.forwardFloat(normed(x_TD, workspace), logits_TV);
    return logits_TV;
}

void LanguageHead::nll(const at::Tensor& x_TD, std::span<const std::int32_t> targets, Workspace& workspace,
                       std::span<float> nll) const {
    m_projection.tokenLoss(normed(x_TD, workspace), targets.data(), nll.data());
}

} // namespace moescope
