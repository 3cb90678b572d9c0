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
    VocabularyCounts vocabulary(8);
    vocabulary.add(routing.block(), ids);
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

TEST(VocabularyCounts, PartsAddUpToTheWhole) {
    const test::RandomRouting routing(8, 2, 300, 5);
    const auto ids = someIds(300);
    VocabularyCounts whole(8), sum(8);
    whole.add(routing.block(), ids);
    for (const RoutingBlock& block : routing.blocks(64)) {
        VocabularyCounts part(8);
        part.add(block, std::span(ids).subspan(std::size_t(block.first), std::size_t(block.tokens)));
        sum.add(part);
    }
    for (int e = 0; e < 8; ++e) {
        const auto a = whole.of(e);
        const auto b = sum.of(e);
        ASSERT_EQ(a.size(), b.size());
        for (std::size_t i = 0; i < a.size(); ++i) {
            EXPECT_EQ(a[i].tokenId, b[i].tokenId);
            EXPECT_EQ(a[i].count, b[i].count);
            EXPECT_EQ(a[i].occurrences, b[i].occurrences);
        }
    }
}

TEST(VocabularyCounts, RanksTheExclusiveOnesWithEnoughOccurrences) {
    VocabularyCounts vocabulary(2);
    const std::vector<std::uint16_t> experts{0, 0, 0, 1, 0};
    const std::vector<float> weights(5, 1.0F);
    const std::vector<std::int32_t> ids{7, 7, 9, 9, 3}; // 7: always expert 0; 9: half; 3: once
    vocabulary.add({LayerId(0), 0, 5, 1, 2, experts, weights, {}}, ids);
    const auto top = vocabulary.mostExclusive(0, 2, 10);
    ASSERT_EQ(top.size(), 2U);
    EXPECT_EQ(top[0].tokenId, 7);
    EXPECT_EQ(top[1].tokenId, 9);
    EXPECT_EQ(top[1].shareOfToken(), 0.5);
}

} // namespace
} // namespace moescope
