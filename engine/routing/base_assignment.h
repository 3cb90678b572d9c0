#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/routing/routing_block.h"

namespace moescope {

// BASE layers (Lewis et al., arXiv 2103.16716, section 3.1): the assignment of largest total score in which every
// expert gets the same number of tokens,
//
//   maximise sum_t sum_{e in A_t} score[t, e]   subject to |A_t| = k distinct experts, |{t: e in A_t}| = k T / E,
//
// by the auction algorithm (Bertsekas 1992) for equal places: tokens bid for an expert's cheapest place, prices only
// rise, the increment falls from phase to phase. The published layers use k = 1. The total is within k T x
// `kAuctionPrecision` x (largest - smallest score) of the best possible.
// Where E does not divide k T the experts that most tokens like best (ties: the lower id) serve one more.
// Sees the whole group: not causal.
inline constexpr double kAuctionPrecision = 1e-4;

// scores [tokens, experts]; -inf: not to be used. Such a place may still have to be taken to keep the balance, and is
// then left empty (kNoExpert). ids [tokens, topK]: strongest score first. Throws Error(InvalidArgument) unless
// 1 <= topK <= experts.
void assignBalanced(std::span<const float> scores, std::int32_t experts, std::int32_t topK,
                    std::span<std::uint16_t> ids);

// How many places each expert has for `tokens` tokens: k T / E, the remainder as above.
std::vector<std::int64_t> balancedPlaces(std::span<const float> scores, std::int32_t experts, std::int32_t topK);

} // namespace moescope
