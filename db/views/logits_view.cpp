#include "db/views/logits_view.h"

#include <algorithm>

namespace moescope::sqlite {

const std::vector<PushedColumn>& LogitsView::pushed() {
    static const std::vector<PushedColumn> columns = {{Run, 4}, {Layer, 30}, {Token, 1e5}, {Expert, 16}};
    return columns;
}

void LogitsView::filter(const ViewPlan& plan) {
    m_experts = plan.columns[Expert];
    m_cursor.start(plan, Token, Layer, LayerReader::Ids | LayerReader::Logits);
    m_atEnd = false;
    next();
}

void LogitsView::next() {
    do {
        if (!m_cursor.nextBlock()) {
            m_atEnd = true;
            return;
        }
        const RoutingBlock& block = m_cursor.block();
        m_token = block.first;
        m_end = block.logits.empty() ? block.first : block.end();
        m_first = std::int32_t(std::clamp<std::int64_t>(m_experts.least, 0, block.experts));
        m_last = std::int32_t(std::clamp<std::int64_t>(m_experts.most, -1, block.experts - 1));
        m_expert = m_first;
    } while (m_token >= m_end || m_first > m_last);
}

void LogitsView::column(sqlite3_context* context, int column) {
    const RoutingBlock& block = m_cursor.block();
    switch (column) {
    case Run: {
        const std::string& name = m_cursor.part().run->name;
        sqlite3_result_text(context, name.data(), int(name.size()), SQLITE_TRANSIENT);
        break;
    }
    case Token:
        sqlite3_result_int64(context, m_token);
        break;
    case Layer:
        sqlite3_result_int(context, block.layer.value);
        break;
    case Expert:
        sqlite3_result_int(context, m_expert);
        break;
    default:
        sqlite3_result_double(context,
                              double(block.logitsOf(std::int32_t(m_token - block.first))[std::size_t(m_expert)]));
    }
}

} // namespace moescope::sqlite
