// The row views as a module for any SQLite: `.load build/release/moescope_sqlite` in the sqlite3 shell.
#include <exception>

#include "db/row_views.h"
#include "db/sqlite_api.h"

const sqlite3_api_routines* sqlite3_api = nullptr;

// SQLite derives the name from the file's: letters only, after the last slash, up to the first point.
extern "C" __attribute__((visibility("default"))) int sqlite3_moescopesqlite_init(sqlite3* db, char** message,
                                                                                  const sqlite3_api_routines* api) {
    sqlite3_api = api;
    try {
        moescope::sqlite::addRowViews(db);
        return SQLITE_OK;
    } catch (const std::exception& e) {
        *message = sqlite3_mprintf("%s", e.what());
        return SQLITE_ERROR;
    }
}
