#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "engine/routing/capacity.h"

namespace moescope {

// What a capacity costs one layer.
struct OverflowTotals {
    std::int64_t capacity = 0; // of a full group
    std::int64_t tokens = 0;
    std::int64_t assigned = 0;
    std::int64_t dropped = 0;          // choices
    std::int64_t tokensLosingSome = 0; // at least one choice
    std::int64_t tokensLosingAll = 0;  // every choice
    double droppedShare() const { return assigned == 0 ? 0 : double(dropped) / double(assigned); }
    void add(const OverflowTotals& other);
};

// Exact overflow of one layer for every capacity at once. One pass ranks each choice in its expert's queue; a choice
// is dropped iff its rank is not below the capacity, so histograms of ranks answer any capacity factor, rounding or
// fixed capacity without another look at the tokens: a slider moves in microseconds. Group size and policy need a new
// pass. Policy Next depends on the capacity and has to be served again (CapacityGroups, serveGroup).
class CapacityWhatIf {
public:
    // policy: Drop, Priority or Prob. groupTokens: tokens of a full group. choices: the experts a token has on average,
    // which the fair share is of; 0: topK, all slots.
    CapacityWhatIf(std::int32_t experts, std::int32_t topK, OverflowPolicy policy, std::int32_t groupTokens,
                   std::int32_t choices = 0);

    void add(const CapacityGroup& group);
    void add(const CapacityWhatIf& other); // of other groups

    // Of `options` only factor, fixed and rounding count.
    OverflowTotals at(const CapacityOptions& options) const;
    // at() for each factor, in one sweep over the histograms.
    std::vector<OverflowTotals> curve(CapacityOptions options, std::span<const double> factors) const;
    // Dropped choices by expert; O(groups x experts).
    std::vector<std::int64_t> droppedByExpert(const CapacityOptions& options) const;
    std::vector<std::int64_t> assignedByExpert() const;

private:
    // Choices and tokens of all groups of one size.
    struct Ranks {
        std::int64_t tokens = 0;
        std::int64_t choices = 0;
        std::vector<std::int64_t> choice; // [rank] choices
        std::vector<std::int64_t> worst;  // [rank] tokens by the largest rank of their choices
        std::vector<std::int64_t> best;   // [rank] tokens by the smallest
        std::vector<std::uint32_t> load;  // [groups, experts]
    };
    void count(Ranks& ranks, const CapacityGroup& group) const;

    std::int32_t m_experts, m_topK, m_choices;
    OverflowPolicy m_policy;
    std::int32_t m_groupTokens;
    std::map<std::size_t, Ranks> m_bySize; // by tokens per group: the full groups and the shorter last one
    std::vector<std::int32_t> m_ranks;     // scratch
};

} // namespace moescope
