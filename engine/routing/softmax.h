#pragma once

#include <span>

#include "engine/routing/router_exp.h"

namespace moescope {

// probs_e = e^(logits_e - max) / sum, in f32. logits: no NaN, no +inf, at least one finite; -inf gives 0.
// The two spans have one length and may be the same memory.
void softmax(std::span<const float> logits, std::span<float> probs);

// scores_e = 1 / (1 + e^-logits_e), in f32.
void sigmoid(std::span<const float> logits, std::span<float> scores);

} // namespace moescope
