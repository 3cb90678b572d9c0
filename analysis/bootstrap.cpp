#include "analysis/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "analysis/none.h"
#include "analysis/random.h"

namespace moescope {

namespace {

constexpr std::size_t kFewest = 20; // replicates that say anything

std::vector<double> withoutNaN(std::span<const double> values) {
    std::vector<double> kept;
    std::ranges::copy_if(values, std::back_inserter(kept), [](double v) { return !std::isnan(v); });
    return kept;
}

// Linear between the order statistics around it.
double quantile(const std::vector<double>& sorted, double q) {
    const double at = q * double(sorted.size() - 1);
    const auto below = std::size_t(at);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (at - double(below)) * (sorted[above] - sorted[below]);
}

} // namespace

WindowBootstrap::WindowBootstrap(std::span<const std::int32_t> domainOf, std::int32_t replicates, std::uint64_t seed)
    : m_windows(domainOf.size()), m_replicates(replicates), m_draws(m_windows * std::size_t(replicates)) {
    std::map<std::int32_t, std::vector<std::uint32_t>> byDomain;
    for (std::size_t w = 0; w < m_windows; ++w) {
        byDomain[domainOf[w]].push_back(std::uint32_t(w));
    }
    m_varies = std::ranges::any_of(byDomain, [](const auto& domain) { return domain.second.size() > 1; });
    Random random(seed);
    for (std::int32_t b = 0; b < replicates; ++b) {
        std::uint8_t* const draws = m_draws.data() + std::size_t(b) * m_windows;
        for (const auto& [domain, windows] : byDomain) {
            for (std::size_t i = 0; i < windows.size(); ++i) {
                std::uint8_t& count = draws[windows[random.below(std::uint32_t(windows.size()))]];
                count += count < 255 ? 1 : 0;
            }
        }
    }
}

std::vector<double> withoutBias(std::span<const double> replicates, double value) {
    const std::vector<double> known = withoutNaN(replicates);
    std::vector<double> moved(replicates.begin(), replicates.end());
    if (known.empty() || std::isnan(value)) {
        return moved;
    }
    const double shift = value - std::accumulate(known.begin(), known.end(), 0.0) / double(known.size());
    const auto [least, most] = std::ranges::minmax(known);
    for (double& v : moved) {
        v = std::isnan(v) ? v : std::clamp(v + shift, std::min(least, value), std::max(most, value));
    }
    return moved;
}

Interval percentileInterval(std::span<const double> replicates, double level) {
    std::vector<double> sorted = withoutNaN(replicates);
    if (sorted.size() < kFewest) {
        return {kNone, kNone};
    }
    std::sort(sorted.begin(), sorted.end());
    return {quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)};
}

double bootstrapP(std::span<const double> differences) {
    const std::vector<double> values = withoutNaN(differences);
    if (values.size() < kFewest) {
        return kNone;
    }
    const auto notAbove = std::ranges::count_if(values, [](double v) { return v <= 0; });
    const auto notBelow = std::ranges::count_if(values, [](double v) { return v >= 0; });
    return std::min(1.0, 2.0 * double(std::min(notAbove, notBelow) + 1) / double(values.size() + 1));
}

std::vector<bool> benjaminiHochberg(std::span<const double> pValues, double q) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < pValues.size(); ++i) {
        if (!std::isnan(pValues[i])) {
            order.push_back(i);
        }
    }
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return pValues[a] < pValues[b]; });
    std::size_t rejected = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (pValues[order[i]] <= q * double(i + 1) / double(order.size())) {
            rejected = i + 1;
        }
    }
    std::vector<bool> marks(pValues.size());
    for (std::size_t i = 0; i < rejected; ++i) {
        marks[order[i]] = true;
    }
    return marks;
}

} // namespace moescope
