#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "analysis/capacity_whatif.h"
#include "app/service/recording.h"

namespace moescope {

// What policy next needs of a layer, kept from one capacity to the next where it is not too large: making it of the
// recorded logits takes longer than serving the choices.
struct LayerScores {
    static constexpr std::int64_t kMostBytes = std::int64_t(128) << 20;
    LayerId layer;
    TokenIndex tokens = 0;
    std::vector<float> scores; // [tokens, experts] what experts are chosen by
};

// What one layer loses at a capacity, down to the token. For policies drop, priority and prob the ranks of all choices
// answer every capacity; next is served again for each.
struct LayerOverflow {
    LayerId layer;
    CapacityOptions options;                // those it was read with
    std::int32_t topK = 0, experts = 0;     // topK: slots
    std::int32_t meantTopK = 0;             // what the capacity is a share of (Recording::topK)
    std::vector<std::int32_t> ranks;        // [tokens, topK] place in the expert's queue, -1: no choice; not for next
    std::vector<std::uint16_t> ids, served; // [tokens, topK]; served for next only
    std::shared_ptr<const CapacityWhatIf> whatIf; // not for next
    OverflowCounts counts;                        // next only
    OverflowTotals totals;                        // next only
    std::shared_ptr<const LayerScores> scores;    // next only; null where too large
    TokenIndex of = 0;                            // tokens of the run; those beyond tokens() are not known yet

    TokenIndex tokens() const { return topK == 0 ? 0 : TokenIndex(ids.size()) / topK; }
    bool isSample() const { return tokens() < of; }
    // Whether this answers `now` without reading again.
    bool answers(const CapacityOptions& now) const;
    bool dropped(TokenIndex token, int slot, const CapacityOptions& now) const;
    int droppedSlots(TokenIndex token, const CapacityOptions& now) const;
    int droppedSlots(TokenIndex token, std::int64_t capacity) const; // of the token's group
    int choices(TokenIndex token) const;
    std::int64_t capacityAt(TokenIndex token, const CapacityOptions& now) const;

private:
    bool droppedAt(std::size_t choice, std::int64_t capacity) const;
};

// By expert, for bars against the capacity.
struct ExpertOverflow {
    std::vector<std::int64_t> assigned, dropped, received;
};
ExpertOverflow overflowByExpert(const LayerOverflow& layer, const CapacityOptions& options);
OverflowTotals overflowTotals(const LayerOverflow& layer, const CapacityOptions& options);

// At most so many tokens that lose experts, those that lose all first.
std::vector<TokenIndex> lostTokens(const LayerOverflow& layer, const CapacityOptions& options, std::size_t most);

constexpr TokenIndex kOverflowSample = 8192;
using DeliverOverflow = std::function<void(std::shared_ptr<const LayerOverflow>)>;
// Of a run of at least two samples first that sample where the policy needs logits, then all of it. known: what an
// earlier answer held. Throws Error(Unsupported) where the policy needs logits the run does not hold.
void readLayerOverflow(const Recording& recording, const RunInfo& run, LayerId layer, const CapacityOptions& options,
                       const std::shared_ptr<const LayerScores>& known, std::stop_token stop,
                       const DeliverOverflow& deliver);
LayerOverflow readLayerOverflow(const Recording& recording, const RunInfo& run, LayerId layer,
                                const CapacityOptions& options, std::stop_token stop);

} // namespace moescope
