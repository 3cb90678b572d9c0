#pragma once

#include <vector>

#include "app/service/recording.h"

namespace moescope {

struct TokenRange {
    TokenIndex begin = 0;
    TokenIndex end = 0;
    friend bool operator==(const TokenRange&, const TokenRange&) = default;
};

// The tokens of a run that a filter takes: ascending, disjoint, none empty.
std::vector<TokenRange> tokenRanges(const RunInfo& run, const RunFilter& filter);

// The same with the filter's token ids, which only the recording knows the places of.
std::vector<TokenRange> tokenRanges(const Recording& recording, const RunInfo& run, const RunFilter& filter);

// The MoE layers of a run that a filter takes, in the model's order.
std::vector<MoeLayerInfo> layersOf(const RunInfo& run, const RunFilter& filter);

bool takesLayer(const RunFilter& filter, LayerId layer);
bool takesExpert(const RunFilter& filter, std::int32_t expert);

// Throws Error(InvalidArgument) for a layer, expert, domain or token range that the run does not have; it names those
// there are.
void checkFilter(const RunInfo& run, const RunFilter& filter);

// One flag per token of a range: whether the filter takes it.
std::vector<std::uint8_t> tokenFlags(const std::vector<TokenRange>& ranges, TokenRange within);

} // namespace moescope
