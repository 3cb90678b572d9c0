#include "engine/session/sampler.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

namespace moescope {
namespace {

constexpr std::array<float, 5> kLogits{0.0F, 2.0F, 1.0F, 2.0F, -1.0F};

std::vector<std::int32_t> draws(const GenerateOptions& options, std::uint64_t stream, int count) {
    Sampler sampler(options, stream);
    std::vector<std::int32_t> tokens;
    for (int i = 0; i < count; ++i)
        tokens.push_back(sampler.choose(kLogits));
    return tokens;
}

TEST(Sampler, WithoutATemperatureTakesTheLikeliestOfLowerId) {
    EXPECT_EQ(draws({}, 0, 3), (std::vector<std::int32_t>{1, 1, 1}));
}

TEST(Sampler, TheSameSeedDrawsTheSame) {
    const GenerateOptions options{1, 1.0, 1.0, 7};
    EXPECT_EQ(draws(options, 3, 50), draws(options, 3, 50));
    EXPECT_NE(draws(options, 3, 50), draws(options, 4, 50));
    EXPECT_NE(draws(options, 3, 50), draws({1, 1.0, 1.0, 8}, 3, 50));
}

TEST(Sampler, DrawsAsOftenAsTheTemperatureSays) {
    constexpr double temperature = 0.7;
    constexpr int count = 20000;
    std::array<int, 5> seen{};
    for (const std::int32_t token : draws({1, temperature, 1.0, 1}, 0, count))
        ++seen[std::size_t(token)];
    double total = 0;
    for (const float logit : kLogits)
        total += std::exp(double(logit) / temperature);
    for (std::size_t token = 0; token < kLogits.size(); ++token) {
        const double want = std::exp(double(kLogits[token]) / temperature) / total;
        EXPECT_NEAR(double(seen[token]) / count, want, 4 * std::sqrt(want / count) + 1e-3) << token;
    }
}

TEST(Sampler, NllIsThatOfThePlainDistribution) {
    const std::vector<float> logits = {std::log(0.5F), std::log(0.25F), std::log(0.125F), std::log(0.125F)};
    for (const float shift : {0.0F, 500.0F}) {
        std::vector<float> moved = logits;
        for (float& logit : moved)
            logit += shift;
        EXPECT_NEAR(nllOf(moved, 0), std::log(2.0), 1e-4);
        EXPECT_NEAR(nllOf(moved, 2), std::log(8.0), 1e-4);
    }
}

TEST(Sampler, TopPLeavesTheLikeliestTokens) {
    // Probabilities at temperature 1: 0.37 0.37 0.14 0.09 ...
    const auto kept = [](double topP) {
        const auto tokens = draws({1, 1.0, topP, 5}, 0, 500);
        return std::set<std::int32_t>(tokens.begin(), tokens.end());
    };
    EXPECT_EQ(kept(0.3), (std::set<std::int32_t>{1}));
    EXPECT_EQ(kept(0.7), (std::set<std::int32_t>{1, 3}));
    EXPECT_EQ(kept(0.8), (std::set<std::int32_t>{1, 2, 3}));
}

// A vocabulary of many blocks whose weights fall and rise, with equal ones among them.
std::vector<float> manyLogits() {
    std::vector<float> logits;
    for (int token = 0; token < 2000; ++token)
        logits.push_back(float(token * 37 % 101) / 20);
    return logits;
}

std::vector<double> probabilitiesOf(const std::vector<float>& logits, double temperature) {
    std::vector<double> probabilities;
    double total = 0;
    for (const float logit : logits)
        total += std::exp(double(logit) / temperature);
    for (const float logit : logits)
        probabilities.push_back(std::exp(double(logit) / temperature) / total);
    return probabilities;
}

TEST(Sampler, DrawsEveryPartOfALargeVocabularyAsOftenAsItShould) {
    const std::vector<float> logits = manyLogits();
    const std::vector<double> probabilities = probabilitiesOf(logits, 0.7);
    constexpr int count = 40000;
    constexpr std::size_t part = 100;
    std::vector<int> seen(logits.size() / part);
    Sampler sampler({1, 0.7, 1.0, 3}, 0);
    for (int i = 0; i < count; ++i)
        ++seen[std::size_t(sampler.choose(logits)) / part];
    for (std::size_t p = 0; p < seen.size(); ++p) {
        double want = 0;
        for (std::size_t token = p * part; token < (p + 1) * part; ++token)
            want += probabilities[token];
        EXPECT_NEAR(double(seen[p]) / count, want, 5 * std::sqrt(want / count)) << "tokens from " << p * part;
    }
}

TEST(Sampler, TopPOfALargeVocabularyIsThatOfTheSortedTokens) {
    const std::vector<float> logits = manyLogits();
    const std::vector<double> probabilities = probabilitiesOf(logits, 1.3);
    std::vector<std::int32_t> sorted(logits.size());
    std::iota(sorted.begin(), sorted.end(), 0);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [&](std::int32_t a, std::int32_t b) { return logits[std::size_t(a)] > logits[std::size_t(b)]; });
    for (const double topP : {0.01, 0.05}) {
        std::set<std::int32_t> want;
        double mass = 0;
        for (std::size_t i = 0; mass < topP; mass += probabilities[std::size_t(sorted[i++])])
            want.insert(sorted[i]);
        std::set<std::int32_t> drawn;
        Sampler sampler({1, 1.3, topP, 3}, 0);
        for (int i = 0; i < 4000; ++i)
            drawn.insert(sampler.choose(logits));
        EXPECT_EQ(drawn, want) << topP;
    }
}

TEST(Sampler, AlmostWithoutATemperatureDrawsTheLikeliest) {
    const auto drawn = draws({1, 1e-300, 1.0, 2}, 0, 50);
    EXPECT_EQ(std::set<std::int32_t>(drawn.begin(), drawn.end()), (std::set<std::int32_t>{1, 3})); // equal logits
}

} // namespace
} // namespace moescope
