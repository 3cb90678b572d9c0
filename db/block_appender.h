#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "db/statement.h"

namespace moescope::sqlite {

// The SQL of one block table, shared by the appenders of its layers: a row's parameters are key, block, tokens, then
// the columns.
struct BlockTable {
    BlockTable(sqlite3* db, const char* table, const char* key, const std::vector<const char*>& columns);

    Statement insert;   // parameters: key, block, tokens, columns
    Statement update;   // parameters: tokens, columns, id
    Statement truncate; // parameters: key, block: deletes the rows from this block on
    Statement find;     // parameters: key, block: id, tokens, columns
};

// Cuts a stream of rows into blocks. Whole blocks go to the table at once; the last, partial one is kept here, stored
// by flush() and replaced when it has grown.
class BlockAppender {
public:
    // rowBytes: bytes a token takes in each column.
    BlockAppender(BlockTable& table, std::int64_t key, std::int32_t blockTokens, std::vector<std::size_t> rowBytes);

    // Forgets what lies at `tokens` and beyond, in the table too, and continues there.
    void continueAt(std::int64_t tokens);

    // columns[i]: tokens * rowBytes[i] bytes.
    void append(const std::vector<const std::byte*>& columns, std::int64_t tokens);
    void flush();

    std::int64_t end() const { return m_block * m_blockTokens + m_held; }

private:
    void store(const std::vector<const std::byte*>& columns, std::int64_t tokens);
    void hold(const std::vector<const std::byte*>& columns, std::int64_t tokens);
    std::vector<const std::byte*> held() const;

    BlockTable& m_table;
    std::int64_t m_key;
    std::int64_t m_blockTokens;
    std::vector<std::size_t> m_rowBytes;
    std::vector<std::vector<std::byte>> m_tail;
    std::int64_t m_block = 0;  // the block being filled
    std::int64_t m_held = 0;   // its tokens so far
    std::int64_t m_stored = 0; // those of them that the table has
    std::int64_t m_row = 0;    // its row, 0: none
};

} // namespace moescope::sqlite
