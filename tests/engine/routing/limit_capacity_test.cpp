#include "engine/routing/limit_capacity.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "engine/routing/error.h"
#include "engine/routing/no_expert.h"
#include "engine/routing/scores.h"
#include "tests/support/naive_capacity.h"
#include "tests/support/random_routing.h"

namespace moescope {
namespace {

constexpr std::array kPolicies{OverflowPolicy::Drop, OverflowPolicy::Priority, OverflowPolicy::Prob,
                               OverflowPolicy::Next};

struct Limited {
    std::vector<std::uint16_t> ids;
    std::vector<float> weights;
    OverflowCounts counts;

    Limited(const test::RandomRouting& routing, const CapacityOptions& options)
        : ids(routing.ids()), weights(routing.block().weights.begin(), routing.block().weights.end()),
          counts(routing.info().moe.experts) {
        limitToCapacity(routing.info(), options, routing.block().logits, ids, weights, counts);
    }
};

std::int64_t total(const std::vector<std::int64_t>& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::int64_t(0));
}

TEST(LimitToCapacity, ServesEveryGroupAsTheNaiveReference) {
    for (auto [experts, k, tokens, size] : {std::tuple{8, 2, 100, 32}, {16, 4, 70, 64}, {4, 1, 33, 100}}) {
        const test::RandomRouting routing(experts, k, tokens, unsigned(experts));
        const RoutingBlock block = routing.block();
        for (OverflowPolicy policy : kPolicies) {
            for (auto rounding : {CapacityRounding::Floor, CapacityRounding::Ceil, CapacityRounding::Ceil4}) {
                const CapacityOptions options{1.1, -1, rounding, policy, size};
                const Limited limited(routing, options);
                for (int first = 0; first < tokens; first += size) {
                    const int n = std::min(size, tokens - first);
                    std::vector<std::vector<int>> choices;
                    std::vector<std::vector<double>> scores;
                    for (int t = first; t < first + n; ++t) {
                        choices.emplace_back(block.idsOf(t).begin(), block.idsOf(t).end());
                        std::vector<float> probs(static_cast<std::size_t>(experts));
                        probabilities(routing.info().moe, block.logitsOf(t), probs);
                        scores.emplace_back(probs.begin(), probs.end());
                    }
                    const auto served =
                        test::naiveServe(choices, scores, policy, int(capacityOf(options, n, k, experts)));
                    for (int t = 0; t < n; ++t) {
                        std::multiset<int> expected(served[std::size_t(t)].begin(), served[std::size_t(t)].end());
                        std::multiset<int> actual;
                        for (int slot = 0; slot < k; ++slot) {
                            const std::uint16_t e = limited.ids[std::size_t((first + t) * k + slot)];
                            actual.insert(e == kNoExpert ? -1 : int(e));
                        }
                        ASSERT_EQ(actual, expected) << nameOf(policy) << " token " << first + t;
                    }
                }
            }
        }
    }
}

TEST(LimitToCapacity, ConservesChoicesAndKeepsTheWeightsOfTheKept) {
    const test::RandomRouting routing(8, 2, 500, 3);
    for (OverflowPolicy policy : kPolicies) {
        const Limited limited(routing, {1.0, -1, CapacityRounding::Floor, policy, 128});
        EXPECT_EQ(total(limited.counts.assigned), 1000);
        EXPECT_EQ(total(limited.counts.kept) + total(limited.counts.dropped) + total(limited.counts.rerouted), 1000);
        EXPECT_GT(total(limited.counts.dropped) + total(limited.counts.rerouted), 0);
        for (std::size_t t = 0; t < 500; ++t) {
            const auto was = routing.block().idsOf(int(t));
            for (std::size_t slot = 0; slot < 2; ++slot) {
                const std::uint16_t e = limited.ids[2 * t + slot];
                const float w = limited.weights[2 * t + slot];
                if (e == kNoExpert) {
                    EXPECT_EQ(w, 0.0F);
                    EXPECT_TRUE(slot == 1 || limited.ids[2 * t + 1] == kNoExpert); // empty slots come last
                } else if (e == was[0] || e == was[1]) {
                    EXPECT_EQ(w, routing.block().weightsOf(int(t))[e == was[0] ? 0 : 1]);
                }
            }
            EXPECT_GE(limited.weights[2 * t], limited.weights[2 * t + 1]);
        }
    }
}

TEST(LimitToCapacity, WeighsAReroutedChoiceByTheRatioOfProbs) {
    // Both tokens want expert 0; token 1 goes to its second best, expert 2.
    MoeLayerInfo layer;
    layer.moe.experts = 3;
    layer.moe.topK = 1;
    layer.moe.renormalize = false;
    const std::vector<float> logits{3, 0, 0, 2, 0, 1};
    std::vector<std::uint16_t> ids(2);
    std::vector<float> weights(2);
    routeTopK(layer, logits, ids, weights);
    OverflowCounts counts(3);
    limitToCapacity(layer, {1.0, 1, CapacityRounding::Floor, OverflowPolicy::Next, 2}, logits, ids, weights, counts);
    EXPECT_EQ(ids, (std::vector<std::uint16_t>{0, 2}));
    std::vector<float> probs(3);
    probabilities(layer.moe, std::span(logits).subspan(3), probs);
    EXPECT_NEAR(weights[1], probs[2], 1e-6F);
    EXPECT_EQ(counts.received, (std::vector<std::int64_t>{0, 0, 1}));
}

TEST(LimitToCapacity, NeedsLogitsForAllButDrop) {
    const test::RandomRouting routing(4, 2, 10, 1);
    for (OverflowPolicy policy : kPolicies) {
        auto ids = routing.ids();
        std::vector<float> weights(ids.size(), 0.5F);
        OverflowCounts counts(4);
        const CapacityOptions options{1.0, -1, CapacityRounding::Floor, policy, 8};
        if (policy == OverflowPolicy::Drop) {
            limitToCapacity(routing.info(), options, {}, ids, weights, counts);
            EXPECT_EQ(total(counts.assigned), 20);
        } else {
            EXPECT_THROW(limitToCapacity(routing.info(), options, {}, ids, weights, counts), Error);
        }
    }
}

} // namespace
} // namespace moescope
