#include "analysis/vocabulary.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/random_routing.h"

namespace moescope {
namespace {

std::vector<std::int32_t> someIds(std::size_t tokens) {
    std::vector<std::int32_t> ids(tokens);
    for (std::size_t t = 0; t < tokens; ++t) {
        ids[t] = std::int32_t((t * t + t / 3) % 37 * 11);
    }
    return ids;
}

TEST(VocabularyCounts, AgreesWithANaiveCount) {
    const test::RandomRouting routing(8, 2, 300, 4);
    const auto ids = someIds(300);
    std::map<std::pair<int, int>, int> counts; // (expert, id)
    std::map<int, int> occurrences;
    for (std::size_t t = 0; t < 300; ++t) {
        ++occurrences[ids[t]];
        ++counts[{routing.ids()[2 * t], ids[t]}];
        ++counts[{routing.ids()[2 * t + 1], ids[t]}];
    }
    VocabularyCounts vocabulary(std::make_shared<VocabularyIndex>(ids), 8);
    for (const RoutingBlock& block : routing.blocks(64)) {
        vocabulary.add(block);
    }
    std::size_t entries = 0;
    for (int e = 0; e < 8; ++e) {
        std::int64_t last = 1'000'000;
        for (const auto& entry : vocabulary.of(e)) {
            EXPECT_EQ(entry.count, (counts[{e, entry.tokenId}]));
            EXPECT_EQ(entry.occurrences, occurrences[entry.tokenId]);
            EXPECT_LE(entry.count, last);
            last = entry.count;
            ++entries;
        }
    }
    EXPECT_EQ(entries, counts.size());
}

TEST(VocabularyCounts, LeavesOutEmptySlotsAndTokensWithoutAnId) {
    const std::vector<std::uint16_t> experts{0, kNoExpert, 1, 0, kNoExpert, kNoExpert, 1, 0};
    const std::vector<float> weights(8, 0.5F);
    const std::vector<std::int32_t> ids{4, -1, 4, 9};
    VocabularyCounts vocabulary(std::make_shared<VocabularyIndex>(ids), 2);
    vocabulary.add({LayerId(0), 0, 4, 2, 2, experts, weights, {}});
    const auto first = vocabulary.of(0);
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0].tokenId, 4);
    EXPECT_EQ(first[0].count, 1);
    EXPECT_EQ(first[0].occurrences, 2);
    EXPECT_EQ(first[1].tokenId, 9);
    const auto second = vocabulary.of(1);
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(second[0].tokenId, 9);
}

TEST(VocabularyCounts, CountsThePartOfARunThatItIsGiven) {
    const test::RandomRouting routing(8, 3, 300, 5);
    const auto ids = someIds(300);
    VocabularyCounts part(std::make_shared<VocabularyIndex>(ids), 8);
    const auto blocks = routing.blocks(64);
    part.add(blocks[1]);
    part.add(blocks[3]);
    std::map<int, int> occurrences;
    for (const RoutingBlock* block : {&blocks[1], &blocks[3]}) {
        for (std::int32_t t = 0; t < block->tokens; ++t) {
            ++occurrences[ids[std::size_t(block->first + t)]];
        }
    }
    std::int64_t choices = 0;
    for (int e = 0; e < 8; ++e) {
        for (const auto& entry : part.of(e)) {
            EXPECT_EQ(entry.occurrences, occurrences[entry.tokenId]);
            choices += entry.count;
        }
    }
    EXPECT_EQ(choices, 3 * (blocks[1].tokens + blocks[3].tokens));
}

TEST(VocabularyCounts, RanksTheExclusiveOnesWithEnoughOccurrences) {
    const std::vector<std::uint16_t> experts{0, 0, 0, 1, 0};
    const std::vector<float> weights(5, 1.0F);
    const std::vector<std::int32_t> ids{7, 7, 9, 9, 3}; // 7: always expert 0; 9: half; 3: once
    VocabularyCounts vocabulary(std::make_shared<VocabularyIndex>(ids), 2);
    vocabulary.add({LayerId(0), 0, 5, 1, 2, experts, weights, {}});
    const auto top = vocabulary.mostExclusive(0, 2, 10);
    ASSERT_EQ(top.size(), 2U);
    EXPECT_EQ(top[0].tokenId, 7);
    EXPECT_EQ(top[1].tokenId, 9);
    EXPECT_EQ(top[1].shareOfToken(), 0.5);
}

} // namespace
} // namespace moescope
