#pragma once

#include <cstdint>

namespace moescope {

// What a routing of T tokens to k of E experts each, uniformly at random, would show by chance. An observed figure
// above the band is imbalance; below it something balances actively.
struct UniformNull {
    struct Band {
        double mean = 0;
        double low = 0;  // 2.5 % of random routings lie below
        double high = 0; // 2.5 % lie above
    };
    double cv = 0;           // sqrt((E - k) / (k T)), an RMS: half of random routings exceed about that
    double dead = 0;         // E (1 - k/E)^T expected experts without a token
    Band maxVio;             // Monte Carlo
    Band cvBand;             // Monte Carlo
    Band largestShare;       // Monte Carlo, of the busiest expert
    double loadRatioLow = 0; // 95 % of single experts' load ratios, 1 +- 1.96 sqrt((E - k) / (k T)), lie within
    double loadRatioHigh = 0;
};

double nullCv(std::int64_t tokens, std::int32_t topK, std::int32_t experts);
double nullDead(std::int64_t tokens, std::int32_t topK, std::int32_t experts);

// Deterministic for a seed. A few milliseconds; callers keep the result for layers of one shape. Figures are NaN for
// no tokens. Draws whole routings up to 5,000 assignments; beyond that counts from their normal approximation, with
// the skewness of the binomial put back (Cornish-Fisher).
UniformNull uniformNull(std::int64_t tokens, std::int32_t topK, std::int32_t experts, std::uint64_t seed = 1);

} // namespace moescope
