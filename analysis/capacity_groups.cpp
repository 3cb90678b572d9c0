#include "analysis/capacity_groups.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "engine/routing/error.h"
#include "engine/routing/scores.h"

namespace moescope {

namespace {
constexpr float kMasked = -std::numeric_limits<float>::infinity();
}

CapacityGroups::CapacityGroups(const MoeLayerInfo& layer, OverflowPolicy policy, std::int32_t groupTokens, Visit visit)
    : m_layer(layer), m_policy(policy), m_groupTokens(groupTokens), m_visit(std::move(visit)),
      m_row(std::size_t(layer.moe.experts)) {}

void CapacityGroups::add(const RoutingBlock& block) {
    if (m_policy != OverflowPolicy::Drop && block.logits.empty() && block.tokens > 0) {
        throw Error(ErrorCode::Unsupported, "overflow policy " + std::string(nameOf(m_policy)) +
                                                " needs router logits, which this run does not hold; policy drop does "
                                                "not");
    }
    const auto k = std::size_t(block.topK);
    for (std::int32_t t = 0; t < block.tokens;) {
        m_first = m_tokens == 0 ? block.first + t : m_first;
        const std::int64_t end = (m_first / m_groupTokens + 1) * m_groupTokens;
        const auto take = std::int32_t(std::min<std::int64_t>(block.tokens - t, end - (block.first + t)));
        const auto ids = block.ids.subspan(std::size_t(t) * k, std::size_t(take) * k);
        m_ids.insert(m_ids.end(), ids.begin(), ids.end());
        for (std::int32_t i = t; i < t + take && m_policy != OverflowPolicy::Drop; ++i) {
            addScores(block, i);
        }
        m_tokens += take;
        t += take;
        if (m_first + m_tokens == end) {
            close();
        }
    }
}

void CapacityGroups::addScores(const RoutingBlock& block, std::int32_t token) {
    probabilities(m_layer.moe, block.logitsOf(token), m_row);
    if (m_policy == OverflowPolicy::Next) {
        selectionScores(m_layer, m_row, m_row);
        const auto logits = block.logitsOf(token);
        for (std::size_t e = 0; e < m_row.size(); ++e) {
            m_row[e] = logits[e] == kMasked ? kMasked : m_row[e]; // an expert that is out serves nobody
        }
        m_choiceScores.insert(m_choiceScores.end(), m_row.begin(), m_row.end());
        return;
    }
    for (std::uint16_t e : block.idsOf(token)) {
        m_probs.push_back(e == kNoExpert ? 0.0F : m_row[e]);
    }
}

void CapacityGroups::finish() {
    if (m_tokens > 0) {
        close();
    }
}

void CapacityGroups::close() {
    m_visit({m_layer.moe.topK, m_layer.moe.experts, m_ids, m_probs, m_choiceScores}, m_first);
    m_ids.clear();
    m_probs.clear();
    m_choiceScores.clear();
    m_tokens = 0;
}

} // namespace moescope
