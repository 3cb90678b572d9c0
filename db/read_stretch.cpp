#include "db/read_stretch.h"

#include "db/sqlite_api.h"

namespace moescope::sqlite {

namespace {
constexpr int kReads = 64;
}

ReadStretch::ReadStretch(Connection& connection)
    : m_connection(connection), m_isInside(sqlite3_get_autocommit(connection.handle()) == 0) {}

ReadStretch::~ReadStretch() {
    end();
}

void ReadStretch::next() {
    if (m_isInside) {
        return;
    }
    if (m_reads == kReads) {
        end();
    }
    if (m_reads == 0) {
        m_connection.execute("BEGIN");
    }
    ++m_reads;
}

void ReadStretch::end() {
    if (m_reads > 0) {
        sqlite3_exec(m_connection.handle(), "COMMIT", nullptr, nullptr, nullptr);
        m_reads = 0;
    }
}

} // namespace moescope::sqlite
