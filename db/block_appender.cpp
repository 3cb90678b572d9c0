#include "db/block_appender.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "engine/routing/error.h"

namespace moescope::sqlite {

namespace {

std::string listed(const std::vector<const char*>& columns, const char* suffix) {
    std::string out;
    for (const char* column : columns) {
        out += std::string(", ") + column + suffix;
    }
    return out;
}

std::string insertSql(const char* table, const char* key, const std::vector<const char*>& columns) {
    std::string marks;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        marks += ",?";
    }
    return std::string("INSERT INTO ") + table + "(" + key + ", block, tokens" + listed(columns, "") +
           ") VALUES(?,?,?" + marks + ")";
}

std::string updateSql(const char* table, const std::vector<const char*>& columns) {
    return std::string("UPDATE ") + table + " SET tokens=?" + listed(columns, "=?") + " WHERE id=?";
}

} // namespace

BlockTable::BlockTable(sqlite3* db, const char* table, const char* key, const std::vector<const char*>& columns)
    : insert(db, insertSql(table, key, columns)), update(db, updateSql(table, columns)),
      truncate(db, std::string("DELETE FROM ") + table + " WHERE " + key + "=? AND block>=?"),
      find(db, std::string("SELECT id, tokens") + listed(columns, "") + " FROM " + table + " WHERE " + key +
                   "=? AND block=?") {}

BlockAppender::BlockAppender(BlockTable& table, std::int64_t key, std::int32_t blockTokens,
                             std::vector<std::size_t> rowBytes)
    : m_table(table), m_key(key), m_blockTokens(blockTokens), m_rowBytes(std::move(rowBytes)),
      m_tail(m_rowBytes.size()) {}

void BlockAppender::continueAt(std::int64_t tokens) {
    m_block = tokens / m_blockTokens;
    m_held = tokens % m_blockTokens;
    m_table.truncate.bind(1, m_key).bind(2, m_held == 0 ? m_block : m_block + 1).run();
    m_row = 0;
    m_stored = 0;
    if (m_held == 0) {
        return;
    }
    Statement& find = m_table.find;
    Reset reset(find);
    if (!find.bind(1, m_key).bind(2, m_block).step() || find.integer(1) < m_held) {
        throw Error(ErrorCode::Corruption, "block " + std::to_string(m_block) +
                                               " of the run is missing; it cannot be continued: record it anew");
    }
    m_row = find.integer(0);
    for (std::size_t c = 0; c < m_tail.size(); ++c) {
        const auto blob = find.blob(int(c) + 2);
        const std::size_t bytes = std::size_t(m_held) * m_rowBytes[c];
        if (blob.size() < bytes) {
            throw Error(ErrorCode::Corruption, "block " + std::to_string(m_block) +
                                                   " of the run is cut short; it cannot be continued: record it anew");
        }
        m_tail[c].assign(blob.begin(), blob.begin() + std::ptrdiff_t(bytes));
    }
}

void BlockAppender::append(const std::vector<const std::byte*>& columns, std::int64_t tokens) {
    std::vector<const std::byte*> at = columns;
    while (tokens > 0) {
        const std::int64_t n = std::min(tokens, m_blockTokens - m_held);
        if (n == m_blockTokens) {
            store(at, n);
        } else {
            hold(at, n);
        }
        for (std::size_t c = 0; c < at.size(); ++c) {
            at[c] += std::size_t(n) * m_rowBytes[c];
        }
        tokens -= n;
    }
}

void BlockAppender::hold(const std::vector<const std::byte*>& columns, std::int64_t tokens) {
    for (std::size_t c = 0; c < m_tail.size(); ++c) {
        m_tail[c].insert(m_tail[c].end(), columns[c], columns[c] + std::size_t(tokens) * m_rowBytes[c]);
    }
    m_held += tokens;
    if (m_held == m_blockTokens) {
        store(held(), m_held);
    }
}

std::vector<const std::byte*> BlockAppender::held() const {
    std::vector<const std::byte*> columns;
    for (const auto& column : m_tail) {
        columns.push_back(column.data());
    }
    return columns;
}

void BlockAppender::flush() {
    if (m_held > m_stored) {
        store(held(), m_held);
    }
}

void BlockAppender::store(const std::vector<const std::byte*>& columns, std::int64_t tokens) {
    const bool grown = m_row != 0;
    Statement& write = grown ? m_table.update : m_table.insert;
    if (!grown) {
        write.bind(1, m_key).bind(2, m_block);
    }
    int parameter = grown ? 1 : 3;
    write.bind(parameter++, tokens);
    for (std::size_t c = 0; c < columns.size(); ++c) {
        write.bind(parameter++, std::span(columns[c], std::size_t(tokens) * m_rowBytes[c]));
    }
    if (grown) {
        write.bind(parameter, m_row);
    }
    write.run();
    if (!grown) {
        m_row = write.insertedRow();
    }
    m_stored = tokens;
    if (tokens == m_blockTokens) {
        ++m_block;
        m_held = 0;
        m_stored = 0;
        m_row = 0;
        for (auto& column : m_tail) {
            column.clear();
        }
    }
}

} // namespace moescope::sqlite
