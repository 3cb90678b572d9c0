#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "analysis/capacity_whatif.h"
#include "app/service/recording.h"

namespace moescope {

// What one layer loses at a capacity, down to the token. For policies drop, priority and prob the ranks of all choices
// answer every capacity; next is served again for each.
struct LayerOverflow {
    LayerId layer;
    CapacityOptions options; // those it was read with
    std::int32_t topK = 0, experts = 0;
    std::vector<std::int32_t> ranks;        // [tokens, topK] place in the expert's queue, -1: no choice; not for next
    std::vector<std::uint16_t> ids, served; // [tokens, topK]; served for next only
    std::shared_ptr<const CapacityWhatIf> whatIf; // not for next
    OverflowCounts counts;                        // next only

    TokenIndex tokens() const { return topK == 0 ? 0 : TokenIndex(ids.size()) / topK; }
    // Whether this answers `now` without reading again.
    bool answers(const CapacityOptions& now) const;
    bool dropped(TokenIndex token, int slot, const CapacityOptions& now) const;
    int droppedSlots(TokenIndex token, const CapacityOptions& now) const;
    int choices(TokenIndex token) const;
    std::int64_t capacityAt(TokenIndex token, const CapacityOptions& now) const;
};

// By expert, for bars against the capacity.
struct ExpertOverflow {
    std::vector<std::int64_t> assigned, dropped, received;
};
ExpertOverflow overflowByExpert(const LayerOverflow& layer, const CapacityOptions& options);
OverflowTotals overflowTotals(const LayerOverflow& layer, const CapacityOptions& options);

// Throws Error(Unsupported) where the policy needs logits the run does not hold.
LayerOverflow readLayerOverflow(const Recording& recording, const RunInfo& run, LayerId layer,
                                const CapacityOptions& options, std::stop_token stop);

} // namespace moescope
