#pragma once

#include <cstdint>
#include <span>

#include "engine/routing/routing_block.h"

namespace moescope {

// Load balancing without an auxiliary loss (Wang et al., arXiv 2408.15664, algorithm 1; DeepSeek-V3, arXiv 2412.19437):
// experts are chosen on s + b and weighed with s. That choice is routeTopK with b as the layer's selectionBias; here
// is the rule that learns b from what each batch sent where.

inline constexpr double kCorrectionRate = 0.001; // u of both papers

// load[e] += choices that fall on e. Slots without an expert do not count.
void addLoad(std::span<const std::uint16_t> ids, std::span<std::int64_t> load);

// After a batch: b_e += rate sign(mean n - n_e). An expert with exactly the mean load keeps its bias.
// load and bias: [experts].
void updateCorrectionBias(std::span<const std::int64_t> load, double rate, std::span<float> bias);

// Largest excess over the mean load, (max n - mean n) / mean n (arXiv 2408.15664, eq. 4): "batch" for one batch's
// load, "global" for a whole run's. 0 without any load.
double maxViolation(std::span<const std::int64_t> load);

} // namespace moescope
