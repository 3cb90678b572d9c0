#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace moescope::sqlite {

// A prepared statement. Parameters count from 1, columns from 0. Spans and views of columns live until the next
// step or reset; bound blobs must live until then too.
class Statement {
public:
    Statement(sqlite3* db, std::string_view sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& bind(int parameter, std::int64_t value);
    Statement& bind(int parameter, int value) { return bind(parameter, std::int64_t(value)); }
    Statement& bind(int parameter, double value);
    Statement& bind(int parameter, std::string_view text);
    Statement& bind(int parameter, const char* text) { return bind(parameter, std::string_view(text)); }
    Statement& bind(int parameter, std::span<const std::byte> blob);
    Statement& bindNull(int parameter);

    bool step(); // true: a row
    void reset();
    // Steps to the end and resets: for statements that give no rows.
    void run();

    std::int64_t insertedRow() const; // the row that the connection inserted last
    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string text(int column) const;
    std::span<const std::byte> blob(int column) const;
    bool isNull(int column) const;

    sqlite3_stmt* handle() const { return m_statement; }

private:
    Statement& check(int rc);

    sqlite3* m_db;
    sqlite3_stmt* m_statement = nullptr;
};

// Resets when it goes out of scope, so that no read transaction outlives the call.
class Reset {
public:
    explicit Reset(Statement& statement) : m_statement(statement) {}
    ~Reset() { m_statement.reset(); }
    Reset(const Reset&) = delete;
    Reset& operator=(const Reset&) = delete;

private:
    Statement& m_statement;
};

// The single integer of a query.
std::int64_t queryInteger(sqlite3* db, std::string_view sql);

} // namespace moescope::sqlite
