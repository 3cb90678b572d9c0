#pragma once

#include "engine/kernels/cuda/device_code.h"

namespace moescope::cuda {

// to[row] = from[tokenOf[row]]: brings each expert's tokens together.
struct GatherCall {
    std::int64_t mostRows = 0;             // rows that there may be
    const std::int32_t* rows = nullptr;    // rows that there are
    const std::int32_t* tokenOf = nullptr; // [rows]
    std::int64_t rowBytes = 0;             // even
    const void* from = nullptr;
    void* to = nullptr;

    bool isAligned() const {
        return rowBytes % 16 == 0 && reinterpret_cast<std::uintptr_t>(from) % 16 == 0 &&
               reinterpret_cast<std::uintptr_t>(to) % 16 == 0;
    }
};

struct alignas(16) SixteenBytes {
    std::uint64_t low, high;
};

// One warp a row.
template <class Unit>
struct GatherRows {
    using Call = GatherCall;
    static constexpr int kWarps = 4;
    static LaunchShape shape(const Call& call) { return {divideUp(call.mostRows, kWarps), kWarps * kWarp, 0}; }

    template <class Block>
    static MOESCOPE_DEVICE void run(Block& block, const Call& call) {
        const std::int64_t row = block.index() * kWarps + block.warp();
        if (row >= *call.rows)
            return;
        const std::int64_t units = call.rowBytes / std::int64_t(sizeof(Unit));
        const Unit* from = static_cast<const Unit*>(call.from) + call.tokenOf[row] * units;
        Unit* to = static_cast<Unit*>(call.to) + row * units;
        for (std::int64_t i = block.lane(); i < units; i += kWarp)
            to[i] = from[i];
    }
};

template <class Launcher>
void launchGather(Launcher& launcher, const GatherCall& call) {
    if (call.isAligned())
        launcher.template run<GatherRows<SixteenBytes>>(call);
    else
        launcher.template run<GatherRows<std::uint16_t>>(call);
}

} // namespace moescope::cuda
