#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/routing/routing_block.h"

namespace moescope {

// How many choices of one group of tokens an expert serves: from the fair share k T / E times the capacity factor.
enum class CapacityRounding : std::uint8_t {
    Floor, // floor(CF k T / E)                       MegaBlocks, arXiv 2211.15841
    Ceil,  // ceil(CF k T / E)                        Megatron-LM
    Ceil4, // ceil(CF k T / E), up to a multiple of 4  V-MoE, arXiv 2106.05974
};

// Who keeps a place when more choices fall on an expert than it serves.
enum class OverflowPolicy : std::uint8_t {
    Drop,     // all first choices in token order, then all second choices, ...        GShard, arXiv 2006.16668
    Priority, // the same, tokens sorted by their top-1 probability     V-MoE's batch-prioritized routing
    Prob,     // each expert keeps the choices of highest probability                  Megatron-LM
    Next,     // as Drop, but a choice without room goes to the token's next best expert that has room and that the
              // token does not use yet, else it is dropped
};

struct CapacityOptions {
    double factor = 1.25;
    std::int64_t fixed = -1; // choices per expert and group whatever the group's size; -1: by the factor
    CapacityRounding rounding = CapacityRounding::Floor;
    OverflowPolicy policy = OverflowPolicy::Drop;
    std::int32_t groupTokens = 1024; // consecutive tokens of the run; a shorter last group uses its own size

    friend bool operator==(const CapacityOptions&, const CapacityOptions&) = default;
};

// Throws Error(InvalidArgument) for a factor or group size that means nothing.
void checkCapacity(const CapacityOptions& options);

// The capacity of a group of `tokens`; computed as the named implementations do: (k T / E) CF in double, then rounded.
std::int64_t capacityOf(const CapacityOptions& options, std::int64_t tokens, std::int32_t topK, std::int32_t experts);

// Names as the command line writes them: floor ceil ceil4; drop priority prob next. Throw Error(InvalidArgument).
CapacityRounding capacityRounding(std::string_view name);
OverflowPolicy overflowPolicy(std::string_view name);
std::string_view nameOf(CapacityRounding rounding);
std::string_view nameOf(OverflowPolicy policy);

// The choices of one group of tokens. A view.
struct CapacityGroup {
    std::int32_t topK = 0;
    std::int32_t experts = 0;
    std::span<const std::uint16_t> ids;  // [tokens, topK]; kNoExpert: no choice
    std::span<const float> probs;        // [tokens, topK] prob of each choice; Priority and Prob need it
    std::span<const float> choiceScores; // [tokens, experts] what experts are chosen by; Next needs it

    std::size_t tokens() const { return ids.size() / std::size_t(topK); }
};

// ranks[t, slot]: the choice's place in its expert's queue, from 0; it is kept iff its rank is below the capacity, so
// one ranking answers every capacity. -1 where there is no choice. Not for Next, whose queues depend on the capacity.
// Equal probabilities go to the earlier token.
void queueRanks(const CapacityGroup& group, OverflowPolicy policy, std::span<std::int32_t> ranks);

// served[t, slot]: the expert that serves the choice: the chosen one (kept), another (rerouted) or kNoExpert (dropped,
// or no choice). Equal scores reroute to the lower expert id. Combine weights are not touched by any policy.
void serveGroup(const CapacityGroup& group, OverflowPolicy policy, std::int64_t capacity,
                std::span<std::uint16_t> served);

// What happened to the choices, by expert. For every expert assigned = kept + dropped + rerouted; the sums of
// rerouted and received are equal.
struct OverflowCounts {
    explicit OverflowCounts(std::int32_t experts = 0);

    std::vector<std::int64_t> assigned, kept, dropped, rerouted; // by the expert that was chosen
    std::vector<std::int64_t> received;                          // by the expert that a choice was rerouted to

    void add(std::span<const std::uint16_t> ids, std::span<const std::uint16_t> served);
    void add(const OverflowCounts& other);
    // A whole group by how many chose each expert: what every policy but `next` makes of it.
    void addGroup(std::span<const std::int64_t> chosen, std::int64_t capacity);
};

} // namespace moescope
