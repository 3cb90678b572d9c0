#pragma once

#include <cstdint>
#include <span>

#include "engine/routing/moe_config.h"
#include "engine/routing/routing_block.h"

namespace moescope {

// Top-k routing with the gate of `layer`: from raw router logits to the chosen experts and their combine weights.
// The engine and the replay both call this, so a replay of f32 logits gives the recorded ids and weights bit for bit.
//
//   Softmax            p = softmax(logits); the k largest; weights p_e          Mixtral, arXiv 2401.04088
//   Sigmoid            s = sigmoid(logits); the k largest s + bias; weights s_e  DeepSeek-V3, arXiv 2412.19437
//   SoftmaxOverChosen  the k largest logits; weights softmax over those k        gpt-oss, Granite
//   SparseMixer        k times: take the largest logit m left; its weight is the softmax over the logits left with
//                      (m - l) / max(|l|, m) <= 2 x jitter                             Phi-3.5-MoE, arXiv 2310.00811
// Groups (DeepSeek): experts are `groups` equal runs of ids, only the topkGroups best groups (by their largest score,
// or by the sum of their two largest) take part. Then `renormalize` divides the weights by their sum (Softmax and
// Sigmoid) and `scale` multiplies them.
//
// Slots are ordered by weight, the strongest first (SparseMixer: in the order taken). Where the score grows with the
// logit the logits are compared, which are finer than rounded scores; ties go to the lower expert id. A logit of -inf
// takes its expert out; when fewer than k are left the last slots hold kNoExpert with weight 0.
// Throws Error(InvalidArgument) naming token and expert for a NaN or +inf logit, and for a gate that cannot be.
//
// logits [tokens, experts], ids and weights [tokens, topK]; `first` is the run's index of the first token, for
// messages. Thread safe.
void routeTopK(const MoeLayerInfo& layer, std::span<const float> logits, std::span<std::uint16_t> ids,
               std::span<float> weights, TokenIndex first = 0);

// The weights that the layer's gate gives to experts chosen in another way (Sinkhorn, an assignment, an intervention):
// its scores of the chosen ones, renormalised and scaled as the gate does. Orders each token's slots by weight, the
// strongest first; equal weights by expert. Slots with kNoExpert get 0. ids: distinct experts for each token.
// Throws Error(InvalidArgument) for SparseMixer, whose weights depend on the order in which it takes experts.
void weighChosen(const MoeLayerInfo& layer, std::span<const float> logits, std::span<std::uint16_t> ids,
                 std::span<float> weights);

// Throws Error(InvalidArgument) unless routeTopK can route with this gate.
void checkGate(const MoeLayerInfo& layer);

} // namespace moescope
