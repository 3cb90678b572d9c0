#include "engine/routing/layer_summary.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include <gtest/gtest.h>

#include "engine/routing/error.h"
#include "engine/routing/moe_config.h"
#include "engine/routing/topk.h"

namespace moescope {
namespace {

struct Routed {
    MoeLayerInfo layer;
    std::vector<std::uint16_t> ids;
    std::vector<float> weights, logits;
    std::vector<std::int32_t> domains;

    RoutingBlock block(std::int32_t begin, std::int32_t end, bool withLogits = true) const {
        RoutingBlock b{layer.layer, begin, end - begin, layer.moe.topK, layer.moe.experts, {}, {}, {}};
        const auto k = std::size_t(b.topK);
        const auto experts = std::size_t(b.experts);
        const auto first = std::size_t(begin);
        const auto n = std::size_t(b.tokens);
        b.ids = std::span(ids).subspan(first * k, n * k);
        b.weights = std::span(weights).subspan(first * k, n * k);
        if (withLogits) {
            b.logits = std::span(logits).subspan(first * experts, n * experts);
        }
        return b;
    }
};

Routed route(const MoeLayerInfo& layer, std::int32_t tokens, std::mt19937& random) {
    std::normal_distribution<float> normal(0, 2);
    Routed r{layer, {}, {}, {}, {}};
    r.logits.resize(std::size_t(tokens) * std::size_t(layer.moe.experts));
    std::ranges::generate(r.logits, [&] { return normal(random); });
    r.ids.resize(std::size_t(tokens) * std::size_t(layer.moe.topK));
    r.weights.resize(r.ids.size());
    routeTopK(layer, r.logits, r.ids, r.weights);
    for (std::int32_t t = 0; t < tokens; ++t) {
        r.domains.push_back(std::int32_t(random() % 3));
    }
    return r;
}

LayerSummary whole(const Routed& r) {
    auto sums = LayerSummary::empty(r.layer, 3);
    const auto tokens = std::int32_t(r.domains.size());
    sums.add(r.block(0, tokens), r.layer, r.domains);
    return sums;
}

// One token's prob sums, lse and margin in f64, by sorting (no groups).
void checkAgainstNaive(const Routed& r) {
    const auto sums = whole(r);
    const auto experts = std::size_t(r.layer.moe.experts);
    const auto k = std::size_t(r.layer.moe.topK);
    std::vector<double> probSum(experts), weightSum(experts);
    std::vector<std::int64_t> assignments(experts), top1(experts), byDomain(3 * experts);
    double zSum = 0;
    double marginSum = 0;
    for (std::size_t t = 0; t < r.domains.size(); ++t) {
        double sum = 0;
        for (std::size_t e = 0; e < experts; ++e) {
            sum += std::exp(double(r.logits[t * experts + e]));
        }
        zSum += std::log(sum) * std::log(sum);
        std::vector<double> score(experts);
        for (std::size_t e = 0; e < experts; ++e) {
            const double l = r.logits[t * experts + e];
            const double p = r.layer.moe.score == ScoreFunction::Sigmoid ? 1 / (1 + std::exp(-l)) : std::exp(l) / sum;
            probSum[e] += p;
            score[e] = p + (r.layer.selectionBias.empty() ? 0.0 : double(r.layer.selectionBias[e]));
        }
        std::ranges::sort(score, std::greater<>());
        marginSum += k < experts ? score[k - 1] - score[k] : 0;
        for (std::size_t s = 0; s < k; ++s) {
            const auto e = r.ids[t * k + s];
            ++assignments[e];
            ++byDomain[std::size_t(r.domains[t]) * experts + e];
            weightSum[e] += double(r.weights[t * k + s]);
            top1[e] += s == 0;
        }
    }
    const auto n = double(r.domains.size());
    EXPECT_EQ(sums.assignments, assignments);
    EXPECT_EQ(sums.top1, top1);
    EXPECT_EQ(sums.byDomain, byDomain);
    EXPECT_EQ(sums.weightSum, weightSum);
    EXPECT_EQ(sums.tokensWithMargin, k < experts ? std::int64_t(r.domains.size()) : 0);
    EXPECT_NEAR(sums.zSum / n, zSum / n, 1e-6 * (1 + zSum / n));
    EXPECT_NEAR(sums.marginSum / n, marginSum / n, 1e-6);
    for (std::size_t e = 0; e < experts; ++e) {
        EXPECT_NEAR(sums.probSum[e] / n, probSum[e] / n, 1e-6);
    }
}

TEST(LayerSummary, EqualsANaiveRecountOverGateSizes) {
    std::mt19937 random(7);
    for (const auto& [experts, k] :
         {std::pair{1, 1}, {2, 1}, {7, 3}, {8, 2}, {16, 16}, {24, 3}, {60, 4}, {72, 6}, {256, 8}, {512, 16}}) {
        for (const auto score : {ScoreFunction::Softmax, ScoreFunction::Sigmoid, ScoreFunction::SoftmaxOverChosen}) {
            MoeLayerInfo layer;
            layer.moe.experts = experts;
            layer.moe.topK = k;
            layer.moe.score = score;
            if (score == ScoreFunction::Sigmoid) {
                layer.selectionBias.assign(std::size_t(experts), 0.0F);
                layer.selectionBias[0] = 0.25F;
            }
            SCOPED_TRACE(std::to_string(experts) + " experts, top " + std::to_string(k));
            checkAgainstNaive(route(layer, 57, random));
        }
    }
}

TEST(LayerSummary, DoesNotDependOnHowARunIsCut) {
    std::mt19937 random(8);
    MoeLayerInfo layer;
    layer.moe.experts = 24;
    layer.moe.topK = 3;
    const auto r = route(layer, 101, random);
    auto cut = LayerSummary::empty(layer, 3);
    std::int32_t begin = 0;
    while (begin < 101) {
        const auto end = std::min(101, begin + 1 + std::int32_t(random() % 20));
        cut.add(r.block(begin, end), layer, std::span(r.domains).subspan(std::size_t(begin), std::size_t(end - begin)));
        begin = end;
    }
    EXPECT_EQ(cut, whole(r));
}

TEST(LayerSummary, RanksAreSortedOutWhereAnotherRouteWasTaken) {
    MoeLayerInfo layer;
    layer.moe.experts = 4;
    layer.moe.topK = 1;
    Routed r{layer, {3}, {1.0F}, {3.0F, 2.0F, 1.0F, 0.0F}, {0}};
    const double sum = std::exp(3.0) + std::exp(2.0) + std::exp(1.0) + 1;
    EXPECT_NEAR(whole(r).marginSum, (std::exp(3.0) - std::exp(2.0)) / sum, 1e-6);
}

TEST(LayerSummary, SkipsUnusedSlotsAndBadLogits) {
    MoeLayerInfo layer;
    layer.moe.experts = 2;
    layer.moe.topK = 2;
    Routed r{layer, {1, kNoExpert, kNoExpert, kNoExpert}, {1.0F, 0, 0, 0}, {0.0F, 1.0F, NAN, 0.0F}, {0, 1}};
    const auto sums = whole(r);
    EXPECT_EQ(sums.tokens, 2);
    EXPECT_EQ(sums.tokensWithLogits, 1);
    EXPECT_EQ(sums.assignments, (std::vector<std::int64_t>{0, 1}));
    EXPECT_EQ(sums.domainTokens, (std::vector<std::int64_t>{1, 1, 0}));
    EXPECT_TRUE(std::isfinite(sums.zSum));
}

TEST(LayerSummary, SkipsATokenWithANanAnywhere) {
    MoeLayerInfo layer;
    layer.moe.experts = 19;
    layer.moe.topK = 1;
    for (std::size_t at = 0; at < 19; ++at) {
        Routed r{layer, {0}, {1.0F}, std::vector<float>(19, 1.0F), {0}};
        r.logits[at] = NAN;
        EXPECT_EQ(whole(r).tokensWithLogits, 0) << at;
    }
}

TEST(LayerSummary, AddsOnlySumsOfItsKind) {
    MoeLayerInfo small;
    small.moe.experts = 2;
    MoeLayerInfo large;
    large.moe.experts = 3;
    auto sums = LayerSummary::empty(small, 1);
    EXPECT_THROW(sums.add(LayerSummary::empty(large, 1)), Error);
}

} // namespace
} // namespace moescope
