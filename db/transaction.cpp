#include "db/transaction.h"

#include "db/sqlite_api.h"

namespace moescope::sqlite {

Transaction::Transaction(Connection& connection) : m_connection(connection) {
    m_connection.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    if (m_open) {
        sqlite3_exec(m_connection.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

void Transaction::commit() {
    m_connection.execute("COMMIT");
    m_open = false;
}

} // namespace moescope::sqlite
