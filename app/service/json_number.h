#pragma once

#include <cmath>

#include <nlohmann/json.hpp>

namespace moescope {

// A number in a report, null where it is not one: JSON has neither NaN nor infinities.
inline nlohmann::ordered_json jsonNumber(double value) {
    return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

} // namespace moescope
