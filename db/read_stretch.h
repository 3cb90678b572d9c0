#pragma once

#include "db/connection.h"

namespace moescope::sqlite {

// Keeps one read transaction over some dozens of reads, which otherwise lock and unlock the file each, and lets it go
// then and at the end: a writer's checkpoints wait for no reader long. Does nothing inside another transaction.
class ReadStretch {
public:
    explicit ReadStretch(Connection& connection);
    ~ReadStretch();
    ReadStretch(const ReadStretch&) = delete;
    ReadStretch& operator=(const ReadStretch&) = delete;

    void next(); // before every read

private:
    void end();

    Connection& m_connection;
    bool m_isInside; // another's transaction
    int m_reads = 0; // in this one
};

} // namespace moescope::sqlite
