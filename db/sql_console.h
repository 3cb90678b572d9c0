#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace moescope {

using SqlBlob = std::vector<std::byte>;
using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string, SqlBlob>; // monostate: NULL

// Read-only SQL over a recording: its schema and the row views routing, logits and tokens. Whatever would write, attach
// another file or load code is refused. One thread at a time; only interrupt() may be called from another.
class SqlConsole {
public:
    // Throws Error as Recording::open does.
    explicit SqlConsole(const std::filesystem::path& file);
    ~SqlConsole();
    SqlConsole(const SqlConsole&) = delete;
    SqlConsole& operator=(const SqlConsole&) = delete;

    using Columns = std::function<void(const std::vector<std::string>& names)>;
    using Row = std::function<bool(const std::vector<SqlValue>& values)>; // false: enough

    // One statement (a trailing semicolon is fine): its column names once, then its rows. Either function may be empty.
    // Throws Error(InvalidArgument) with SQLite's message, Error(Cancelled) when interrupted.
    void run(std::string_view sql, const Columns& columns, const Row& row);

    // Makes a run() in another thread end soon.
    void interrupt();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace moescope
