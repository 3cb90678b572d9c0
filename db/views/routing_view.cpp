#include "db/views/routing_view.h"

#include <algorithm>

#include "engine/routing/scores.h"

namespace moescope::sqlite {

const std::vector<PushedColumn>& RoutingView::pushed() {
    static const std::vector<PushedColumn> columns = {{Run, 4}, {Layer, 30}, {Token, 1e5}, {Expert, 4}};
    return columns;
}

void RoutingView::filter(const ViewPlan& plan) {
    m_parts = LayerReader::Ids;
    if (plan.uses(Weight)) {
        m_parts |= LayerReader::Weights;
    }
    if (plan.uses(Prob) || plan.uses(Logit)) {
        m_parts |= LayerReader::Logits;
    }
    // kNoExpert lies above every id, so slots without an expert are left out by the upper bound.
    const Bounds& expert = plan.columns[Expert];
    m_leastExpert = int(std::clamp<std::int64_t>(expert.least, 0, kNoExpert));
    m_mostExpert = int(std::clamp<std::int64_t>(expert.most, -1, kNoExpert - 1));
    m_cursor.start(plan, Token, Layer, m_parts);
    m_count = 0;
    m_atEnd = false;
    next();
}

void RoutingView::next() {
    do {
        if (!m_cursor.nextBlock()) {
            m_atEnd = true;
            return;
        }
        const RoutingBlock& block = m_cursor.block();
        m_ids = block.ids.data();
        m_count = block.ids.size();
        m_topK = block.topK;
        m_token = block.first;
        m_at = 0;
        m_slot = 0;
        m_probToken = -1;
    } while (!isWanted() && !nextInBlock());
}

float RoutingView::prob() {
    const RoutingBlock& block = m_cursor.block();
    if (m_probToken != m_token) {
        m_probs.resize(std::size_t(block.experts));
        probabilities(m_cursor.part().layer->info.moe, block.logitsOf(std::int32_t(m_token - block.first)), m_probs);
        m_probToken = m_token;
    }
    return m_probs[m_ids[m_at]];
}

void RoutingView::column(sqlite3_context* context, int column) {
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
    case Slot:
        sqlite3_result_int(context, m_slot);
        break;
    case Expert:
        sqlite3_result_int(context, m_ids[m_at]);
        break;
    case Weight:
        sqlite3_result_double(context, double(block.weights[m_at]));
        break;
    case Prob:
        if (!block.logits.empty()) {
            sqlite3_result_double(context, double(prob()));
        }
        break;
    default:
        if (!block.logits.empty()) {
            const auto row = std::size_t(m_token - block.first) * std::size_t(block.experts);
            sqlite3_result_double(context, double(block.logits[row + m_ids[m_at]]));
        }
    }
}

} // namespace moescope::sqlite
