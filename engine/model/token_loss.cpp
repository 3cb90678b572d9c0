#include "engine/model/token_loss.h"

#include <cmath>

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "engine/model/execution.h"

namespace moescope {

void tokenLoss(const at::Tensor& logits_RV, const std::int32_t* targets, float* loss) {
    const std::int64_t rows = logits_RV.size(0);
    const at::Tensor target_R1 = at::from_blob(const_cast<std::int32_t*>(targets), {rows, 1}, at::kInt)
                                     .to(logits_RV.device(), at::kLong)
                                     .clamp_min(0);
    const at::Tensor logProb_R1 = logits_RV.log_softmax(-1).gather(1, target_R1).to(at::kCPU);
    for (std::int64_t r = 0; r < rows; ++r)
        loss[r] = targets[r] < 0 ? std::nanf("") : -dataOf<float>(logProb_R1)[r];
}

} // namespace moescope
