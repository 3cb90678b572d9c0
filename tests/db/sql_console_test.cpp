#include "db/sql_console.h"

#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "db/run_writer.h"
#include "engine/routing/error.h"
#include "tests/support/recorded_run.h"
#include "tests/support/recording_dump.h"

namespace moescope {
namespace {

using test::TemporaryFolder;

class SqlConsoleTest : public testing::Test {
protected:
    void SetUp() override {
        const auto run = test::makeRun({});
        RunWriter writer(file, run.spec, run.documents, run.pieces);
        run.deliverAll(writer, 0, 1000);
        writer.finish(RunState::Complete);
    }
    TemporaryFolder folder;
    std::filesystem::path file = folder / "a.db";
};

TEST_F(SqlConsoleTest, GivesNamesAndTypedRows) {
    SqlConsole console(file);
    std::vector<std::string> names;
    std::vector<SqlValue> first;
    console.run(
        "SELECT 1 AS one, 0.5 half, 'x' AS text, x'00ff' AS blob, NULL AS none;", [&](const auto& n) { names = n; },
        [&](const auto& row) {
            first = row;
            return true;
        });
    EXPECT_THAT(names, testing::ElementsAre("one", "half", "text", "blob", "none"));
    ASSERT_EQ(first.size(), 5U);
    EXPECT_EQ(std::get<std::int64_t>(first[0]), 1);
    EXPECT_EQ(std::get<double>(first[1]), 0.5);
    EXPECT_EQ(std::get<std::string>(first[2]), "x");
    EXPECT_EQ(std::get<SqlBlob>(first[3]).size(), 2U);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(first[4]));
}

TEST_F(SqlConsoleTest, StopsWhenTold) {
    SqlConsole console(file);
    int rows = 0;
    console.run("SELECT * FROM routing", {}, [&](const auto&) { return ++rows < 3; });
    EXPECT_EQ(rows, 3);
}

TEST_F(SqlConsoleTest, RefusesWhateverIsNotReading) {
    SqlConsole console(file);
    for (const char* sql :
         {"DELETE FROM run", "UPDATE run SET note='x'", "CREATE TABLE t(x)", "CREATE TEMP TABLE t(x)", "DROP TABLE run",
          "ATTACH ':memory:' AS other", "PRAGMA query_only=0", "PRAGMA journal_mode=DELETE", "PRAGMA user_version=9",
          "VACUUM INTO '/tmp/moescope-copy.db'", "SELECT load_extension('x')", "BEGIN", "REINDEX",
          "UPDATE sqlite_master SET sql=''", "INSERT INTO routing(run) VALUES('x')"}) {
        EXPECT_THROW(console.run(sql, {}, {}), Error) << sql;
    }
    for (const char* sql : {"SELEC 1", "SELECT nothing FROM run", "", "SELECT 1; SELECT 2"}) {
        EXPECT_THROW(console.run(sql, {}, {}), Error) << sql;
    }
    console.run("PRAGMA table_info(run)", {}, {});
    console.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<5) SELECT sum(i) FROM n", {}, {});
}

TEST_F(SqlConsoleTest, CanBeInterrupted) {
    SqlConsole console(file);
    std::thread stop([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        console.interrupt();
    });
    try {
        console.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT max(i) FROM n", {}, {});
        ADD_FAILURE();
    } catch (const Error& e) {
        EXPECT_EQ(e.code(), ErrorCode::Cancelled);
    }
    stop.join();
}

} // namespace
} // namespace moescope
