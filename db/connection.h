#pragma once

#include <filesystem>
#include <string>

struct sqlite3;

namespace moescope::sqlite {

enum class Access {
    Read,   // query_only, memory-mapped; opens files in read-only folders too
    Write,  // an existing file
    Create, // an existing file or a new one
};

// An open SQLite file. One thread at a time.
class Connection {
public:
    // Throws Error: NotFound, Io, Corruption (not a database).
    Connection(const std::filesystem::path& file, Access access);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Runs statements that give no rows.
    void execute(const std::string& sql);

    sqlite3* handle() const { return m_db; }
    const std::filesystem::path& file() const { return m_file; }

private:
    void openWith(int flags, bool immutable);
    void openToRead();

    std::filesystem::path m_file;
    sqlite3* m_db = nullptr;
};

} // namespace moescope::sqlite
