#pragma once

#include <memory>
#include <unordered_map>

#include "db/block_reader.h"
#include "db/views/view_catalog.h"

namespace moescope::sqlite {

// The view `tokens`: the text of the runs, token by token.
class TokensView {
public:
    enum Column { Run, Document, Domain, Token, Position, Phase, TokenId, Text, Nll };
    static constexpr int kColumns = 9;
    static constexpr const char* kDeclaration =
        "CREATE TABLE x(run TEXT, document TEXT, domain TEXT, token INTEGER, position INTEGER, phase TEXT, "
        "token_id INTEGER, text TEXT, nll REAL)";
    static const std::vector<PushedColumn>& pushed();

    explicit TokensView(sqlite3* db) : m_db(db) {}

    void filter(const ViewPlan& plan);
    bool atEnd() const { return m_atEnd; }
    void next();
    void column(sqlite3_context* context, int column);

    bool nextInBlock() {
        ++m_token;
        return m_token < m_blockEnd && m_token < m_documentEnd;
    }

private:
    // What a run's rows need besides its blocks, kept from one filter to the next.
    struct Open {
        std::vector<DocumentInfo> documents;
        std::unique_ptr<TokenReader> reader;
        std::unordered_map<std::int32_t, std::string> texts; // printable
    };
    Open& open(const ViewRun& run);
    void findRow(); // the row of m_token, or the next run's first
    void beginRun();

    sqlite3* m_db;
    std::vector<ViewRun> m_runs;
    std::unordered_map<std::int64_t, Open> m_open;
    ViewPlan m_plan;
    std::size_t m_run = 0; // index into m_runs
    TokenIndex m_token = 0, m_end = 0, m_blockEnd = 0, m_documentEnd = 0;
    const Open* m_current = nullptr;
    const TokenReader::Block* m_block = nullptr;
    const DocumentInfo* m_document = nullptr;
    bool m_atEnd = true;
};

} // namespace moescope::sqlite
