#pragma once

#include <ATen/core/Tensor.h>

namespace moescope {

// Switch-style auxiliary loss over the whole batch as one group: E sum_e f_e P_e, f_e the share of all k T assignments,
// P_e the mean router probability; 1 when balanced (Fedus et al., arXiv 2101.03961, eq. 4; f over all k choices as in
// GShard-style top-k training). logits [N, E], ids [N, k].
at::Tensor auxiliaryLoss(const at::Tensor& logits_NE, const at::Tensor& ids_NK);

// Router z-loss: mean over tokens of logsumexp(logits)^2 (ST-MoE, arXiv 2202.08906, eq. 5).
at::Tensor routerZLoss(const at::Tensor& logits_NE);

} // namespace moescope
