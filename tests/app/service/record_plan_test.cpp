#include "app/service/record_plan.h"

#include <numeric>

#include <gtest/gtest.h>

namespace moescope {

namespace {

TokenDocument document(std::int64_t tokens, const std::string& name = "d") {
    TokenDocument result{name, "text", std::vector<std::int32_t>(std::size_t(tokens))};
    std::iota(result.tokens.begin(), result.tokens.end(), 100);
    return result;
}

RecordPlan plan(std::vector<std::int64_t> lengths, std::int64_t context, std::int64_t batch, std::int64_t limit = 0) {
    std::vector<TokenDocument> documents;
    for (const std::int64_t length : lengths)
        documents.push_back(document(length));
    return {std::move(documents), {context, batch, limit, std::nullopt}};
}

} // namespace

TEST(RecordPlan, CutsDocumentsIntoWindowsThatNeverCrossThem) {
    const RecordPlan p = plan({5, 3}, 4, 100);
    ASSERT_EQ(p.batches(), 1U);
    const auto windows = p.batch(0);
    ASSERT_EQ(windows.size(), 3U);
    EXPECT_EQ(windows[0].first, 0);
    EXPECT_EQ(windows[1].first, 4);
    EXPECT_EQ(windows[1].tokens.size(), 1U);
    EXPECT_EQ(windows[1].tokens[0], 104);
    EXPECT_EQ(windows[2].first, 5);
    EXPECT_EQ(windows[2].tokens[0], 100);
}

TEST(RecordPlan, BatchesHoldWholeWindowsAndAtLeastOne) {
    const RecordPlan p = plan({10}, 4, 3);
    ASSERT_EQ(p.batches(), 3U);
    EXPECT_EQ(p.batchBegin(1), 4);
    EXPECT_EQ(p.batchEnd(1), 8);
    EXPECT_EQ(p.batchEnd(2), 10);
    EXPECT_EQ(plan({10}, 4, 8).batches(), 2U);
}

TEST(RecordPlan, EveryTokenIsInExactlyOneWindow) {
    const RecordPlan p = plan({1, 0, 17, 4, 9}, 4, 11);
    TokenIndex next = 0;
    for (std::size_t b = 0; b < p.batches(); ++b)
        for (const Window& window : p.batch(b)) {
            EXPECT_EQ(window.first, next);
            next += TokenIndex(window.tokens.size());
        }
    EXPECT_EQ(next, 31);
    EXPECT_EQ(p.documents().size(), 4U); // the empty one is left out
}

TEST(RecordPlan, LimitCutsTheLastDocument) {
    const RecordPlan p = plan({5, 5, 5}, 4, 100, 7);
    ASSERT_EQ(p.documents().size(), 2U);
    EXPECT_EQ(p.documents()[1].tokens, 2);
    EXPECT_EQ(p.tokens().size(), 7U);
}

TEST(RecordPlan, FindsTheBatchThatStartsAtAToken) {
    const RecordPlan p = plan({10}, 4, 4);
    EXPECT_EQ(p.batchAt(0), 0U);
    EXPECT_EQ(p.batchAt(8), 2U);
    EXPECT_EQ(p.batchAt(10), 3U);
    EXPECT_FALSE(p.batchAt(5));
}

} // namespace moescope
