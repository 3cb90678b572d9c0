#include "db/sqlite_error.h"

#include <cerrno>
#include <cstring>

#include "db/sqlite_api.h"
#include "engine/routing/error.h"

namespace moescope::sqlite {

namespace {

bool outOfSpace(int code, int systemError) {
    return (code & 0xFF) == SQLITE_FULL ||
           ((code & 0xFF) == SQLITE_IOERR &&
            (systemError == ENOSPC || systemError == EDQUOT || systemError == EFBIG || code == SQLITE_IOERR_SHMSIZE));
}

} // namespace

void throwError(int code, int systemError, const std::string& file, const std::string& doing,
                const std::string& detail) {
    const std::string what = "cannot " + doing + " '" + file + "': ";
    if (outOfSpace(code, systemError)) {
        throw Error(ErrorCode::Io, what + "the disk is full or the file may not grow; what was committed is kept: "
                                          "free space, then continue with --resume");
    }
    switch (code & 0xFF) {
    case SQLITE_NOTADB:
        throw Error(ErrorCode::Corruption, what + "it is not an SQLite database, so not a recording");
    case SQLITE_CORRUPT:
        throw Error(ErrorCode::Corruption,
                    what + "the file is damaged (" + detail + "); `moescope verify-db` says where");
    case SQLITE_CANTOPEN:
        throw Error(systemError == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
                    what + (systemError != 0 ? std::strerror(systemError) : "it cannot be opened") +
                        "; check the path and its permissions");
    case SQLITE_READONLY:
        throw Error(ErrorCode::Io, what + "it is read-only; make the file and its folder writable or copy it");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        throw Error(ErrorCode::Conflict, what + "another process keeps it locked; try again when it is done");
    case SQLITE_NOMEM:
        throw Error(ErrorCode::OutOfMemory, what + "out of memory");
    case SQLITE_INTERRUPT:
        throw Error(ErrorCode::Cancelled, what + "interrupted");
    case SQLITE_IOERR:
        throw Error(ErrorCode::Io,
                    what + (systemError != 0 ? std::strerror(systemError) : detail.c_str()) + "; check the disk");
    default:
        throw Error(ErrorCode::InvalidArgument, what + detail);
    }
}

void throwLastError(sqlite3* db, const std::string& doing) {
    const char* file = sqlite3_db_filename(db, "main");
    throwError(sqlite3_extended_errcode(db), sqlite3_system_errno(db), file != nullptr ? file : "", doing,
               sqlite3_errmsg(db));
}

} // namespace moescope::sqlite
