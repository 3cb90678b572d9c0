#pragma once

#include "engine/kernels/cuda/sort_groups.h"
#include "engine/kernels/cuda/token_scores.h"
#include "engine/routing/no_expert.h"

namespace moescope::cuda {

// Who goes first in the experts' queues (OverflowPolicy in engine/routing/capacity.h; Next, which goes token by token,
// is left to the CPU).
enum class QueueOrder : std::uint8_t {
    Slots,   // all first choices in token order, then all second choices, ...              Drop
    Tokens,  // the same, tokens by their largest prob                                      Priority
    Choices, // all choices by their prob                                                   Prob
};

// Routes under a capacity, in place, as limitToCapacity (engine/routing/limit_capacity.h) does for groups of
// consecutive tokens: a choice whose place in its expert's queue is not below the capacity leaves its slot; slots are
// then ordered by weight, empty ones last.
struct LimitCall {
    Gate gate;
    QueueOrder order = QueueOrder::Slots;
    std::int64_t tokens = 0;
    std::int64_t groupTokens = 0;
    std::int64_t capacity = 0;       // of a group
    std::int64_t lastCapacity = 0;   // of the last one, which may be shorter
    const float* logits = nullptr;   // [tokens, experts]; may be null for Slots
    std::uint16_t* ids = nullptr;    // [tokens, topK]
    float* weights = nullptr;        // [tokens, topK]
    std::uint16_t* served = nullptr; // [tokens, topK] receives the expert that serves each of the slots as they were
    float* probs = nullptr;          // scratch [tokens, topK], not for Slots
    float* values = nullptr;         // scratch [tokens], for Tokens
    std::int32_t* sorted = nullptr;  // scratch [tokens, topK], not for Slots
    std::int32_t* sorting = nullptr; // scratch [tokens, topK], not for Slots

    MOESCOPE_HOST_DEVICE std::int64_t groups() const { return divideUp(tokens, groupTokens); }
    // What one stands in line with: tokens or choices.
    MOESCOPE_HOST_DEVICE int perToken() const { return order == QueueOrder::Choices ? gate.topK : 1; }
    MOESCOPE_HOST_DEVICE std::int64_t tokensOf(std::int64_t group) const {
        const std::int64_t left = tokens - group * groupTokens;
        return left < groupTokens ? left : groupTokens;
    }
    SortCall sort() const {
        return {tokens * perToken(), groupTokens * perToken(), order == QueueOrder::Choices ? probs : values, sorted,
                sorting};
    }
};

// probs[t, slot], 0 for an empty slot, and values[t], the token's largest. One warp a token.
template <int PerLane>
struct ScoreChoices {
    using Call = LimitCall;
    static constexpr int kWarps = 4;
    static LaunchShape shape(const Call& call) { return {divideUp(call.tokens, kWarps), kWarps * kWarp, 0}; }

    template <class Block>
    static MOESCOPE_DEVICE void run(Block& block, const Call& call) {
        const std::int64_t token = block.index() * kWarps + block.warp();
        if (token >= call.tokens)
            return;
        const Gate& gate = call.gate;
        TokenScores<PerLane, Block> scores(block, gate);
        scores.load(call.logits + token * gate.experts);
        scores.computeScores();
        float largest = 0.0F;
        for (int slot = 0; slot < gate.topK; ++slot) {
            const std::uint16_t id = call.ids[token * gate.topK + slot];
            float prob = 0.0F;
            MOESCOPE_UNROLL
            for (int i = 0; i < PerLane; ++i)
                prob = scores.expert(i) == id ? scores.score(i) : prob;
            prob = block.shuffle(prob, id % kWarp);
            prob = id == kNoExpert ? 0.0F : prob;
            largest = prob > largest ? prob : largest;
            if (block.lane() == 0)
                call.probs[token * gate.topK + slot] = prob;
        }
        if (block.lane() == 0 && call.order == QueueOrder::Tokens)
            call.values[token] = largest;
    }
};

// served; one block a group, whose warps walk parts of the line: first they count, which gives each the queues' lengths
// before its part, then they rank.
struct ServeGroups {
    using Call = LimitCall;
    static constexpr int kWarps = 8;
    static LaunchShape shape(const Call& call) {
        return {call.groups(), kWarps * kWarp, kWarps * std::int64_t(sizeof(std::int32_t)) * call.gate.experts};
    }

    template <class Block>
    static MOESCOPE_DEVICE void run(Block& block, const Call& call) {
        const std::int64_t group = block.index();
        const std::int64_t capacity = group + 1 == call.groups() ? call.lastCapacity : call.capacity;
        std::int32_t* length_E = numbersByExpert(block, block.warp(), call.gate.experts, [](int) { return 0; });
        visitPart(block, call, group, [&](std::int64_t, bool, std::uint16_t id, unsigned mask) {
            if (id != kNoExpert && isLowestLane(block, mask)) // one lane speaks for all of its expert
                length_E[id] += countBits(mask);
            block.syncWarp();
        });
        block.sync();
        addPartsBefore(block, call.gate.experts);
        block.sync();
        visitPart(block, call, group, [&](std::int64_t at, bool exists, std::uint16_t id, unsigned mask) {
            const std::int64_t rank = id == kNoExpert ? 0 : length_E[id] + lanesBelow(block, mask);
            block.syncWarp(); // all have read
            if (id != kNoExpert && isLowestLane(block, mask))
                length_E[id] += countBits(mask);
            block.syncWarp();
            if (exists)
                call.served[at] = rank < capacity ? id : kNoExpert;
        });
    }

    // Visits the warp's part of the group's line in order, a warp's width at a time: visit(index, whether there is one,
    // id, mask of the lanes with that id).
    template <class Block, class Visit>
    static MOESCOPE_DEVICE void visitPart(Block& block, const Call& call, std::int64_t group, Visit visit) {
        const std::int64_t choices = call.tokensOf(group) * call.gate.topK;
        const std::int64_t part = divideUp(divideUp(choices, kWarps), kWarp) * kWarp;
        const std::int64_t end = part * (block.warp() + 1) < choices ? part * (block.warp() + 1) : choices;
        for (std::int64_t step = part * block.warp(); step < end; step += kWarp) {
            const bool exists = step + block.lane() < end;
            const std::int64_t at = exists ? choiceAt(call, group, step + block.lane()) : 0;
            const std::uint16_t id = exists ? call.ids[at] : kNoExpert;
            visit(at, exists, id, block.match(id));
        }
    }

    // Each warp's counts become the sums over the warps before it.
    template <class Block>
    static MOESCOPE_DEVICE void addPartsBefore(Block& block, int experts) {
        std::int32_t* length_WE = block.template shared<std::int32_t>();
        for (int e = block.thread(); e < experts; e += block.threads()) {
            std::int32_t before = 0;
            for (int w = 0; w < kWarps; ++w) {
                const std::int32_t count = length_WE[w * experts + e];
                length_WE[w * experts + e] = before;
                before += count;
            }
        }
    }

    // The choice that is `step`-th in line.
    static MOESCOPE_DEVICE std::int64_t choiceAt(const Call& call, std::int64_t group, std::int64_t step) {
        const int k = call.gate.topK;
        const std::int64_t first = group * call.groupTokens;
        if (call.order == QueueOrder::Choices)
            return first * k + call.sorted[first * k + step];
        const std::int64_t n = call.tokensOf(group);
        const std::int64_t place = step % n;
        const std::int64_t token = call.order == QueueOrder::Tokens ? call.sorted[first + place] : place;
        return (first + token) * k + step / n;
    }
};

// Empties the slots that are not served and orders the others by weight; equal ones keep their order. One thread a
// token.
struct EmptySlots {
    using Call = LimitCall;
    static constexpr int kThreads = 128;
    static LaunchShape shape(const Call& call) { return {divideUp(call.tokens, kThreads), kThreads, 0}; }

    template <class Block>
    static MOESCOPE_DEVICE void run(Block& block, const Call& call) {
        const std::int64_t token = block.index() * kThreads + block.thread();
        if (token >= call.tokens)
            return;
        const int k = call.gate.topK;
        std::uint16_t* ids = call.ids + token * k;
        float* weights = call.weights + token * k;
        for (int slot = 0; slot < k; ++slot) {
            const std::uint16_t id = call.served[token * k + slot];
            const float weight = id == kNoExpert ? 0.0F : weights[slot];
            int to = slot;
            for (; to > 0 && id != kNoExpert && (ids[to - 1] == kNoExpert || weights[to - 1] < weight); --to) {
                ids[to] = ids[to - 1];
                weights[to] = weights[to - 1];
            }
            ids[to] = id;
            weights[to] = weight;
        }
    }
};

template <class Launcher>
void launchLimit(Launcher& launcher, const LimitCall& call) {
    if (call.tokens == 0)
        return;
    if (call.order != QueueOrder::Slots) {
        if (call.gate.experts <= 64)
            launcher.template run<ScoreChoices<2>>(call);
        else
            launcher.template run<ScoreChoices<16>>(call);
        launchSort(launcher, call.sort());
    }
    launcher.template run<ServeGroups>(call);
    launcher.template run<EmptySlots>(call);
}

} // namespace moescope::cuda
