#include "engine/routing/expert_choice.h"

#include <algorithm>
#include <map>
#include <tuple>

#include <gtest/gtest.h>

#include "engine/routing/masked.h"
#include "tests/support/random_scores.h"

namespace moescope {
namespace {

struct Slots {
    std::vector<std::uint16_t> ids;
    std::vector<float> weights;
};

Slots slotsOf(const ExpertChoice& choice, int tokens, int slots) {
    Slots result{std::vector<std::uint16_t>(std::size_t(tokens * slots)),
                 std::vector<float>(std::size_t(tokens * slots))};
    byToken(choice, slots, result.ids, result.weights);
    return result;
}

TEST(ExpertChoice, TakesEachExpertsBestTokens) {
    for (auto [tokens, experts, capacity] : {std::tuple{7, 3, 2}, {64, 8, 16}, {33, 16, 1}, {5, 4, 5}, {5, 4, 0}}) {
        const auto scores = test::randomScores(tokens, experts, unsigned(tokens));
        const ExpertChoice choice = chooseTokens(scores, experts, capacity);
        for (int e = 0; e < experts; ++e) {
            std::vector<std::pair<float, int>> column;
            for (int t = 0; t < tokens; ++t) {
                column.emplace_back(-scores[std::size_t(t * experts + e)], t);
            }
            std::sort(column.begin(), column.end());
            for (int i = 0; i < capacity; ++i) {
                const auto at = std::size_t(e * capacity + i);
                ASSERT_EQ(choice.tokens[at], column[std::size_t(i)].second);
                ASSERT_EQ(choice.weights[at], -column[std::size_t(i)].first);
            }
        }
    }
}

TEST(ExpertChoice, SaysTheSameByToken) {
    const int tokens = 50;
    const int experts = 8;
    const auto scores = test::randomScores(tokens, experts, 3);
    const ExpertChoice choice = chooseTokens(scores, experts, 13);
    const std::int32_t slots = widestToken(choice, tokens);
    ASSERT_LE(slots, experts);
    const Slots rows = slotsOf(choice, tokens, slots);
    std::map<std::pair<int, int>, float> expected, actual; // (token, expert) -> weight
    for (std::size_t i = 0; i < choice.tokens.size(); ++i) {
        expected[{choice.tokens[i], int(i) / 13}] = choice.weights[i];
    }
    int widest = 0;
    for (std::size_t i = 0; i < rows.ids.size(); ++i) {
        if (rows.ids[i] == kNoExpert) {
            EXPECT_EQ(rows.weights[i], 0.0F);
            continue;
        }
        actual[{int(i) / slots, rows.ids[i]}] = rows.weights[i];
        widest = std::max(widest, int(i) % slots + 1);
        if (int(i) % slots > 0) {
            EXPECT_GE(rows.weights[i - 1], rows.weights[i]);
            EXPECT_NE(rows.ids[i - 1], kNoExpert);
        }
    }
    EXPECT_EQ(actual, expected);
    EXPECT_EQ(widest, slots);
}

TEST(ExpertChoice, GivesTiesToTheEarlierTokenAndTheLowerExpert) {
    const ExpertChoice choice = chooseTokens(std::vector<float>{.5F, .5F, .5F, .5F, .5F, .5F}, 2, 2);
    EXPECT_EQ(choice.tokens, (std::vector<std::int32_t>{0, 1, 0, 1}));
    EXPECT_EQ(slotsOf(choice, 3, 2).ids, (std::vector<std::uint16_t>{0, 1, 0, 1, kNoExpert, kNoExpert}));
}

TEST(ExpertChoice, NeverTakesAMaskedToken) {
    const ExpertChoice choice = chooseTokens(std::vector<float>{kMasked, .2F, kMasked, .8F, .5F, .5F}, 2, 2);
    EXPECT_EQ(choice.tokens, (std::vector<std::int32_t>{2, -1, 1, 2}));
    EXPECT_EQ(slotsOf(choice, 3, 2).ids, (std::vector<std::uint16_t>{kNoExpert, kNoExpert, 1, kNoExpert, 0, 1}));
}

TEST(ExpertChoice, LeavesOutTheWeakestWhereSlotsAreFew) {
    const ExpertChoice choice = chooseTokens(std::vector<float>{.1F, .3F, .2F}, 3, 1);
    EXPECT_EQ(slotsOf(choice, 1, 2).ids, (std::vector<std::uint16_t>{1, 2}));
}

TEST(ExpertChoice, CapacityIsTheFairShareRounded) {
    EXPECT_EQ(expertChoiceCapacity(1024, 2, 16), 128);
    EXPECT_EQ(expertChoiceCapacity(10, 2, 8), 3); // 2.5
    EXPECT_EQ(expertChoiceCapacity(9, 2, 8), 2);  // 2.25
    EXPECT_EQ(expertChoiceCapacity(1, 1, 64), 1);
    EXPECT_EQ(expertChoiceCapacity(3, 4, 4), 3);
    EXPECT_EQ(expertChoiceCapacity(0, 2, 4), 0);
}

} // namespace
} // namespace moescope
