#pragma once

#include "db/connection.h"

namespace moescope::sqlite {

// A write transaction: begins at once, so that it cannot fail half-way for a lock; rolls back unless committed.
class Transaction {
public:
    explicit Transaction(Connection& connection);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void commit();

private:
    Connection& m_connection;
    bool m_open = true;
};

} // namespace moescope::sqlite
