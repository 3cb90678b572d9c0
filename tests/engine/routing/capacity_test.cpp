#include "engine/routing/capacity.h"

#include <algorithm>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include "engine/routing/error.h"
#include "engine/routing/no_expert.h"
#include "engine/routing/softmax.h"
#include "engine/routing/topk.h"
#include "tests/support/golden_tensors.h"
#include "tests/support/naive_capacity.h"

namespace moescope {
namespace {

using Ids = std::vector<std::uint16_t>;

// A group of tokens routed from logits.
struct RoutedGroup {
    std::int32_t experts, topK;
    Ids ids;
    std::vector<float> weights, probs, scores;

    RoutedGroup(std::int32_t expertCount, std::int32_t k, std::vector<float> logits)
        : experts(expertCount), topK(k), ids(logits.size() / std::size_t(expertCount) * std::size_t(k)),
          weights(ids.size()), probs(ids.size()), scores(logits.size()) {
        MoeLayerInfo layer;
        layer.moe.experts = experts;
        layer.moe.topK = topK;
        routeTopK(layer, logits, ids, weights);
        const auto row = std::size_t(experts);
        for (std::size_t t = 0; t < logits.size() / row; ++t) {
            softmax(std::span(logits).subspan(t * row, row), std::span(scores).subspan(t * row, row));
        }
        for (std::size_t i = 0; i < ids.size(); ++i) {
            probs[i] = scores[i / std::size_t(topK) * row + ids[i]];
        }
    }

    CapacityGroup group() const { return {topK, experts, ids, probs, scores}; }

    Ids serve(OverflowPolicy policy, std::int64_t capacity) const {
        Ids served(ids.size());
        serveGroup(group(), policy, capacity, served);
        return served;
    }
};

RoutedGroup randomGroup(std::int32_t experts, std::int32_t k, std::size_t tokens, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> logits(tokens * std::size_t(experts));
    for (std::size_t i = 0; i < logits.size(); ++i) {
        logits[i] = normal(random) + (i % std::size_t(experts) == 1 ? 1.5F : 0.0F); // one expert is popular
    }
    return {experts, k, logits};
}

TEST(Capacity, RoundsByTheNamedConventions) {
    CapacityOptions options;
    options.factor = 1.25;
    const auto capacity = [&](CapacityRounding rounding, std::int64_t tokens, int k, int experts) {
        options.rounding = rounding;
        return capacityOf(options, tokens, k, experts);
    };
    EXPECT_EQ(capacity(CapacityRounding::Floor, 1024, 2, 16), 160);
    EXPECT_EQ(capacity(CapacityRounding::Floor, 10, 2, 8), 3); // 3.125
    EXPECT_EQ(capacity(CapacityRounding::Ceil, 10, 2, 8), 4);
    EXPECT_EQ(capacity(CapacityRounding::Ceil4, 10, 2, 8), 4);
    EXPECT_EQ(capacity(CapacityRounding::Ceil4, 13, 2, 8), 8); // 4.0625
    EXPECT_EQ(capacity(CapacityRounding::Floor, 1, 1, 8), 0);
    options.fixed = 7;
    EXPECT_EQ(capacity(CapacityRounding::Floor, 3, 2, 8), 7);
}

TEST(Capacity, KnowsItsNames) {
    for (const char* name : {"floor", "ceil", "ceil4"}) {
        EXPECT_EQ(nameOf(capacityRounding(name)), name);
    }
    for (const char* name : {"drop", "priority", "prob", "next"}) {
        EXPECT_EQ(nameOf(overflowPolicy(name)), name);
    }
    EXPECT_THROW(overflowPolicy("keep"), Error);
    CapacityOptions options;
    options.factor = 0;
    EXPECT_THROW(checkCapacity(options), Error);
    options.factor = 1;
    options.groupTokens = 0;
    EXPECT_THROW(checkCapacity(options), Error);
}

// Four tokens, three experts, k = 2, one place per expert; the probabilities of token t are row t.
//   t0: 0 (.5), 1 (.3)    t1: 0 (.6), 1 (.3)    t2: 1 (.7), 0 (.2)    t3: 0 (.8), 2 (.15)
class HandWorked : public testing::Test {
protected:
    Ids serve(OverflowPolicy policy, std::int64_t capacity) const {
        Ids served(m_ids.size());
        serveGroup({2, 3, m_ids, m_probs, m_scores}, policy, capacity, served);
        return served;
    }

    const Ids m_ids{0, 1, 0, 1, 1, 0, 0, 2};
    const std::vector<float> m_probs{.5F, .3F, .6F, .3F, .7F, .2F, .8F, .15F};
    const std::vector<float> m_scores{.5F, .3F, .2F, .6F, .3F, .1F, .2F, .7F, .1F, .8F, .05F, .15F};
};

TEST_F(HandWorked, DropServesFirstChoicesInTokenOrder) {
    // First choices: t0 takes 0; t1 finds 0 full; t2 takes 1; t3 finds 0 full. Second: only t3's expert 2 is free.
    EXPECT_EQ(serve(OverflowPolicy::Drop, 1), (Ids{0, kNoExpert, kNoExpert, kNoExpert, 1, kNoExpert, kNoExpert, 2}));
    EXPECT_EQ(serve(OverflowPolicy::Drop, 2), (Ids{0, 1, 0, kNoExpert, 1, kNoExpert, kNoExpert, 2}));
}

TEST_F(HandWorked, PriorityServesTheSurestTokenFirst) {
    // Order t3, t2, t1, t0.
    EXPECT_EQ(serve(OverflowPolicy::Priority, 1),
              (Ids{kNoExpert, kNoExpert, kNoExpert, kNoExpert, 1, kNoExpert, 0, 2}));
    EXPECT_EQ(serve(OverflowPolicy::Priority, 2), (Ids{kNoExpert, kNoExpert, 0, 1, 1, kNoExpert, 0, 2}));
}

TEST_F(HandWorked, ProbKeepsTheHighestOfEachExpert) {
    // Expert 0: t3 .8, t1 .6, t0 .5, t2 .2. Expert 1: t2 .7, t0 .3, t1 .3 (a tie: the earlier token). Expert 2: t3.
    EXPECT_EQ(serve(OverflowPolicy::Prob, 1), (Ids{kNoExpert, kNoExpert, kNoExpert, kNoExpert, 1, kNoExpert, 0, 2}));
    EXPECT_EQ(serve(OverflowPolicy::Prob, 2), (Ids{kNoExpert, 1, 0, kNoExpert, 1, kNoExpert, 0, 2}));
}

TEST_F(HandWorked, NextSendsAChoiceToTheNextExpertWithRoom) {
    // t1's first choice goes to 2, the one expert it does not use; then nothing has room.
    EXPECT_EQ(serve(OverflowPolicy::Next, 1), (Ids{0, kNoExpert, 2, kNoExpert, 1, kNoExpert, kNoExpert, kNoExpert}));
    // Two places: t3's first choice finds 0 full and 1 free; t1's and t2's second choices go to 2, t3's is dropped.
    EXPECT_EQ(serve(OverflowPolicy::Next, 2), (Ids{0, 2, 0, 2, 1, kNoExpert, 1, kNoExpert}));
}

TEST(ServeGroup, AgreesWithTheNaiveReference) {
    for (auto [experts, k, tokens] : {std::tuple{4, 1, 33}, {8, 2, 64}, {16, 4, 50}, {5, 5, 12}}) {
        const RoutedGroup routed = randomGroup(experts, k, std::size_t(tokens), unsigned(experts));
        std::vector<std::vector<int>> choices;
        std::vector<std::vector<double>> scores;
        for (int t = 0; t < tokens; ++t) {
            choices.emplace_back(routed.ids.begin() + t * k, routed.ids.begin() + (t + 1) * k);
            scores.emplace_back(routed.scores.begin() + t * experts, routed.scores.begin() + (t + 1) * experts);
        }
        for (auto policy :
             {OverflowPolicy::Drop, OverflowPolicy::Priority, OverflowPolicy::Prob, OverflowPolicy::Next}) {
            for (int capacity : {0, 1, 3, tokens * k / experts, tokens}) {
                const Ids served = routed.serve(policy, capacity);
                const auto expected = test::naiveServe(choices, scores, policy, capacity);
                for (std::size_t i = 0; i < served.size(); ++i) {
                    const int expert = expected[i / std::size_t(k)][i % std::size_t(k)];
                    ASSERT_EQ(served[i], expert < 0 ? kNoExpert : expert)
                        << nameOf(policy) << " capacity " << capacity << " choice " << i;
                }
            }
        }
    }
}

TEST(ServeGroup, ConservesEveryChoiceAndNeverExceedsTheCapacity) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        const RoutedGroup routed = randomGroup(8, 2, 100, seed);
        for (auto policy :
             {OverflowPolicy::Drop, OverflowPolicy::Priority, OverflowPolicy::Prob, OverflowPolicy::Next}) {
            const std::int64_t capacity = 5 + seed;
            OverflowCounts counts(8);
            counts.add(routed.ids, routed.serve(policy, capacity));
            for (std::size_t e = 0; e < 8; ++e) {
                EXPECT_EQ(counts.assigned[e], counts.kept[e] + counts.dropped[e] + counts.rerouted[e]);
                EXPECT_LE(counts.kept[e] + counts.received[e], capacity);
                if (policy != OverflowPolicy::Next) {
                    EXPECT_EQ(counts.dropped[e], std::max<std::int64_t>(0, counts.assigned[e] - capacity));
                }
            }
            const auto total = [](const std::vector<std::int64_t>& v) {
                return std::accumulate(v.begin(), v.end(), std::int64_t(0));
            };
            EXPECT_EQ(total(counts.assigned), 200);
            EXPECT_EQ(total(counts.rerouted), total(counts.received));
        }
    }
}

TEST(ServeGroup, DropsAsHuggingFacesSwitchTransformer) {
    const test::GoldenTensors tensors("metrics/capacity.safetensors");
    for (const auto& fixture : test::goldenJson("metrics/capacity.json")) {
        const std::int32_t experts = fixture.at("num_experts");
        const std::size_t length = fixture.at("seq_len");
        const std::size_t row = std::size_t(experts);
        const std::vector<float> logits = tensors.f32(fixture.at("logits"));
        const auto mask = tensors.bytes(fixture.at("dispatch_mask"));
        for (std::size_t b = 0; b < std::size_t(fixture.at("batch")); ++b) {
            const auto begin = logits.begin() + std::ptrdiff_t(b * length * row);
            const RoutedGroup routed(experts, 1, {begin, begin + std::ptrdiff_t(length * row)});
            const Ids served = routed.serve(OverflowPolicy::Drop, fixture.at("capacity"));
            for (std::size_t t = 0; t < length; ++t) {
                for (std::size_t e = 0; e < row; ++e) {
                    ASSERT_EQ(served[t] == e, mask[(b * length + t) * row + e] != 0)
                        << fixture.at("name") << " sequence " << b << " token " << t << " expert " << e;
                }
            }
        }
    }
}

TEST(ServeGroup, SaysWhatAPolicyNeeds) {
    const Ids ids{0, 1};
    Ids served(2);
    EXPECT_THROW(serveGroup({1, 2, ids, {}, {}}, OverflowPolicy::Prob, 1, served), Error);
    EXPECT_THROW(serveGroup({1, 2, ids, {}, {}}, OverflowPolicy::Next, 1, served), Error);
    serveGroup({1, 2, ids, {}, {}}, OverflowPolicy::Drop, 1, served);
    EXPECT_EQ(served, ids);
}

TEST(ServeGroup, PassesOverEmptySlots) {
    const Ids ids{0, kNoExpert, 0, 1};
    Ids served(4);
    serveGroup({2, 2, ids, {}, {}}, OverflowPolicy::Drop, 1, served);
    EXPECT_EQ(served, (Ids{0, kNoExpert, kNoExpert, 1}));
}

} // namespace
} // namespace moescope
