#pragma once

#include "engine/model/execution.h"

namespace moescope {

// In place: each of `heads` vectors of `gain_D`'s width in every row of x_TN, one behind the other, times
// gain / sqrt(mean(x^2) + eps).
void normHeads(const at::Tensor& x_TN, std::int64_t heads, const at::Tensor& gain_D, float eps,
               const Execution& execution);

// In place: every element limited to +-limit.
void clampRows(const at::Tensor& x_TN, float limit, const Execution& execution);

} // namespace moescope
