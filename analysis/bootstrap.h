#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace moescope {

// Bootstrap over windows within each domain: tokens of a window are not independent, so whole windows are drawn, with
// replacement, as many from each domain as it has. The same seed and domains give the same draws, so figures of two
// runs over the same windows can be paired.
class WindowBootstrap {
public:
    // domainOf: [windows] any small numbers.
    WindowBootstrap(std::span<const std::int32_t> domainOf, std::int32_t replicates, std::uint64_t seed);

    std::int32_t replicates() const { return m_replicates; }
    std::size_t windows() const { return m_windows; }
    // Whether draws can differ at all: some domain has two windows or more.
    bool varies() const { return m_varies; }
    // [windows] how often replicate `b` has drawn each window.
    std::span<const std::uint8_t> draws(std::int32_t b) const {
        return std::span(m_draws).subspan(std::size_t(b) * m_windows, m_windows);
    }

private:
    std::size_t m_windows;
    std::int32_t m_replicates;
    bool m_varies = false;
    std::vector<std::uint8_t> m_draws; // [replicates, windows]
};

struct Interval {
    double low = 0; // NaN where there is none
    double high = 0;
};

// The replicates moved by the bootstrap's estimate of its own bias, mean(replicates) - value (Efron and Tibshirani
// 1993, section 10.3), and kept within what replicates and value span. A largest or a spread of shares (MaxVio, CV) is
// always larger in a resample than in a well balanced run itself; without this, intervals would not hold the value.
std::vector<double> withoutBias(std::span<const double> replicates, double value);

// The middle `level` of the replicates (percentile bootstrap; NaNs are left out). No interval for fewer than 20.
Interval percentileInterval(std::span<const double> replicates, double level = 0.95);

// Two-sided bootstrap p-value of "the difference is 0": twice the smaller share of replicates on one side of it, each
// counted with one more (so never 0), at most 1. NaN for fewer than 20 replicates.
double bootstrapP(std::span<const double> differences);

// Which hypotheses the Benjamini-Hochberg procedure rejects at false discovery rate q (Benjamini and Hochberg 1995).
// NaNs are no hypotheses.
std::vector<bool> benjaminiHochberg(std::span<const double> pValues, double q);

} // namespace moescope
