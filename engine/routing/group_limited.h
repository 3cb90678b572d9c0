#pragma once

#include <span>

#include "engine/routing/moe_config.h"

namespace moescope {

// Group-limited (node-limited) routing: experts are `moe.groups` equal runs of ids, and a token may only use the
// topkGroups best groups. A group's score is its largest score (Max: DeepSeek-V2, arXiv 2405.04434, section 2.1.2) or
// the sum of its two largest, bias included (TopTwoSum: DeepSeek-V3, arXiv 2412.19437, section 2.1.2).
//
// Sets the scores of all other groups to -inf, as DeepSeek's own code does; filling with 0, as some ports do, lets
// masked experts win over kept ones of negative biased score. Equal groups: the lower one is kept. No-op where
// nothing is limited. scores: [experts], what experts are chosen by.
void maskLosingGroups(const MoeConfig& moe, std::span<float> scores);

} // namespace moescope
