#pragma once

#include "engine/kernels/cuda/warp_ops.h"
#include "engine/routing/no_expert.h"

namespace moescope::cuda {

// Sorts a batch's assignments by expert, tokens ascending within an expert, as sortByExpert (inference/expert_order.h)
// does. A warp counts kUnit consecutive assignments for itself; prefix sums over the warps' counts then give every
// assignment its row, so that the order depends on nothing but the ids: no atomics.
struct OrderCall {
    std::int32_t experts = 0;
    std::int32_t topK = 0;
    std::int64_t tokens = 0;
    const std::uint16_t* ids = nullptr; // [tokens, topK]
    std::int32_t* begin = nullptr;      // [experts + 1] expert e owns rows begin[e] .. begin[e + 1]
    std::int32_t* tokenOf = nullptr; // [tokens * topK] token of a sorted row; what lies beyond the rows is not written
    std::int32_t* rowOf = nullptr;   // [tokens, topK] sorted row of an assignment; -1 where the slot is empty
    std::int32_t* counts = nullptr;  // scratch, [scratchCounts()]

    static constexpr int kUnit = 512; // assignments a warp
    static constexpr int kWarps = 4;  // a block

    MOESCOPE_HOST_DEVICE std::int64_t assignments() const { return tokens * topK; }
    MOESCOPE_HOST_DEVICE std::int64_t units() const { return divideUp(assignments(), kUnit); }
    MOESCOPE_HOST_DEVICE std::int64_t scratchCounts() const { return (units() + 1) * experts; }
    MOESCOPE_HOST_DEVICE std::int32_t* totals() const { return counts + units() * experts; } // [experts]
    LaunchShape unitShape() const {
        return {divideUp(units(), kWarps), kWarps * kWarp, kWarps * std::int64_t(sizeof(std::int32_t)) * experts};
    }
};

// Visits a unit's assignments in order, a warp's width at a time: visit(index, id, mask of the lanes with that id).
template <class Block, class Visit>
MOESCOPE_DEVICE void visitUnit(Block& block, const OrderCall& call, std::int64_t unit, Visit visit) {
    const std::int64_t n = call.assignments();
    const std::int64_t end = (unit + 1) * OrderCall::kUnit < n ? (unit + 1) * OrderCall::kUnit : n;
    for (std::int64_t at = unit * OrderCall::kUnit; at < end; at += kWarp) {
        const std::int64_t mine = at + block.lane();
        const std::uint16_t id = mine < end ? call.ids[mine] : kNoExpert;
        visit(mine, mine < end, id, block.match(id));
    }
}

// counts[unit, expert]
struct CountExperts {
    using Call = OrderCall;
    static LaunchShape shape(const Call& call) { return call.unitShape(); }

    template <class Block>
    static MOESCOPE_DEVICE void run(Block& block, const Call& call) {
        const std::int64_t unit = block.index() * Call::kWarps + block.warp();
        if (unit >= call.units())
            return;
        std::int32_t* count_E = numbersByExpert(block, block.warp(), call.experts, [](int) { return 0; });
        visitUnit(block, call, unit, [&](std::int64_t, bool, std::uint16_t id, unsigned mask) {
            if (id != kNoExpert && isLowestLane(block, mask)) // one lane speaks for all of its expert
                count_E[id] += countBits(mask);
            block.syncWarp();
        });
        for (int e = block.lane(); e < call.experts; e += kWarp)
            call.counts[unit * call.experts + e] = count_E[e];
    }
};

// counts[unit, expert] becomes the sum over the units before; one warp an expert.
struct ScanUnits {
    using Call = OrderCall;
    static LaunchShape shape(const Call& call) {
        return {divideUp(call.experts, Call::kWarps), Call::kWarps * kWarp, 0};
    }

    template <class Block>
    static MOESCOPE_DEVICE void run(Block& block, const Call& call) {
        const std::int64_t expert = block.index() * Call::kWarps + block.warp();
        if (expert >= call.experts)
            return;
        std::int32_t before = 0;
        for (std::int64_t first = 0; first < call.units(); first += kWarp) {
            const std::int64_t unit = first + block.lane();
            std::int32_t* at = call.counts + unit * call.experts + expert;
            const std::int32_t count = unit < call.units() ? *at : 0;
            const std::int32_t upTo = warpInclusiveSum(block, count);
            if (unit < call.units())
                *at = before + upTo - count;
            before += block.shuffle(upTo, kWarp - 1);
        }
        if (block.lane() == 0)
            call.totals()[expert] = before;
    }
};

// begin; one warp.
struct ScanExperts {
    using Call = OrderCall;
    static LaunchShape shape(const Call&) { return {1, kWarp, 0}; }

    template <class Block>
    static MOESCOPE_DEVICE void run(Block& block, const Call& call) {
        std::int32_t before = 0;
        for (int first = 0; first < call.experts; first += kWarp) {
            const int e = first + block.lane();
            const std::int32_t upTo = warpInclusiveSum(block, e < call.experts ? call.totals()[e] : 0);
            if (e < call.experts)
                call.begin[e + 1] = before + upTo;
            before += block.shuffle(upTo, kWarp - 1);
        }
        if (block.lane() == 0)
            call.begin[0] = 0;
    }
};

struct PlaceRows {
    using Call = OrderCall;
    static LaunchShape shape(const Call& call) { return call.unitShape(); }

    template <class Block>
    static MOESCOPE_DEVICE void run(Block& block, const Call& call) {
        const std::int64_t unit = block.index() * Call::kWarps + block.warp();
        if (unit >= call.units())
            return;
        std::int32_t* next_E = numbersByExpert(block, block.warp(), call.experts, [&](int e) {
            return call.begin[e] + call.counts[unit * call.experts + e];
        });
        visitUnit(block, call, unit, [&](std::int64_t at, bool exists, std::uint16_t id, unsigned mask) {
            const std::int32_t row = id == kNoExpert ? -1 : next_E[id] + lanesBelow(block, mask);
            block.syncWarp(); // all have read
            if (id != kNoExpert && isLowestLane(block, mask))
                next_E[id] += countBits(mask);
            block.syncWarp();
            if (row >= 0)
                call.tokenOf[row] = std::int32_t(at / call.topK);
            if (exists)
                call.rowOf[at] = row;
        });
    }
};

template <class Launcher>
void launchOrder(Launcher& launcher, const OrderCall& call) {
    launcher.template run<CountExperts>(call);
    launcher.template run<ScanUnits>(call);
    launcher.template run<ScanExperts>(call);
    launcher.template run<PlaceRows>(call);
}

} // namespace moescope::cuda
