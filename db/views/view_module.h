#pragma once

#include <exception>
#include <new>
#include <vector>

#include "db/sqlite_api.h"
#include "db/views/view_plan.h"

namespace moescope::sqlite {

// A row view as an eponymous virtual table, from a class View with
//   static constexpr const char* kDeclaration;             the columns, as CREATE TABLE x(...)
//   static const std::vector<PushedColumn>& pushed();
//   explicit View(sqlite3* db);                            one query's cursor
//   void filter(const ViewPlan&); bool atEnd() const; void next();
//   void column(sqlite3_context*, int); static constexpr int kColumns;
// Exceptions become SQLite errors with their message.
template <class View>
class ViewModule {
public:
    static int add(sqlite3* db, const char* name) { return sqlite3_create_module(db, name, &module(), nullptr); }

private:
    struct Table {
        sqlite3_vtab base{};
        sqlite3* db = nullptr;
    };
    struct Cursor {
        explicit Cursor(sqlite3* db) : view(db) {}
        sqlite3_vtab_cursor base{};
        View view;
        sqlite3_int64 row = 0;
    };

    static Cursor& cursorOf(sqlite3_vtab_cursor* cursor) { return *reinterpret_cast<Cursor*>(cursor); }

    template <class Work>
    static int guarded(sqlite3_vtab* table, const Work& work) {
        try {
            work();
            return SQLITE_OK;
        } catch (const std::bad_alloc&) {
            return SQLITE_NOMEM;
        } catch (const std::exception& e) {
            sqlite3_free(table->zErrMsg);
            table->zErrMsg = sqlite3_mprintf("%s", e.what());
            return SQLITE_ERROR;
        }
    }

    static int connect(sqlite3* db, void*, int, const char* const*, sqlite3_vtab** out, char**) {
        const int rc = sqlite3_declare_vtab(db, View::kDeclaration);
        if (rc != SQLITE_OK) {
            return rc;
        }
        auto* table = new (std::nothrow) Table;
        if (table == nullptr) {
            return SQLITE_NOMEM;
        }
        table->db = db;
        *out = &table->base;
        sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
        return SQLITE_OK;
    }

    static int disconnect(sqlite3_vtab* table) {
        delete reinterpret_cast<Table*>(table);
        return SQLITE_OK;
    }

    static int bestIndex(sqlite3_vtab*, sqlite3_index_info* info) { return planView(info, View::pushed()); }

    static int open(sqlite3_vtab* table, sqlite3_vtab_cursor** out) {
        return guarded(table, [&] { *out = &(new Cursor(reinterpret_cast<Table*>(table)->db))->base; });
    }

    static int close(sqlite3_vtab_cursor* cursor) {
        delete &cursorOf(cursor);
        return SQLITE_OK;
    }

    static int filter(sqlite3_vtab_cursor* cursor, int idxNum, const char* idxStr, int, sqlite3_value** values) {
        return guarded(cursor->pVtab,
                       [&] { cursorOf(cursor).view.filter(readPlan(View::kColumns, idxNum, idxStr, values)); });
    }

    static int next(sqlite3_vtab_cursor* cursor) {
        Cursor& c = cursorOf(cursor);
        ++c.row;
        if (c.view.nextInBlock()) { // the common case, without the cost of a try block
            return SQLITE_OK;
        }
        return guarded(cursor->pVtab, [&] { c.view.next(); });
    }

    static int eof(sqlite3_vtab_cursor* cursor) { return cursorOf(cursor).view.atEnd() ? 1 : 0; }

    static int column(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int column) {
        cursorOf(cursor).view.column(context, column);
        return SQLITE_OK;
    }

    static int rowid(sqlite3_vtab_cursor* cursor, sqlite3_int64* row) {
        *row = cursorOf(cursor).row;
        return SQLITE_OK;
    }

    static const sqlite3_module& module() {
        static const sqlite3_module m = [] {
            sqlite3_module fill{};
            fill.xConnect = connect; // without xCreate: there without CREATE VIRTUAL TABLE
            fill.xDisconnect = disconnect;
            fill.xBestIndex = bestIndex;
            fill.xOpen = open;
            fill.xClose = close;
            fill.xFilter = filter;
            fill.xNext = next;
            fill.xEof = eof;
            fill.xColumn = column;
            fill.xRowid = rowid;
            return fill;
        }();
        return m;
    }
};

} // namespace moescope::sqlite
