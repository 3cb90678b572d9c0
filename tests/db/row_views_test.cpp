#include "db/row_views.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "db/half.h"
#include "db/run_writer.h"
#include "engine/routing/scores.h"
#include "tests/support/recorded_run.h"
#include "tests/support/recording_dump.h"

namespace moescope {
namespace {

using test::makeRun;
using test::printed;
using test::query;
using test::RecordedRun;
using test::TemporaryFolder;

void record(const std::filesystem::path& file, const RecordedRun& run) {
    RunWriter writer(file, run.spec, run.documents, run.spec.text ? run.pieces : std::vector<Piece>{});
    run.deliverAll(writer, 0, 777);
    writer.finish(RunState::Complete);
}

std::string number(double value) {
    return printed(SqlValue(value)) + "|";
}
std::string number(std::int64_t value) {
    return std::to_string(value) + "|";
}

// The rows of the view `routing`, from the run itself.
std::string routingRows(const RecordedRun& run, const std::function<bool(TokenIndex, int, int)>& wanted) {
    std::string out;
    for (std::size_t l = 0; l < run.spec.layers.size(); ++l) {
        const auto& layer = run.spec.layers[l];
        for (TokenIndex t = 0; t < run.tokens(); ++t) {
            const auto token = run.block(l, t, t + 1);
            std::vector<float> logits(token.logits.begin(), token.logits.end());
            for (float& v : logits) {
                v = run.spec.logits == LogitStorage::F16 ? halfToFloat(floatToHalf(v)) : v;
            }
            std::vector<float> probs(logits.size());
            probabilities(layer.moe, logits, probs);
            for (std::int32_t s = 0; s < layer.moe.topK; ++s) {
                const auto e = token.ids[std::size_t(s)];
                if (!wanted(t, layer.layer.value, e)) {
                    continue;
                }
                out += run.spec.name + "|" + number(t) + number(std::int64_t(layer.layer.value)) +
                       number(std::int64_t(s)) + number(std::int64_t(e)) +
                       number(double(token.weights[std::size_t(s)]));
                out += run.spec.logits == LogitStorage::None ? "NULL|NULL|"
                                                             : number(double(probs[e])) + number(double(logits[e]));
                out += "\n";
            }
        }
    }
    return out;
}

TEST(RowViews, RoutingHoldsEveryRoute) {
    const TemporaryFolder folder;
    for (const auto logits : {LogitStorage::None, LogitStorage::F16, LogitStorage::F32}) {
        const auto run = makeRun({2, 70, 3, 1500, logits, ScoreFunction::Sigmoid, 8});
        const auto file = folder / std::to_string(int(logits)).c_str();
        record(file, run);
        EXPECT_EQ(query(file, "SELECT * FROM routing"), routingRows(run, [](auto, auto, auto) { return true; }));
    }
}

TEST(RowViews, ConstraintsOnlyNarrow) {
    const TemporaryFolder folder;
    const auto file = folder / "a.db";
    auto run = makeRun({3, 8, 2, 1300, LogitStorage::F16, ScoreFunction::Softmax, 8});
    record(file, run);
    const auto expect = [&](const std::string& where, const std::function<bool(TokenIndex, int, int)>& wanted) {
        EXPECT_EQ(query(file, "SELECT * FROM routing WHERE " + where), routingRows(run, wanted)) << where;
    };
    expect("token=1000", [](auto t, auto, auto) { return t == 1000; });
    expect("token>10.5 AND token<=13", [](auto t, auto, auto) { return t > 10 && t <= 13; });
    expect("layer=3 AND expert>=6", [](auto, auto l, auto e) { return l == 3 && e >= 6; });
    expect("expert=2 AND token<100 AND run='run'", [](auto t, auto, auto e) { return e == 2 && t < 100; });
    expect("token BETWEEN 1020 AND 1030 AND layer IN (1, 5)",
           [](auto t, auto l, auto) { return t >= 1020 && t <= 1030 && l != 3; });
    expect("token='7'", [](auto t, auto, auto) { return t == 7; });
    for (const char* none : {"run='other'", "token<0", "token=1e300", "token=3.5", "layer=2", "expert>7",
                             "token IS NULL", "token=NULL", "expert=65535", "layer='x'"}) {
        expect(none, [](auto, auto, auto) { return false; });
    }
}

TEST(RowViews, LogitsHoldEveryExpert) {
    const TemporaryFolder folder;
    const auto file = folder / "a.db";
    const auto run = makeRun({2, 12, 2, 600, LogitStorage::F32, ScoreFunction::Softmax, 8});
    record(file, run);
    std::string expected;
    for (std::size_t l = 0; l < 2; ++l) {
        for (std::size_t i = 0; i < 600 * 12; ++i) {
            expected += "run|" + number(std::int64_t(i / 12)) + number(std::int64_t(run.spec.layers[l].layer.value)) +
                        number(std::int64_t(i % 12)) + number(double(run.logits[l][i])) + "\n";
        }
    }
    EXPECT_EQ(query(file, "SELECT * FROM logits"), expected);
    EXPECT_EQ(query(file, "SELECT logit FROM logits WHERE token=599 AND layer=3 AND expert=11"),
              number(double(run.logits[1][599 * 12 + 11])) + "\n");
    EXPECT_EQ(query(file, "SELECT count(*) FROM logits WHERE expert BETWEEN 3 AND 4 AND token>=500"), "400|\n");
    EXPECT_EQ(query(file, "SELECT count(*) FROM logits WHERE expert=12"), "0|\n");
}

TEST(RowViews, TokensHoldTheText) {
    const TemporaryFolder folder;
    auto run = makeRun({1, 4, 1, 1200, LogitStorage::None, ScoreFunction::Softmax, 8});
    record(folder / "a.db", run);
    std::string expected;
    for (const DocumentInfo& d : run.documents) {
        for (TokenIndex t = d.first; t < d.first + d.tokens; ++t) {
            const auto id = run.tokenIds[std::size_t(t)];
            const float nll = run.nll[std::size_t(t)];
            expected += "run|" + d.name + "|" + d.domain + "|" + number(t) + number(t - d.first) + "prompt|" +
                        number(std::int64_t(id)) + (id == 7 ? "\\xe2\\x82" : "t" + std::to_string(id)) + "|" +
                        (std::isnan(nll) ? "NULL|" : number(double(nll))) + "\n";
        }
    }
    EXPECT_EQ(query(folder / "a.db", "SELECT * FROM tokens"), expected);
    EXPECT_EQ(query(folder / "a.db", "SELECT count(*) FROM tokens WHERE token>=1190"), "10|\n");
    run.spec.text = false;
    record(folder / "b.db", run);
    EXPECT_EQ(query(folder / "b.db", "SELECT count(*), count(text) FROM tokens"), "1200|0|\n");
}

TEST(RowViews, RunsLieBesideEachOtherAndJoin) {
    const TemporaryFolder folder;
    const auto file = folder / "a.db";
    auto run = makeRun({2, 8, 2, 900, LogitStorage::F16, ScoreFunction::Softmax, 8});
    record(file, run);
    run.spec.name = "second";
    record(file, run);
    EXPECT_EQ(query(file, "SELECT run, count(*) FROM routing GROUP BY run"), "run|3600|\nsecond|3600|\n");
    EXPECT_EQ(query(file, "SELECT count(*) FROM logits WHERE run='second'"), "14400|\n");
    EXPECT_EQ(query(file, "SELECT count(*) FROM tokens WHERE run='second'"), "900|\n");
    // Token by token through both views.
    EXPECT_EQ(query(file, "SELECT count(*) FROM tokens t JOIN routing r ON r.run=t.run AND r.token=t.token"),
              "7200|\n");
    EXPECT_EQ(query(file, "SELECT count(*) FROM routing a JOIN routing b USING(run, token, layer, slot) "
                          "WHERE a.run='run' AND a.token<50 AND a.expert=b.expert"),
              "200|\n");
}

TEST(RowViews, SlotsWithoutAnExpertAreNoRows) {
    const TemporaryFolder folder;
    auto run = makeRun({1, 4, 2, 3, LogitStorage::None, ScoreFunction::Softmax, 8});
    run.ids[0] = {1, kNoExpert, kNoExpert, kNoExpert, 2, 3};
    record(folder / "a.db", run);
    EXPECT_EQ(query(folder / "a.db", "SELECT token, slot, expert FROM routing"), "0|0|1|\n2|0|2|\n2|1|3|\n");
}

TEST(RowViews, LoadIntoAnySqlite) {
    const TemporaryFolder folder;
    const auto run = makeRun({});
    record(folder / "a.db", run);
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open((folder / "a.db").c_str(), &db), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, nullptr);
    char* message = nullptr;
    const std::string module = std::string(MOESCOPE_BINARY_DIR) + "/moescope_sqlite";
    ASSERT_EQ(sqlite3_load_extension(db, module.c_str(), nullptr, &message), SQLITE_OK) << message;
    std::string count;
    const auto take = [](void* out, int, char** values, char**) {
        *static_cast<std::string*>(out) = values[0];
        return 0;
    };
    EXPECT_EQ(sqlite3_exec(db, "SELECT count(*) || ' ' || sum(prob IS NOT NULL) FROM routing", take, &count, &message),
              SQLITE_OK)
        << message;
    EXPECT_EQ(count, "18000 18000");
    sqlite3_close(db);
}

TEST(RowViews, SayWhatIsDamaged) {
    const TemporaryFolder folder;
    record(folder / "a.db", makeRun({}));
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open((folder / "a.db").c_str(), &db), SQLITE_OK);
    sqlite3_exec(db, "DELETE FROM route_block WHERE block=1", nullptr, nullptr, nullptr);
    sqlite::addRowViews(db);
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(db, "SELECT sum(expert) FROM routing", nullptr, nullptr, &message), SQLITE_ERROR);
    EXPECT_THAT(message, testing::HasSubstr("block 1 of layer 1 is missing"));
    sqlite3_free(message);
    sqlite3_close(db);
}

} // namespace
} // namespace moescope
