#include "db/migrator.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "db/recording_file.h"
#include "db/schema.h"
#include "db/statement.h"
#include "engine/routing/error.h"
#include "tests/support/recorded_run.h"

namespace moescope::sqlite {
namespace {

using test::TemporaryFolder;

ErrorCode codeOf(const std::filesystem::path& file, std::string& message) {
    try {
        openToRead(file);
    } catch (const Error& e) {
        message = e.what();
        return e.code();
    }
    ADD_FAILURE() << file << " was opened";
    return ErrorCode::Cancelled;
}

TEST(Migrator, PreparesANewFile) {
    const TemporaryFolder folder;
    EXPECT_TRUE(openToWrite(folder / "a.db").created);
    const auto recording = openToWrite(folder / "a.db");
    EXPECT_FALSE(recording.created);
    sqlite3* db = recording.connection->handle();
    EXPECT_EQ(queryInteger(db, "PRAGMA page_size"), 16384);
    EXPECT_EQ(queryInteger(db, "PRAGMA user_version"), newestSchema());
    EXPECT_EQ(queryInteger(db, "PRAGMA application_id"), kApplicationId);
    EXPECT_EQ(Statement(db, "PRAGMA journal_mode").step(), true);
}

TEST(Migrator, BringsEveryOlderSchemaUpToDate) {
    for (int version = 1; version < newestSchema(); ++version) {
        const TemporaryFolder folder;
        {
            Connection old(folder / "a.db", Access::Create);
            for (int v = 0; v < version; ++v) {
                old.execute(std::string(migrations()[std::size_t(v)]));
            }
            old.execute("PRAGMA user_version=" + std::to_string(version));
            old.execute("PRAGMA application_id=" + std::to_string(kApplicationId));
        }
        openToRead(folder / "a.db"); // readable as it is
        const auto recording = openToWrite(folder / "a.db");
        EXPECT_EQ(queryInteger(recording.connection->handle(), "PRAGMA user_version"), newestSchema());
    }
}

TEST(Migrator, RefusesANewerSchema) {
    const TemporaryFolder folder;
    openToWrite(folder / "a.db").connection->execute("PRAGMA user_version=99");
    std::string message;
    EXPECT_EQ(codeOf(folder / "a.db", message), ErrorCode::Unsupported);
    EXPECT_THAT(message, testing::HasSubstr("newer MoEScope (schema 99"));
    EXPECT_THROW(openToWrite(folder / "a.db"), Error);
    EXPECT_TRUE(std::filesystem::exists(folder / "a.db"));
}

TEST(Migrator, RefusesOtherDatabases) {
    const TemporaryFolder folder;
    Connection(folder / "other.db", Access::Create).execute("CREATE TABLE t(x)");
    std::string message;
    EXPECT_EQ(codeOf(folder / "other.db", message), ErrorCode::Corruption);
    EXPECT_THAT(message, testing::HasSubstr("another SQLite database"));
    EXPECT_THROW(openToWrite(folder / "other.db"), Error);
    EXPECT_EQ(queryInteger(Connection(folder / "other.db", Access::Read).handle(), "SELECT count(*) FROM t"), 0);
}

TEST(Migrator, TakesAnEmptyFileForANewOne) {
    const TemporaryFolder folder;
    std::ofstream(folder / "empty.db").flush();
    openToWrite(folder / "empty.db");
    openToRead(folder / "empty.db");
}

TEST(RecordingFile, OpensWhatLiesInAReadOnlyFolder) {
    const TemporaryFolder folder;
    openToWrite(folder / "a.db");
    std::filesystem::permissions(folder / "a.db", std::filesystem::perms::owner_read);
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0500));
    openToRead(folder / "a.db");
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0700));
}

TEST(RecordingFile, NamesMayHoldAnything) {
    const TemporaryFolder folder;
    const auto file = folder / "a b?c#d%e&immutable=1 \xED\x95\x9C.db";
    openToWrite(file);
    EXPECT_TRUE(std::filesystem::exists(file));
    openToRead(file);
}

} // namespace
} // namespace moescope::sqlite
