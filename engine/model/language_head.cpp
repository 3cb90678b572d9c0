#include "engine/model/language_head.h"

#include <algorithm>

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "engine/model/token_loss.h"

namespace moescope {

at::Tensor LanguageHead::normed(const at::Tensor& x_TD, Workspace& workspace) const {
    const at::Tensor normed_TD = workspace.take(Slot::Normed, x_TD.sizes(), m_execution.dtype);
    m_norm.forward(x_TD, normed_TD, at::Tensor(), "final norm");
    return normed_TD;
}

at::Tensor LanguageHead::project(const at::Tensor& normed_TD) const {
    at::Tensor logits_TV = at::empty({normed_TD.size(0), m_projection.outputs()}, m_execution.floats());
    m_projection.forwardFloat(normed_TD, logits_TV);
    return m_divisor == 1.0F ? logits_TV : logits_TV.div_(double(m_divisor));
}

at::Tensor LanguageHead::logits(const at::Tensor& x_TD, Workspace& workspace) const {
    return project(normed(x_TD, workspace));
}

void LanguageHead::nll(const at::Tensor& x_TD, std::span<const std::int32_t> targets, Workspace& workspace,
                       std::span<float> nll) const {
    const at::Tensor normed_TD = normed(x_TD, workspace);
    if (m_divisor == 1.0F && !m_projection.isBiased()) {
        m_projection.tokenLoss(normed_TD, targets.data(), nll.data());
        return;
    }
    constexpr std::int64_t block = 256;
    for (std::int64_t begin = 0; begin < normed_TD.size(0); begin += block) {
        const std::int64_t rows = std::min(block, normed_TD.size(0) - begin);
        tokenLoss(project(normed_TD.narrow(0, begin, rows)), targets.data() + begin, nll.data() + begin);
    }
}

} // namespace moescope
