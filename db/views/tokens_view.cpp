#include "db/views/tokens_view.h"

#include <algorithm>
#include <cmath>

#include "db/text.h"
#include "engine/routing/error.h"

namespace moescope::sqlite {

namespace {

void resultText(sqlite3_context* context, const std::string& text) {
    sqlite3_result_text(context, text.data(), int(text.size()), SQLITE_TRANSIENT);
}

std::vector<DocumentInfo> documentsByPlace(sqlite3* db, RunId run) {
    std::vector<DocumentInfo> documents;
    Statement rows(db, "SELECT name, domain, first, tokens FROM document WHERE run_id=? ORDER BY first, ordinal");
    rows.bind(1, run.value);
    while (rows.step()) {
        documents.push_back({rows.text(0), rows.text(1), rows.integer(2), rows.integer(3)});
    }
    return documents;
}

std::unordered_map<std::int32_t, std::string> loadTexts(sqlite3* db, RunId run) {
    std::unordered_map<std::int32_t, std::string> texts;
    Statement rows(db, "SELECT token_id, bytes FROM piece WHERE run_id=?");
    rows.bind(1, run.value);
    while (rows.step()) {
        const auto bytes = rows.blob(1);
        texts.emplace(std::int32_t(rows.integer(0)),
                      printableUtf8({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    }
    return texts;
}

} // namespace

const std::vector<PushedColumn>& TokensView::pushed() {
    static const std::vector<PushedColumn> columns = {{Run, 4}, {Token, 1e6}};
    return columns;
}

TokensView::Open& TokensView::open(const ViewRun& run) {
    auto [at, isNew] = m_open.try_emplace(run.id.value);
    if (isNew) {
        at->second.documents = documentsByPlace(m_db, run.id);
        at->second.reader = std::make_unique<TokenReader>(m_db, run.id);
        if (run.text) {
            at->second.texts = loadTexts(m_db, run.id);
        }
    }
    return at->second;
}

void TokensView::filter(const ViewPlan& plan) {
    if (m_runs.empty()) {
        m_runs = loadViewRuns(m_db);
    }
    m_plan = plan;
    m_run = 0;
    m_atEnd = plan.none;
    beginRun();
    findRow();
}

// The tokens of run m_run that the plan leaves.
void TokensView::beginRun() {
    m_token = m_end = 0;
    if (m_run < m_runs.size() && (!m_plan.run || *m_plan.run == m_runs[m_run].name)) {
        const Bounds& tokens = m_plan.columns[Token];
        const TokenIndex all = m_runs[m_run].tokens;
        m_token = std::max<TokenIndex>(0, tokens.least);
        m_end = tokens.most >= all ? all : tokens.most + 1;
    }
}

void TokensView::next() {
    findRow();
}

void TokensView::findRow() {
    while (!m_atEnd && m_token >= m_end) {
        ++m_run;
        m_atEnd = m_run >= m_runs.size();
        beginRun();
    }
    if (m_atEnd) {
        return;
    }
    Open& current = open(m_runs[m_run]);
    m_current = &current;
    m_block = &current.reader->blockOf(m_token);
    m_blockEnd = std::min(m_end, m_block->first + TokenIndex(m_block->ids.size()));
    const auto after = std::ranges::upper_bound(current.documents, m_token, {}, &DocumentInfo::first);
    if (after == current.documents.begin()) {
        throw Error(ErrorCode::Corruption, "token " + std::to_string(m_token) + " belongs to no document");
    }
    m_document = &*std::prev(after);
    m_documentEnd = after == current.documents.end() ? m_end : after->first;
}

void TokensView::column(sqlite3_context* context, int column) {
    const auto at = std::size_t(m_token - m_block->first);
    switch (column) {
    case Run:
        resultText(context, m_runs[m_run].name);
        break;
    case Document:
        resultText(context, m_document->name);
        break;
    case Domain:
        resultText(context, m_document->domain);
        break;
    case Token:
        sqlite3_result_int64(context, m_token);
        break;
    case Position:
        sqlite3_result_int64(context, m_token - m_document->first);
        break;
    case Phase:
        sqlite3_result_text(context, m_block->phases[at] == 0 ? "prompt" : "generated", -1, SQLITE_STATIC);
        break;
    case TokenId:
        sqlite3_result_int(context, m_block->ids[at]);
        break;
    case Text: {
        const auto text = m_current->texts.find(m_block->ids[at]);
        if (text != m_current->texts.end()) {
            resultText(context, text->second);
        }
        break;
    }
    default:
        if (!std::isnan(m_block->nll[at])) {
            sqlite3_result_double(context, double(m_block->nll[at]));
        }
    }
}

} // namespace moescope::sqlite
