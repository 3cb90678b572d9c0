#pragma once

// SQLite's functions: linked in the program, through the host's table of functions in the loadable module.
#ifdef MOESCOPE_SQLITE_EXTENSION
#include <sqlite3ext.h>
extern const sqlite3_api_routines* sqlite3_api;
#else
#include <sqlite3.h>
#endif
