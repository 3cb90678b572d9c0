#include "app/service/recording.h"

#include <cstring>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "db/connection.h"
#include "db/half.h"
#include "db/run_writer.h"
#include "engine/routing/error.h"
#include "tests/support/recorded_run.h"

namespace moescope {
namespace {

using test::makeRun;
using test::RecordedRun;
using test::RunShape;
using test::TemporaryFolder;

void record(const std::filesystem::path& file, const RecordedRun& run, TokenIndex batch) {
    RunWriter writer(file, run.spec, run.documents, run.pieces);
    run.deliverAll(writer, 0, batch);
    writer.finish(RunState::Complete);
}

float stored(const RecordedRun& run, float logit) {
    return run.spec.logits == LogitStorage::F16 ? halfToFloat(floatToHalf(logit)) : logit;
}

void expectBlock(const RecordedRun& run, std::size_t l, const RoutingBlock& block, bool logits) {
    const auto expected = run.block(l, block.first, block.end());
    ASSERT_THAT(block.ids, testing::ElementsAreArray(expected.ids));
    ASSERT_THAT(block.weights, testing::ElementsAreArray(expected.weights));
    if (!logits || run.spec.logits == LogitStorage::None) {
        ASSERT_TRUE(block.logits.empty());
        return;
    }
    ASSERT_EQ(block.logits.size(), expected.logits.size());
    for (std::size_t i = 0; i < block.logits.size(); ++i) {
        ASSERT_EQ(block.logits[i], stored(run, expected.logits[i]));
    }
}

// Every block the filter takes is what was recorded; returns how many tokens there were in all layers.
std::int64_t expectBlocks(const Recording& recording, const RecordedRun& run, const RunFilter& filter, bool logits) {
    std::int64_t tokens = 0;
    std::size_t l = 0;
    TokenIndex last = 0;
    std::vector<std::uint16_t> ids, choices;
    recording.eachRouting(recording.run("run"), filter, logits, [&](const RoutingBlock& block) {
        while (run.spec.layers[l].layer != block.layer) {
            ++l;
            last = 0;
        }
        EXPECT_GE(block.first, last);
        last = block.end();
        tokens += block.tokens;
        ids.insert(ids.end(), block.ids.begin(), block.ids.end());
        expectBlock(run, l, block, logits);
    });
    recording.eachChoice(recording.run("run"), filter, [&](const RoutingBlock& block) {
        choices.insert(choices.end(), block.ids.begin(), block.ids.end());
        EXPECT_TRUE(block.weights.empty() && block.logits.empty());
        EXPECT_EQ(block.ids.size(), std::size_t(block.tokens) * std::size_t(block.topK));
    });
    EXPECT_EQ(choices, ids);
    return tokens;
}

TEST(Recording, GivesBackWhatWasWrittenForEveryShape) {
    std::mt19937 random(3);
    const TemporaryFolder folder;
    for (const auto& [experts, k] :
         {std::pair{1, 1}, {8, 2}, {16, 4}, {48, 16}, {64, 8}, {255, 3}, {256, 8}, {512, 16}}) {
        for (const auto logits : {LogitStorage::None, LogitStorage::F16, LogitStorage::F32}) {
            SCOPED_TRACE(std::to_string(experts) + " experts, top " + std::to_string(k));
            const auto run = makeRun({2, experts, k, 1 + std::int32_t(random() % 2600), logits, ScoreFunction::Softmax,
                                      std::uint32_t(random())});
            const auto file = folder / ("e" + std::to_string(experts) + std::to_string(int(logits))).c_str();
            record(file, run, 1 + TokenIndex(random() % 1500));
            const auto recording = Recording::open(file);
            EXPECT_EQ(expectBlocks(*recording, run, {}, true), 2 * run.tokens());
            EXPECT_EQ(expectBlocks(*recording, run, {}, false), 2 * run.tokens());
        }
    }
}

TEST(Recording, DescribesTheRun) {
    const TemporaryFolder folder;
    auto run = makeRun({2, 8, 2, 500, LogitStorage::F16, ScoreFunction::Sigmoid, 5});
    run.spec.layers[1].moe.scale = 2.5F;
    run.spec.layers[1].moe.groupScore = GroupScore::TopTwoSum;
    run.spec.layers[1].moe.groups = 2;
    record(folder / "a.db", run, 100);
    const auto info = Recording::open(folder / "a.db")->run("");
    EXPECT_EQ(info.spec.layers, run.spec.layers);
    EXPECT_EQ(info.spec.provenance, run.spec.provenance);
    EXPECT_EQ(info.spec.logits, LogitStorage::F16);
    EXPECT_EQ(info.spec.resumeKey, "key");
    EXPECT_EQ(info.state, RunState::Complete);
    EXPECT_EQ(info.tokens, 500);
    EXPECT_EQ(info.documents.size(), run.documents.size());
    EXPECT_EQ(info.documents[1].name, "doc1");
    EXPECT_EQ(info.domains[std::size_t(info.documentDomains[0])], run.documents[0].domain);
    EXPECT_EQ(info.created.size(), std::strlen("2025-01-01T00:00:00Z"));
}

TEST(Recording, TakesTheTokensOfAFilterOnly) {
    const TemporaryFolder folder;
    const auto run = makeRun({});
    record(folder / "a.db", run, 700);
    const auto recording = Recording::open(folder / "a.db");
    RunFilter filter;
    filter.layers = {LayerId{3}};
    filter.tokenBegin = 100;
    filter.tokenEnd = 1500;
    EXPECT_EQ(expectBlocks(*recording, run, filter, true), 1400);
    filter = {};
    filter.domains = {"code"};
    filter.documents = {0, 1, 2, 3, 4};
    std::int64_t expected = 0;
    for (std::size_t d = 0; d < 5 && d < run.documents.size(); ++d) {
        expected += run.documents[d].domain == "code" ? run.documents[d].tokens : 0;
    }
    EXPECT_EQ(expectBlocks(*recording, run, filter, false), 3 * expected);
    filter.domains = {"poetry"};
    EXPECT_THROW(expectBlocks(*recording, run, filter, false), Error);
}

// With a stretch, each layer has the same tokens before the next ones come.
TEST(Recording, GivesChoicesByStretches) {
    const TemporaryFolder folder;
    const auto run = makeRun({3, 8, 2, 2500, LogitStorage::None, ScoreFunction::Softmax, 5});
    record(folder / "run.moescope", run, 700);
    const auto recording = Recording::open(folder / "run.moescope");
    const RunInfo info = recording->run("run");
    RunFilter filter;
    filter.tokenBegin = 130;
    filter.tokenEnd = 2300;
    std::vector<TokenIndex> ends(3, 130);
    recording->eachChoice(info, filter, 300, [&](const RoutingBlock& block) {
        const auto layer = std::size_t(std::ranges::find(info.spec.layers, block.layer, &MoeLayerInfo::layer) -
                                       info.spec.layers.begin());
        ASSERT_LT(layer, 3U);
        EXPECT_EQ(block.first, ends[layer]);
        EXPECT_EQ((block.end() - 1) / 300, block.first / 300);
        ASSERT_THAT(block.ids, testing::ElementsAreArray(run.block(layer, block.first, block.end()).ids));
        ends[layer] = block.end();
        for (std::size_t l = 0; l < 3; ++l) { // the others are in this stretch, or at its edge
            EXPECT_GE(ends[l], l < layer ? std::min<TokenIndex>(2300, (block.first / 300 + 1) * 300) : 130);
            EXPECT_LE(ends[l], std::min<TokenIndex>(2300, (block.first / 300 + 1) * 300));
        }
    });
    EXPECT_THAT(ends, testing::Each(2300));
}

TEST(Recording, StopsReadingAheadWhereTheVisitFails) {
    const TemporaryFolder folder;
    const auto run = makeRun({8, 8, 2, 30'000, LogitStorage::None, ScoreFunction::Softmax, 6});
    record(folder / "run.moescope", run, 5000);
    const auto recording = Recording::open(folder / "run.moescope");
    int visits = 0;
    const auto fail = [&](const RoutingBlock&) {
        if (++visits == 3) {
            throw Error(ErrorCode::Cancelled, "enough");
        }
    };
    EXPECT_THROW(recording->eachChoice(recording->run("run"), {}, fail), Error);
    EXPECT_EQ(visits, 3);
    visits = 10;
    recording->eachChoice(recording->run("run"), {}, fail); // and is of use afterwards
    EXPECT_GT(visits, 100);
}

TEST(Recording, GivesWhatLiesBeforeADamagedBlock) {
    const TemporaryFolder folder;
    const auto run = makeRun({2, 8, 2, 4000, LogitStorage::None, ScoreFunction::Softmax, 7});
    record(folder / "run.moescope", run, 1000);
    {
        sqlite::Connection connection(folder / "run.moescope", sqlite::Access::Write);
        connection.execute(
            "DELETE FROM route_block WHERE layer_id=(SELECT max(layer_id) FROM route_block) AND block=2");
    }
    const auto recording = Recording::open(folder / "run.moescope");
    std::int64_t tokens = 0;
    try {
        recording->eachChoice(recording->run("run"), {}, [&](const RoutingBlock& block) { tokens += block.tokens; });
        FAIL() << "a missing block was passed over";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::Corruption);
        EXPECT_THAT(error.what(), testing::HasSubstr("block 2"));
    }
    EXPECT_EQ(tokens, 4000 + 2 * 512);
}

// Whoever counts by expert would write outside its tables.
TEST(Recording, RefusesAnExpertThatTheLayerDoesNotHave) {
    const TemporaryFolder folder;
    for (const int experts : {16, 300}) { // ids of one byte, of two
        const auto file = folder / ("e" + std::to_string(experts)).c_str();
        record(file, makeRun({2, experts, 2, 3000, LogitStorage::None, ScoreFunction::Softmax, 8}), 1000);
        sqlite::Connection(file, sqlite::Access::Write)
            .execute("UPDATE route_block SET ids=CAST(X'FE01FE01' || substr(ids, 5) AS BLOB) WHERE block=1");
        const auto recording = Recording::open(file);
        const RunInfo run = recording->run("run");
        std::int64_t block = 0;
        const auto refuses = [&](const auto& read) {
            try {
                read();
                ADD_FAILURE() << "an expert beyond " << experts << " was taken";
            } catch (const Error& error) {
                EXPECT_EQ(error.code(), ErrorCode::Corruption);
                EXPECT_THAT(error.what(),
                            testing::HasSubstr("the layer has experts 0 to " + std::to_string(experts - 1)));
            }
        };
        const auto visit = [&](const RoutingBlock& b) { block = b.end(); };
        refuses([&] { recording->eachChoice(run, {}, visit); });
        refuses([&] { recording->eachRouting(run, {}, false, visit); });
        refuses([&] { (void)recording->route(run, block); });
    }
}

TEST(Recording, StoredSumsEqualARecount) {
    const TemporaryFolder folder;
    std::mt19937 random(11);
    for (const auto logits : {LogitStorage::None, LogitStorage::F16, LogitStorage::F32}) {
        for (const auto& [experts, k] : {std::pair{8, 2}, {13, 13}, {100, 6}}) {
            const auto run = makeRun({2, experts, k, 1500, logits, ScoreFunction::Sigmoid, std::uint32_t(random())});
            const auto file = folder / ("s" + std::to_string(experts) + std::to_string(int(logits))).c_str();
            record(file, run, 333);
            const auto recording = Recording::open(file);
            const auto info = recording->run("run");
            for (const auto& domains : {std::vector<std::string>{}, info.domains, {info.domains[0]}}) {
                RunFilter whole;
                whole.domains = domains;
                RunFilter scanned = whole;
                scanned.tokenEnd = info.tokens; // a range: counted from the blocks
                const auto sums = recording->summaries(info, whole);
                const auto recount = recording->summaries(info, scanned);
                ASSERT_EQ(sums.size(), 2U);
                for (std::size_t l = 0; l < sums.size(); ++l) {
                    EXPECT_EQ(sums[l].tokens, recount[l].tokens);
                    EXPECT_EQ(sums[l].tokensWithLogits, recount[l].tokensWithLogits);
                    EXPECT_EQ(sums[l].assignments, recount[l].assignments);
                    EXPECT_EQ(sums[l].top1, recount[l].top1);
                    EXPECT_EQ(sums[l].byDomain, recount[l].byDomain);
                    EXPECT_EQ(sums[l].domainTokens, recount[l].domainTokens);
                    EXPECT_NEAR(sums[l].zSum, recount[l].zSum, 1e-9 * (1 + recount[l].zSum));
                    EXPECT_NEAR(sums[l].marginSum, recount[l].marginSum, 1e-9 * (1 + recount[l].marginSum));
                    for (std::size_t e = 0; e < sums[l].probSum.size(); ++e) {
                        EXPECT_NEAR(sums[l].probSum[e], recount[l].probSum[e], 1e-9 * (1 + recount[l].probSum[e]));
                        EXPECT_NEAR(sums[l].weightSum[e], recount[l].weightSum[e],
                                    1e-9 * (1 + recount[l].weightSum[e]));
                    }
                }
            }
        }
    }
}

TEST(Recording, GivesTokensWithTheirTextAndPlace) {
    const TemporaryFolder folder;
    const auto run = makeRun({});
    record(folder / "a.db", run, 999);
    const auto recording = Recording::open(folder / "a.db");
    const auto info = recording->run("run");
    const auto records = recording->tokens(info, 1000, 2100);
    ASSERT_EQ(records.size(), 1100U);
    for (const TokenRecord& record : records) {
        const auto t = std::size_t(record.token);
        const DocumentInfo& document = run.documents[std::size_t(record.document)];
        EXPECT_EQ(record.tokenId, run.tokenIds[t]);
        EXPECT_EQ(record.position, record.token - document.first);
        EXPECT_LT(record.position, document.tokens);
        EXPECT_EQ(record.text, run.pieces[std::size_t(record.tokenId)].bytes);
        EXPECT_TRUE(std::isnan(run.nll[t]) ? std::isnan(record.nll) : record.nll == run.nll[t]);
    }
    EXPECT_EQ(recording->tokenIds(info), run.tokenIds);
    EXPECT_EQ(recording->piece(info, 7), "\xE2\x82");
    EXPECT_EQ(recording->piece(info, 4711), "");
    EXPECT_TRUE(recording->tokens(info, 5000, 6000).empty());
}

TEST(Recording, GivesTheRouteOfAToken) {
    const TemporaryFolder folder;
    const auto run = makeRun({3, 64, 4, 2000, LogitStorage::F16, ScoreFunction::Softmax, 2});
    record(folder / "a.db", run, 512);
    const auto recording = Recording::open(folder / "a.db");
    const auto info = recording->run("run");
    for (const TokenIndex t : {0, 255, 256, 1023, 1999}) {
        const auto route = recording->route(info, t);
        ASSERT_EQ(route.size(), 3U);
        for (std::size_t l = 0; l < 3; ++l) {
            EXPECT_THAT(route[l].ids, testing::ElementsAreArray(run.block(l, t, t + 1).ids));
            EXPECT_THAT(route[l].weights, testing::ElementsAreArray(run.block(l, t, t + 1).weights));
            ASSERT_EQ(route[l].logits.size(), 64U);
            EXPECT_EQ(route[l].logits[5], stored(run, run.block(l, t, t + 1).logits[5]));
        }
    }
    EXPECT_THROW(recording->route(info, 2000), Error);
}

TEST(Recording, SaysWhatIsWrongWithAFile) {
    const TemporaryFolder folder;
    EXPECT_THROW(Recording::open(folder / "none.db"), Error);
    std::ofstream(folder / "text.db") << std::string(5000, 'x');
    std::ofstream(folder / "empty.db") << "";
    for (const char* name : {"text.db", "empty.db"}) {
        try {
            Recording::open(folder / name);
            FAIL();
        } catch (const Error& e) {
            EXPECT_EQ(e.code(), ErrorCode::Corruption) << e.what();
            EXPECT_THAT(e.what(), testing::HasSubstr(name));
        }
    }
    EXPECT_THROW(Recording::open(folder.path()), Error);
}

TEST(Recording, FindsRunsByNameAndId) {
    const TemporaryFolder folder;
    auto run = makeRun({1, 4, 1, 10, LogitStorage::None, ScoreFunction::Softmax, 1});
    record(folder / "a.db", run, 10);
    run.spec.name = "second";
    record(folder / "a.db", run, 3);
    const auto recording = Recording::open(folder / "a.db");
    ASSERT_EQ(recording->runs().size(), 2U);
    EXPECT_EQ(recording->run("").spec.name, "second");
    EXPECT_EQ(recording->run("1").spec.name, "run");
    EXPECT_EQ(recording->run("second").id, RunId{2});
    EXPECT_THROW(recording->run("third"), Error);
    EXPECT_EQ(recording->reopen()->runs().size(), 2U);
}

} // namespace
} // namespace moescope
