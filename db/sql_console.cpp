#include "db/sql_console.h"

#include <algorithm>
#include <cstring>

#include "db/recording_file.h"
#include "db/row_views.h"
#include "db/sqlite_api.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

// Reads, functions but those that touch files, and pragmas that only tell.
int authorize(void*, int action, const char* first, const char* second, const char*, const char*) {
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_UPDATE: // asked when a view is set up; SQLite itself lets nobody update that table
        return std::strcmp(first, "sqlite_master") == 0 ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
        return second != nullptr && std::strcmp(second, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_PRAGMA: {
        static constexpr const char* kTelling[] = {"table_info", "table_xinfo", "table_list",
                                                   "index_list", "index_info",  "user_version"};
        const bool tells =
            std::ranges::any_of(kTelling, [&](const char* name) { return sqlite3_stricmp(name, first) == 0; });
        const bool sets = second != nullptr && sqlite3_stricmp(first, "user_version") == 0;
        return tells && !sets ? SQLITE_OK : SQLITE_DENY;
    }
    default:
        return SQLITE_DENY;
    }
}

SqlValue valueOf(sqlite3_stmt* statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        return std::int64_t(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT:
        return sqlite3_column_double(statement, column);
    case SQLITE_TEXT: {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
        return std::string(text, std::size_t(sqlite3_column_bytes(statement, column)));
    }
    case SQLITE_BLOB: {
        const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement, column));
        return SqlBlob(bytes, bytes + sqlite3_column_bytes(statement, column));
    }
    default:
        return std::monostate{};
    }
}

} // namespace

struct SqlConsole::Impl {
    explicit Impl(const std::filesystem::path& file) : connection(sqlite::openToRead(file)) {
        sqlite::addRowViews(connection->handle());
        // The views' own queries are part of the statement that uses them, so they are refused with it if at all.
        sqlite3_set_authorizer(connection->handle(), authorize, nullptr);
    }

    [[noreturn]] void fail() const {
        sqlite3* db = connection->handle();
        const int rc = sqlite3_errcode(db);
        const auto code = rc == SQLITE_INTERRUPT
                              ? ErrorCode::Cancelled
                              : (rc == SQLITE_CORRUPT ? ErrorCode::Corruption : ErrorCode::InvalidArgument);
        const std::string why = rc == SQLITE_AUTH ? "only reading is allowed (SELECT)" : sqlite3_errmsg(db);
        throw Error(code, "SQL: " + why);
    }

    std::unique_ptr<sqlite::Connection> connection;
};

SqlConsole::SqlConsole(const std::filesystem::path& file) : m_impl(std::make_unique<Impl>(file)) {}

SqlConsole::~SqlConsole() = default;

void SqlConsole::run(std::string_view sql, const Columns& columns, const Row& row) {
    sqlite3_stmt* prepared = nullptr;
    const char* rest = nullptr;
    if (sqlite3_prepare_v2(m_impl->connection->handle(), sql.data(), int(sql.size()), &prepared, &rest) != SQLITE_OK) {
        m_impl->fail();
    }
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement(prepared, sqlite3_finalize);
    const std::string_view tail(rest, std::size_t(sql.data() + sql.size() - rest));
    if (statement == nullptr || tail.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
        throw Error(ErrorCode::InvalidArgument,
                    "SQL: one statement is expected, as in \"SELECT count(*) FROM routing\"");
    }
    const int n = sqlite3_column_count(prepared);
    if (columns) {
        std::vector<std::string> names;
        for (int c = 0; c < n; ++c) {
            names.emplace_back(sqlite3_column_name(prepared, c));
        }
        columns(names);
    }
    std::vector<SqlValue> values(static_cast<std::size_t>(n));
    int rc = SQLITE_ROW;
    while ((rc = sqlite3_step(prepared)) == SQLITE_ROW) {
        for (int c = 0; row && c < n; ++c) {
            values[std::size_t(c)] = valueOf(prepared, c);
        }
        if (row && !row(values)) {
            return;
        }
    }
    if (rc != SQLITE_DONE) {
        m_impl->fail();
    }
}

void SqlConsole::interrupt() {
    sqlite3_interrupt(m_impl->connection->handle());
}

} // namespace moescope
