#include "ui/data/layer_overflow.h"

#include <algorithm>
#include <filesystem>
#include <string>

#include <QTemporaryDir>
#include <gtest/gtest.h>

#include "app/service/recording.h"
#include "tests/ui/sample_recording.h"

namespace moescope {
namespace {

class OverflowTest : public testing::Test {
protected:
    static void SetUpTestSuite() {
        s_folder = new QTemporaryDir;
        std::string text;
        for (int i = 0; text.size() < 120000; ++i) {
            text += "line " + std::to_string(i) + " of a long text that repeats itself\n";
        }
        const std::filesystem::path file = s_folder->filePath(QStringLiteral("long.moescope")).toStdString();
        test::writeSampleRecording(file, {{"prose", "long", text}}, {2, 8, 2, true, 5});
        s_recording = Recording::open(file);
        s_run = new RunInfo(s_recording->run(""));
    }
    static void TearDownTestSuite() {
        s_recording.reset();
        delete s_run;
        delete s_folder;
    }

    std::vector<std::shared_ptr<const LayerOverflow>> read(const CapacityOptions& options,
                                                           const std::shared_ptr<const LayerScores>& known = {}) {
        std::vector<std::shared_ptr<const LayerOverflow>> parts;
        readLayerOverflow(*s_recording, *s_run, LayerId(1), options, known, {},
                          [&parts](std::shared_ptr<const LayerOverflow> part) { parts.push_back(std::move(part)); });
        return parts;
    }

    static inline QTemporaryDir* s_folder = nullptr;
    static inline std::unique_ptr<Recording> s_recording;
    static inline RunInfo* s_run = nullptr;
};

CapacityOptions optionsOf(OverflowPolicy policy, double factor) {
    CapacityOptions options;
    options.policy = policy;
    options.factor = factor;
    options.groupTokens = 256;
    return options;
}

// One after the other, as the definitions have it.
OverflowTotals naiveTotals(const LayerOverflow& layer, const CapacityOptions& options) {
    OverflowTotals totals;
    for (TokenIndex t = 0; t < layer.tokens(); ++t) {
        int lost = 0;
        for (int slot = 0; slot < layer.topK; ++slot) {
            lost += layer.dropped(t, slot, options) ? 1 : 0;
        }
        totals.add({0, 1, layer.choices(t), lost, lost > 0 ? 1 : 0, lost > 0 && lost == layer.choices(t) ? 1 : 0});
    }
    return totals;
}

TEST_F(OverflowTest, totalsAndLostTokensAgreeWithLookingAtEveryToken) {
    ASSERT_GE(s_run->tokens, 2 * kOverflowSample);
    for (const OverflowPolicy policy :
         {OverflowPolicy::Drop, OverflowPolicy::Priority, OverflowPolicy::Prob, OverflowPolicy::Next}) {
        for (const double factor : {0.5, 1.0, 1.4}) {
            const CapacityOptions options = optionsOf(policy, factor);
            const auto layer = read(options).back();
            const OverflowTotals found = overflowTotals(*layer, options), naive = naiveTotals(*layer, options);
            EXPECT_EQ(found.tokens, naive.tokens);
            EXPECT_EQ(found.assigned, naive.assigned);
            EXPECT_EQ(found.dropped, naive.dropped);
            EXPECT_EQ(found.tokensLosingSome, naive.tokensLosingSome);
            EXPECT_EQ(found.tokensLosingAll, naive.tokensLosingAll);
            std::int64_t all = 0;
            for (const TokenIndex t : lostTokens(*layer, options, std::size_t(s_run->tokens))) {
                EXPECT_GT(layer->droppedSlots(t, options), 0);
                all += layer->droppedSlots(t, options) == layer->choices(t) ? 1 : 0;
            }
            EXPECT_EQ(all, naive.tokensLosingAll);
            EXPECT_EQ(std::int64_t(lostTokens(*layer, options, std::size_t(s_run->tokens)).size()),
                      naive.tokensLosingSome);
            EXPECT_LE(lostTokens(*layer, options, 7).size(), 7U);
        }
    }
}

TEST_F(OverflowTest, aSampleComesFirstAndIsTheBeginning) {
    const CapacityOptions options = optionsOf(OverflowPolicy::Priority, 1.0);
    const auto parts = read(options);
    ASSERT_EQ(parts.size(), 2U);
    EXPECT_TRUE(parts[0]->isSample());
    EXPECT_EQ(parts[0]->tokens(), kOverflowSample);
    EXPECT_FALSE(parts[1]->isSample());
    EXPECT_EQ(parts[1]->tokens(), s_run->tokens);
    EXPECT_TRUE(std::equal(parts[0]->ranks.begin(), parts[0]->ranks.end(), parts[1]->ranks.begin()));
    EXPECT_EQ(read(optionsOf(OverflowPolicy::Drop, 1.0)).size(), 1U);
}

TEST_F(OverflowTest, servedAgainFromKeptScoresIsServedTheSame) {
    const auto known = read(optionsOf(OverflowPolicy::Next, 1.0)).back()->scores;
    ASSERT_TRUE(known);
    for (const double factor : {0.4, 1.0, 1.2}) {
        const CapacityOptions options = optionsOf(OverflowPolicy::Next, factor);
        const auto again = read(options, known), anew = read(options);
        ASSERT_EQ(again.size(), anew.size());
        for (std::size_t i = 0; i < again.size(); ++i) {
            EXPECT_EQ(again[i]->served, anew[i]->served);
            EXPECT_EQ(again[i]->counts.received, anew[i]->counts.received);
            EXPECT_EQ(again[i]->totals.dropped, anew[i]->totals.dropped);
        }
    }
}

} // namespace
} // namespace moescope
