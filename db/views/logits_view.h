#pragma once

#include "db/views/layer_cursor.h"

namespace moescope::sqlite {

// The view `logits`: one row for every token, layer and expert of the runs that keep logits.
class LogitsView {
public:
    enum Column { Run, Token, Layer, Expert, Logit };
    static constexpr int kColumns = 5;
    static constexpr const char* kDeclaration =
        "CREATE TABLE x(run TEXT, token INTEGER, layer INTEGER, expert INTEGER, logit REAL)";
    static const std::vector<PushedColumn>& pushed();

    explicit LogitsView(sqlite3* db) : m_cursor(db) {}

    void filter(const ViewPlan& plan);
    bool atEnd() const { return m_atEnd; }
    void next();
    void column(sqlite3_context* context, int column);

    bool nextInBlock() {
        if (m_expert < m_last) {
            ++m_expert;
            return true;
        }
        m_expert = m_first;
        return ++m_token < m_end;
    }

private:
    LayerCursor m_cursor;
    Bounds m_experts;
    TokenIndex m_token = 0, m_end = 0;
    std::int32_t m_expert = 0, m_first = 0, m_last = 0;
    bool m_atEnd = true;
};

} // namespace moescope::sqlite
