#pragma once

#include "db/views/layer_cursor.h"

namespace moescope::sqlite {

// The view `routing`: one row for every expert a token was sent to.
class RoutingView {
public:
    enum Column { Run, Token, Layer, Slot, Expert, Weight, Prob, Logit };
    static constexpr int kColumns = 8;
    static constexpr const char* kDeclaration =
        "CREATE TABLE x(run TEXT, token INTEGER, layer INTEGER, slot INTEGER, expert INTEGER, weight REAL, prob REAL, "
        "logit REAL)";
    static const std::vector<PushedColumn>& pushed();

    explicit RoutingView(sqlite3* db) : m_cursor(db) {}

    void filter(const ViewPlan& plan);
    bool atEnd() const { return m_atEnd; }
    void next();
    void column(sqlite3_context* context, int column);

    // Goes to the next row within the block; false where there is none.
    bool nextInBlock() {
        do {
            ++m_at;
            if (++m_slot == m_topK) {
                m_slot = 0;
                ++m_token;
            }
        } while (m_at < m_count && !isWanted());
        return m_at < m_count;
    }

private:
    bool isWanted() const { return m_ids[m_at] >= m_leastExpert && m_ids[m_at] <= m_mostExpert; }
    float prob();

    LayerCursor m_cursor;
    const std::uint16_t* m_ids = nullptr;
    std::size_t m_at = 0, m_count = 0; // slots of the block
    std::int32_t m_slot = 0, m_topK = 1;
    TokenIndex m_token = 0;
    int m_leastExpert = 0, m_mostExpert = 0;
    unsigned m_parts = 0;
    bool m_atEnd = true;
    TokenIndex m_probToken = -1;
    std::vector<float> m_probs; // of m_probToken in the block's layer
};

} // namespace moescope::sqlite
