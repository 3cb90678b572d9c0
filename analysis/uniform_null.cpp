#include "analysis/uniform_null.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>
#include <vector>

#include "analysis/none.h"
#include "analysis/random.h"

namespace moescope {

namespace {

constexpr int kTrials = 4000;
constexpr std::int64_t kDrawnAssignments = 5000;

// Counts per expert of one random routing.
class RandomRouting {
public:
    RandomRouting(std::int64_t tokens, std::int32_t topK, std::int32_t experts, std::uint64_t seed)
        : m_tokens(tokens), m_topK(std::uint32_t(topK)), m_random(seed), m_deck(std::size_t(experts)),
          m_counts(std::size_t(experts)) {
        std::iota(m_deck.begin(), m_deck.end(), 0U);
    }

    const std::vector<double>& draw() {
        if (m_tokens * m_topK <= kDrawnAssignments) {
            drawTokens();
        } else {
            drawNormal();
        }
        return m_counts;
    }

private:
    // k cards from the top of a partially shuffled deck; any order of the deck serves the next token.
    void drawTokens() {
        std::fill(m_counts.begin(), m_counts.end(), 0.0);
        const auto experts = std::uint32_t(m_deck.size());
        for (std::int64_t t = 0; t < m_tokens; ++t) {
            for (std::uint32_t i = 0; i < m_topK; ++i) {
                std::swap(m_deck[i], m_deck[i + m_random.below(experts - i)]);
                m_counts[m_deck[i]] += 1;
            }
        }
    }

    // n_e is binomial(T, k/E) with correlation -1/(E-1): independent deviates minus their mean.
    void drawNormal() {
        const double experts = double(m_counts.size());
        const double p = double(m_topK) / experts;
        const double deviation = std::sqrt(double(m_tokens) * p * (1 - p));
        const double skewness = deviation > 0 ? (1 - 2 * p) / deviation : 0;
        double sum = 0;
        for (double& n : m_counts) {
            n = normal();
            n += skewness / 6 * (n * n - 1);
            sum += n;
        }
        const double spread = deviation * (experts > 1 ? std::sqrt(experts / (experts - 1)) : 0);
        for (double& n : m_counts) {
            n = double(m_tokens) * p + spread * (n - sum / experts);
        }
    }

    double normal() { // Box-Muller
        if (m_haveSpare) {
            m_haveSpare = false;
            return m_spare;
        }
        const double radius = std::sqrt(-2 * std::log(m_random.uniform()));
        const double angle = 2 * std::numbers::pi * m_random.uniform();
        m_spare = radius * std::sin(angle);
        m_haveSpare = true;
        return radius * std::cos(angle);
    }

    std::int64_t m_tokens;
    std::uint32_t m_topK;
    Random m_random;
    std::vector<std::uint32_t> m_deck;
    std::vector<double> m_counts;
    double m_spare = 0;
    bool m_haveSpare = false;
};

UniformNull::Band bandOf(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto at = [&](double q) { return values[std::size_t(std::lround(q * double(values.size() - 1)))]; };
    return {std::accumulate(values.begin(), values.end(), 0.0) / double(values.size()), at(0.025), at(0.975)};
}

} // namespace

double nullCv(std::int64_t tokens, std::int32_t topK, std::int32_t experts) {
    return std::sqrt(double(experts - topK) / (double(topK) * double(tokens)));
}

double nullDead(std::int64_t tokens, std::int32_t topK, std::int32_t experts) {
    return experts * std::pow(1 - double(topK) / experts, double(tokens));
}

UniformNull uniformNull(std::int64_t tokens, std::int32_t topK, std::int32_t experts, std::uint64_t seed) {
    UniformNull null;
    null.dead = nullDead(tokens, topK, experts);
    if (tokens <= 0) {
        null.cv = null.loadRatioLow = null.loadRatioHigh = kNone;
        null.maxVio = null.cvBand = null.largestShare = {kNone, kNone, kNone};
        return null;
    }
    null.cv = nullCv(tokens, topK, experts);
    null.loadRatioLow = std::max(0.0, 1 - 1.96 * null.cv);
    null.loadRatioHigh = 1 + 1.96 * null.cv;
    RandomRouting routing(tokens, topK, experts, seed);
    const double mean = double(tokens) * topK / experts;
    std::vector<double> vio, cv, largest;
    for (int trial = 0; trial < kTrials; ++trial) {
        const std::vector<double>& counts = routing.draw();
        double squares = 0;
        for (double n : counts) {
            squares += (n - mean) * (n - mean);
        }
        const double top = *std::max_element(counts.begin(), counts.end());
        vio.push_back((top - mean) / mean);
        largest.push_back(top / (mean * experts));
        cv.push_back(std::sqrt(squares / experts) / mean);
    }
    null.maxVio = bandOf(std::move(vio));
    null.cvBand = bandOf(std::move(cv));
    null.largestShare = bandOf(std::move(largest));
    return null;
}

} // namespace moescope
