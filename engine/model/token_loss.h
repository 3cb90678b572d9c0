#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace moescope {

// loss[r] = -log softmax(logits_RV)[r, targets[r]], NaN where the target is below 0. The logits, in f32, stay on their
// device; targets and loss are the host's [R].
void tokenLoss(const at::Tensor& logits_RV, const std::int32_t* targets, float* loss);

} // namespace moescope
