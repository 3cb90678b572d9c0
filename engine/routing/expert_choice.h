#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/routing/routing_block.h"

namespace moescope {

// Expert-choice routing (Zhou et al., arXiv 2202.09368, section 3.2): with S = softmax(logits) over the experts, each
// expert takes the C tokens of its largest S[t, e], and weighs them with S. Every expert serves the same number of
// tokens; a token may get none to all experts. An expert sees the whole group when it chooses, later tokens included,
// so perplexity under it is not comparable with that of causal routing.
struct ExpertChoice {
    std::int32_t experts = 0;
    std::int64_t capacity = 0;
    std::vector<std::int32_t> tokens; // [experts, capacity] the group's tokens, strongest first; -1: none left
    std::vector<float> weights;       // [experts, capacity] their scores, not renormalised
};

// The k T / E tokens an expert takes so that tokens get topK experts on average; rounded to the nearest (half up),
// at least 1, at most `tokens`.
std::int64_t expertChoiceCapacity(std::int64_t tokens, std::int32_t topK, std::int32_t experts);

// scores: [tokens, experts], what is chosen by and weighed with; -inf or NaN: this expert cannot take this token.
// Equal scores go to the earlier token. capacity: 0 to the number of tokens.
ExpertChoice chooseTokens(std::span<const float> scores, std::int32_t experts, std::int64_t capacity);

// The largest number of experts that chose one token.
std::int32_t widestToken(const ExpertChoice& choice, std::int64_t tokens);

// The same choice by token: ids and weights [tokens, slots], strongest first, unused slots kNoExpert with weight 0.
// Equal weights: the lower expert first. Where more than `slots` experts chose a token the weakest are left out.
void byToken(const ExpertChoice& choice, std::int32_t slots, std::span<std::uint16_t> ids, std::span<float> weights);

} // namespace moescope
