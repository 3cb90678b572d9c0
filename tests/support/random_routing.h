#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "engine/routing/moe_config.h"
#include "engine/routing/routing_block.h"
#include "engine/routing/topk.h"

namespace moescope::test {

// The routing of random tokens in one layer, some experts more popular than others, with the memory behind its blocks.
class RandomRouting {
public:
    RandomRouting(std::int32_t experts, std::int32_t topK, std::int64_t tokens, unsigned seed, int layer = 0)
        : m_tokens(tokens) {
        m_info.layer = LayerId(layer);
        m_info.moe.experts = experts;
        m_info.moe.topK = topK;
        std::mt19937 random(seed);
        std::normal_distribution<float> normal;
        m_logits.resize(std::size_t(tokens * experts));
        for (std::size_t i = 0; i < m_logits.size(); ++i) {
            m_logits[i] = normal(random) + (i % std::size_t(experts) == seed % std::size_t(experts) ? 1.0F : 0.0F);
        }
        m_ids.resize(std::size_t(tokens * topK));
        m_weights.resize(m_ids.size());
        routeTopK(m_info, m_logits, m_ids, m_weights);
    }

    const MoeLayerInfo& info() const { return m_info; }
    std::int64_t tokens() const { return m_tokens; }
    const std::vector<std::uint16_t>& ids() const { return m_ids; }

    RoutingBlock block() const { return block(0, m_tokens); }
    RoutingBlock block(TokenIndex begin, TokenIndex end) const {
        const auto k = std::size_t(m_info.moe.topK);
        const auto e = std::size_t(m_info.moe.experts);
        const auto at = std::size_t(begin);
        const auto n = std::size_t(end - begin);
        RoutingBlock b{m_info.layer, begin, std::int32_t(n), m_info.moe.topK, m_info.moe.experts, {}, {}, {}};
        b.ids = std::span(m_ids).subspan(at * k, n * k);
        b.weights = std::span(m_weights).subspan(at * k, n * k);
        b.logits = std::span(m_logits).subspan(at * e, n * e);
        return b;
    }
    // The whole run in blocks of any size.
    std::vector<RoutingBlock> blocks(std::int64_t size) const {
        std::vector<RoutingBlock> parts;
        for (TokenIndex t = 0; t < m_tokens; t += size) {
            parts.push_back(block(t, std::min(m_tokens, t + size)));
        }
        return parts;
    }

private:
    MoeLayerInfo m_info;
    std::int64_t m_tokens;
    std::vector<float> m_logits, m_weights;
    std::vector<std::uint16_t> m_ids;
};

} // namespace moescope::test
