#include "db/statement.h"

#include "db/sqlite_api.h"
#include "db/sqlite_error.h"

namespace moescope::sqlite {

Statement::Statement(sqlite3* db, std::string_view sql) : m_db(db) {
    if (sqlite3_prepare_v3(db, sql.data(), int(sql.size()), SQLITE_PREPARE_PERSISTENT, &m_statement, nullptr) !=
        SQLITE_OK) {
        throwLastError(db, "use");
    }
}

Statement::~Statement() {
    sqlite3_finalize(m_statement);
}

Statement& Statement::check(int rc) {
    if (rc != SQLITE_OK) {
        throwLastError(m_db, "use");
    }
    return *this;
}

Statement& Statement::bind(int parameter, std::int64_t value) {
    return check(sqlite3_bind_int64(m_statement, parameter, value));
}

Statement& Statement::bind(int parameter, double value) {
    return check(sqlite3_bind_double(m_statement, parameter, value));
}

Statement& Statement::bind(int parameter, std::string_view text) {
    return check(sqlite3_bind_text64(m_statement, parameter, text.empty() ? "" : text.data(), text.size(),
                                     SQLITE_TRANSIENT, SQLITE_UTF8));
}

Statement& Statement::bind(int parameter, std::span<const std::byte> blob) {
    const void* data = blob.empty() ? "" : static_cast<const void*>(blob.data());
    return check(sqlite3_bind_blob64(m_statement, parameter, data, blob.size(), SQLITE_STATIC));
}

Statement& Statement::bindNull(int parameter) {
    return check(sqlite3_bind_null(m_statement, parameter));
}

bool Statement::step() {
    const int rc = sqlite3_step(m_statement);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
        throwLastError(m_db, sqlite3_stmt_readonly(m_statement) != 0 ? "read" : "write");
    }
    return rc == SQLITE_ROW;
}

void Statement::reset() {
    sqlite3_reset(m_statement);
}

void Statement::run() {
    Reset reset(*this);
    while (step()) {
    }
}

std::int64_t Statement::insertedRow() const {
    return sqlite3_last_insert_rowid(m_db);
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(m_statement, column);
}

double Statement::real(int column) const {
    return sqlite3_column_double(m_statement, column);
}

std::string Statement::text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
    return bytes == nullptr ? std::string()
                            : std::string(bytes, std::size_t(sqlite3_column_bytes(m_statement, column)));
}

std::span<const std::byte> Statement::blob(int column) const {
    const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(m_statement, column));
    return {bytes, bytes == nullptr ? 0 : std::size_t(sqlite3_column_bytes(m_statement, column))};
}

bool Statement::isNull(int column) const {
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

std::int64_t queryInteger(sqlite3* db, std::string_view sql) {
    Statement statement(db, sql);
    return statement.step() ? statement.integer(0) : 0;
}

} // namespace moescope::sqlite
