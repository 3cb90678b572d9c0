#pragma once

#include "engine/kernels/cuda/device_code.h"

namespace moescope::cuda {

// Sorts groups of consecutive entries by their values, each for itself: larger values first, of equal ones the earlier.
// Runs of kRun entries are sorted by counting; then two runs at a time become one, each entry finding its place by a
// binary search in the other run. Values: no NaN.
struct SortCall {
    std::int64_t entries = 0;
    std::int64_t groupEntries = 0;   // of a group; the last one may have fewer
    const float* values = nullptr;   // [entries]
    std::int32_t* sorted = nullptr;  // [entries] a group's entries, numbered from its first, in their order
    std::int32_t* scratch = nullptr; // [entries]
    std::int64_t run = 0;            // set by launchSort: entries of a sorted run

    static constexpr int kThreads = 128;
    static constexpr std::int64_t kRun = 128;

    MOESCOPE_HOST_DEVICE std::int64_t longest() const { return entries < groupEntries ? entries : groupEntries; }
    LaunchShape shape() const { return {divideUp(entries, kThreads), kThreads, 0}; }
};

// What a thread works on: entry `local` of the group that begins at `first` and has n.
struct GroupEntry {
    std::int64_t first, local, n;
};

template <class Block>
MOESCOPE_DEVICE GroupEntry groupEntry(Block& block, const SortCall& call) {
    const std::int64_t entry = block.index() * SortCall::kThreads + block.thread();
    const std::int64_t first = entry / call.groupEntries * call.groupEntries;
    const std::int64_t left = call.entries - first;
    return {first, entry - first, left < call.groupEntries ? left : call.groupEntries};
}

// Each thread counts the entries of its run that go before its own.
struct SortRuns {
    using Call = SortCall;
    static LaunchShape shape(const Call& call) { return call.shape(); }

    template <class Block>
    static MOESCOPE_DEVICE void run(Block& block, const Call& call) {
        const GroupEntry mine = groupEntry(block, call);
        if (mine.local >= mine.n)
            return;
        const float* values = call.values + mine.first;
        const float value = values[mine.local];
        const std::int64_t begin = mine.local / Call::kRun * Call::kRun;
        const std::int64_t end = begin + Call::kRun < mine.n ? begin + Call::kRun : mine.n;
        std::int64_t place = begin;
        for (std::int64_t other = begin; other < end; ++other)
            place += values[other] > value || (values[other] == value && other < mine.local) ? 1 : 0;
        call.sorted[mine.first + place] = std::int32_t(mine.local);
    }
};

// From scratch, whose runs are sorted, to `sorted`. All entries of the left run are earlier than those of the right.
struct MergeRuns {
    using Call = SortCall;
    static LaunchShape shape(const Call& call) { return call.shape(); }

    template <class Block>
    static MOESCOPE_DEVICE void run(Block& block, const Call& call) {
        const GroupEntry mine = groupEntry(block, call);
        if (mine.local >= mine.n)
            return;
        const std::int32_t* from = call.scratch + mine.first;
        const float* values = call.values + mine.first;
        const float value = values[from[mine.local]];
        const std::int64_t begin = mine.local / (2 * call.run) * (2 * call.run);
        const std::int64_t middle = begin + call.run < mine.n ? begin + call.run : mine.n;
        const std::int64_t end = begin + 2 * call.run < mine.n ? begin + 2 * call.run : mine.n;
        const bool isLeft = mine.local < middle;
        std::int64_t low = isLeft ? middle : begin; // all of the other run below it go before mine
        std::int64_t high = isLeft ? end : middle;
        const std::int64_t others = low;
        while (low < high) {
            const std::int64_t at = (low + high) / 2;
            const float other = values[from[at]];
            if (isLeft ? other > value : other >= value)
                low = at + 1;
            else
                high = at;
        }
        const std::int64_t ahead = mine.local - (isLeft ? begin : middle); // of its own run
        call.sorted[mine.first + begin + ahead + (low - others)] = from[mine.local];
    }
};

template <class Launcher>
void launchSort(Launcher& launcher, SortCall call) {
    const auto swap = [&call] {
        std::int32_t* sorted = call.sorted;
        call.sorted = call.scratch;
        call.scratch = sorted;
    };
    for (call.run = SortCall::kRun; call.run < call.longest(); call.run *= 2)
        swap(); // so that the last merge ends in `sorted`
    launcher.template run<SortRuns>(call);
    for (call.run = SortCall::kRun; call.run < call.longest(); call.run *= 2) {
        swap();
        launcher.template run<MergeRuns>(call);
    }
}

} // namespace moescope::cuda
