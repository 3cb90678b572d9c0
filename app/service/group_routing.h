#pragma once

#include <cstdint>
#include <string_view>

#include "db/run_info.h"

namespace moescope {

// The strategy of a run whose tokens did not choose their experts one by one: "expert-choice", "sinkhorn" or "base",
// assigned over many tokens at once; empty for any other run. Its routes depend on later tokens, do not follow from
// its gate alone, and its loads are even over those tokens (under Sinkhorn nearly so), not over every few of them.
// Models that were trained with sinkhorn or base route token by token when they are used.
std::string_view groupRouting(const RunInfo& run);

// The tokens that a replay assigned at once; 0 where that is not known.
std::int64_t tokensAssignedAtOnce(const RunInfo& run);
// Whether such a run need not be even over groups of so many consecutive tokens. Groups made of whole ones that a
// replay assigned at once hold what its strategy did.
bool evenOverOtherGroups(const RunInfo& run, std::int64_t groupTokens);

inline constexpr std::string_view kExpertChoice = "expert-choice";

// The value of a run's provenance; empty where it is not there.
std::string_view provenanceValue(const RunInfo& run, std::string_view key);

// Keys of the provenance that say so.
inline constexpr std::string_view kReplayOf = "replay of";
inline constexpr std::string_view kRoutedBy = "strategy"; // of a replay or a training
inline constexpr std::string_view kModelRouting = "routing";
inline constexpr std::string_view kExpertChoiceModel = "expert-choice among the tokens that run together";

} // namespace moescope
