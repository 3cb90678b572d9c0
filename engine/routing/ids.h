#pragma once

#include <compare>
#include <cstdint>

namespace moescope {

// An integer that cannot be mixed up with another kind of integer.
template <class Tag, class Rep>
struct StrongId {
    Rep value{};

    constexpr StrongId() = default;
    constexpr explicit StrongId(Rep v) : value(v) {}
    friend constexpr auto operator<=>(StrongId, StrongId) = default; // NOLINT(modernize-use-nullptr): it has none
};

using RunId = StrongId<struct RunTag, std::int64_t>;       // row id of a run in a recording
using LayerId = StrongId<struct LayerTag, std::int32_t>;   // decoder layer's index in the model, dense layers counted
using ExpertId = StrongId<struct ExpertTag, std::int32_t>; // 0 .. experts-1
using TokenIndex = std::int64_t;                           // 0-based index of a token within its run

} // namespace moescope
