#pragma once

#include <span>

#include "engine/model/batch_routing.h"
#include "engine/model/execution.h"
#include "engine/model/sequence.h"

namespace moescope {

// Switch Transformers' capacity (Fedus et al., arXiv 2101.03961): an expert serves the first `capacity` tokens of a
// sequence that choose it. The others lose their expert (kNoExpert, weight 0) and get weight * normed_TD instead:
// x_TD += that.
void dropOverCapacity(std::int32_t capacity, std::span<const Sequence> sequences, const at::Tensor& normed_TD,
                      const at::Tensor& x_TD, BatchRouting& routing);

} // namespace moescope
