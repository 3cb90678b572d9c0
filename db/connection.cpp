#include "db/connection.h"

#include <cerrno>
#include <system_error>

#include "db/sqlite_api.h"
#include "db/sqlite_error.h"
#include "engine/routing/error.h"

namespace moescope::sqlite {

namespace {

constexpr int kBusyMilliseconds = 30'000; // writers take turns of milliseconds; a checkpoint of a slow disk is longer

// A path as SQLite's URI: everything but unreserved characters escaped.
std::string uriOf(const std::filesystem::path& file, bool immutable) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string uri = "file:";
    for (const char c : std::filesystem::absolute(file).string()) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || c == '/' ||
            c == '-' || c == '_' || c == '.' || c == '~') {
            uri += c;
        } else {
            uri += '%';
            uri += kHex[byte >> 4];
            uri += kHex[byte & 15];
        }
    }
    return immutable ? uri + "?immutable=1" : uri;
}

bool has(const std::filesystem::path& file, const char* suffix) {
    std::error_code none;
    return std::filesystem::exists(file.string() + suffix, none);
}

} // namespace

Connection::Connection(const std::filesystem::path& file, Access access) : m_file(file) {
    std::error_code none;
    if (std::filesystem::is_directory(file, none)) {
        throw Error(ErrorCode::InvalidArgument, "cannot open '" + file.string() + "': it is a folder, not a recording");
    }
    if (access == Access::Read) {
        openToRead();
    } else {
        openWith(SQLITE_OPEN_READWRITE | (access == Access::Create ? SQLITE_OPEN_CREATE : 0), false);
    }
}

Connection::~Connection() {
    sqlite3_close_v2(m_db);
}

void Connection::openWith(int flags, bool immutable) {
    const int rc = sqlite3_open_v2(uriOf(m_file, immutable).c_str(), &m_db,
                                   flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    if (rc != SQLITE_OK) {
        const int systemError = m_db != nullptr ? sqlite3_system_errno(m_db) : 0;
        const std::string detail = sqlite3_errstr(rc);
        sqlite3_close(m_db);
        m_db = nullptr;
        throwError(rc, systemError, m_file.string(), "open", detail);
    }
    sqlite3_busy_timeout(m_db, kBusyMilliseconds);
}

// A file in WAL mode needs its -shm file, which only a connection that may write can make. So: open to write but only
// query; where even that is impossible and no WAL lies beside it, nothing changes the file: open it as immutable.
void Connection::openToRead() {
    std::error_code none;
    if (!std::filesystem::exists(m_file, none)) {
        throwError(SQLITE_CANTOPEN, ENOENT, m_file.string(), "open", "");
    }
    openWith(SQLITE_OPEN_READWRITE, false);
    // Not mapped into memory: blobs are read as quickly without, and every connection's map would count as the
    // program's.
    const char* probe = "PRAGMA query_only=1; SELECT 1 FROM sqlite_schema LIMIT 1";
    const int rc = sqlite3_exec(m_db, probe, nullptr, nullptr, nullptr);
    const bool locked = (rc & 0xFF) == SQLITE_CANTOPEN || (rc & 0xFF) == SQLITE_READONLY || rc == SQLITE_IOERR_LOCK;
    if (locked && !has(m_file, "-wal")) {
        sqlite3_close(m_db);
        m_db = nullptr;
        openWith(SQLITE_OPEN_READONLY, true);
        execute(probe);
    } else if (rc != SQLITE_OK) {
        const int systemError = sqlite3_system_errno(m_db);
        const std::string detail = sqlite3_errmsg(m_db);
        sqlite3_close(m_db);
        m_db = nullptr;
        throwError(rc, systemError, m_file.string(), "read", detail);
    }
}

void Connection::execute(const std::string& sql) {
    if (sqlite3_exec(m_db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        throwLastError(m_db, "use");
    }
}

} // namespace moescope::sqlite
