#include "engine/routing/correction_bias.h"

#include <algorithm>
#include <numeric>

namespace moescope {

void addLoad(std::span<const std::uint16_t> ids, std::span<std::int64_t> load) {
    for (std::uint16_t e : ids) {
        if (e != kNoExpert) {
            ++load[e];
        }
    }
}

void updateCorrectionBias(std::span<const std::int64_t> load, double rate, std::span<float> bias) {
    const auto total = std::accumulate(load.begin(), load.end(), std::int64_t(0));
    const auto experts = std::int64_t(load.size());
    for (std::size_t e = 0; e < load.size(); ++e) {
        // mean > n, in whole numbers: total / E > n_e
        const std::int64_t missing = total - load[e] * experts;
        const double sign = missing > 0 ? 1.0 : (missing < 0 ? -1.0 : 0.0);
        bias[e] = float(double(bias[e]) + rate * sign);
    }
}

double maxViolation(std::span<const std::int64_t> load) {
    const auto total = std::accumulate(load.begin(), load.end(), std::int64_t(0));
    if (total == 0) {
        return 0.0;
    }
    const double mean = double(total) / double(load.size());
    return (double(*std::max_element(load.begin(), load.end())) - mean) / mean;
}

} // namespace moescope
