#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace moescope {

// GShard's random routing (Lepikhin et al., arXiv 2006.16668, algorithm 1): a token's second expert gets it only where
//
//   2 g2 > uniform(0, 1),   g1 + g2 = 1 the weights of its two experts,
//
// as a second expert of little weight is worth neither its place nor the transfer. The first always gets it. A choice
// that is not dispatched waits in no queue: it takes no place from others. The weight of the first stays g1.
//
// Clears (kNoExpert) the second choices that are not dispatched. ids, weights: [tokens, 2], the stronger first, the
// weights summing to 1; uniform: [tokens].
void dispatchSecondAtRandom(std::span<const float> weights, std::span<const float> uniform,
                            std::span<std::uint16_t> ids);

// Numbers in [0, 1) from a counter: the same for the same seed, step and layer, on every machine.
std::vector<float> uniformNumbers(std::uint64_t seed, std::int64_t step, std::int32_t layer, std::size_t count);

} // namespace moescope
