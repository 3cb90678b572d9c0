#include "db/migrator.h"

#include "db/schema.h"
#include "db/statement.h"
#include "db/transaction.h"
#include "engine/routing/error.h"

namespace moescope::sqlite {

namespace {

int pragma(Connection& connection, const char* name) {
    return int(queryInteger(connection.handle(), std::string("PRAGMA ") + name));
}

bool isEmpty(Connection& connection) {
    return queryInteger(connection.handle(), "SELECT count(*) FROM sqlite_schema") == 0;
}

// Pages of 16 KiB must be chosen before the first table; WAL lets readers and the writer alone.
void prepareEmpty(Connection& connection) {
    connection.execute("PRAGMA page_size=16384");
    connection.execute("PRAGMA journal_mode=WAL");
}

} // namespace

int newestSchema() {
    return int(migrations().size());
}

int checkRecording(Connection& connection) {
    const std::string file = "'" + connection.file().string() + "'";
    if (pragma(connection, "application_id") != kApplicationId) {
        throw Error(ErrorCode::Corruption, file + " is not a recording of MoEScope: " +
                                               (isEmpty(connection) ? "it is empty" : "it is another SQLite database"));
    }
    const int version = pragma(connection, "user_version");
    if (version > newestSchema()) {
        throw Error(ErrorCode::Unsupported, file + " was written by a newer MoEScope (schema " +
                                                std::to_string(version) + ", this program reads up to " +
                                                std::to_string(newestSchema()) + "); update the program");
    }
    return version;
}

void migrate(Connection& connection) {
    const bool fresh = pragma(connection, "application_id") == 0 && isEmpty(connection);
    if (fresh) {
        prepareEmpty(connection);
    } else if (checkRecording(connection) == newestSchema()) {
        return;
    }
    Transaction transaction(connection);
    for (int version = pragma(connection, "user_version"); version < newestSchema(); ++version) {
        connection.execute(std::string(migrations()[std::size_t(version)]));
    }
    connection.execute("PRAGMA application_id=" + std::to_string(kApplicationId));
    connection.execute("PRAGMA user_version=" + std::to_string(newestSchema()));
    transaction.commit();
}

} // namespace moescope::sqlite
