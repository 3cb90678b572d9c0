#include "engine/training/balancing.h"

#include <ATen/ATen.h>

namespace moescope {

at::Tensor auxiliaryLoss(const at::Tensor& logits_NE, const at::Tensor& ids_NK) {
    const std::int64_t experts = logits_NE.size(1);
    const at::Tensor share_E =
        at::bincount(ids_NK.flatten(), {}, experts).to(logits_NE.scalar_type()) / double(ids_NK.numel());
    const at::Tensor meanProb_E = at::softmax(logits_NE, -1).mean(0);
    return (share_E * meanProb_E).sum() * double(experts);
}

at::Tensor routerZLoss(const at::Tensor& logits_NE) {
    return at::logsumexp(logits_NE, -1).square().mean();
}

} // namespace moescope
