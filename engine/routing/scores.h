#pragma once

#include <span>

#include "engine/routing/moe_config.h"

namespace moescope {

// "prob" of the exports and views, the family's score over all experts: softmax of the logits (also where the weights
// are a softmax over the chosen k), sigmoid for DeepSeek-V3. A token whose logits are all -inf gets zeros.
// logits and probs: [experts], no NaN.
void probabilities(const MoeConfig& moe, std::span<const float> logits, std::span<float> probs);

// What experts are ranked by: prob, plus the layer's selection bias, -inf outside the groups that group-limited
// routing keeps. probs and scores: [experts]; they may be the same memory.
void selectionScores(const MoeLayerInfo& layer, std::span<const float> probs, std::span<float> scores);

// Router margin: selection score of rank k minus that of rank k+1, how close the token was to another route.
// NaN where there is no rank k+1 (k = experts, or no other expert in the groups kept). `scores` is reordered.
float routerMargin(std::span<float> scores, std::int32_t topK);

// ln sum_e e^(logits_e), the z-loss's term; -inf where every logit is.
double logSumExp(std::span<const float> logits);

} // namespace moescope
