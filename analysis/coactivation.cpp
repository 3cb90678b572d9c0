#include "analysis/coactivation.h"

#include <algorithm>
#include <functional>

#include "analysis/none.h"

namespace moescope {

CoactivationCounts::CoactivationCounts(std::int32_t experts)
    : m_experts(experts), m_tokens(std::size_t(experts)), m_pairs(std::size_t(experts) * std::size_t(experts)) {}

void CoactivationCounts::addToken(std::span<const std::uint16_t> ids) {
    for (std::size_t a = 0; a < ids.size(); ++a) {
        if (ids[a] == kNoExpert) {
            continue;
        }
        ++m_tokens[ids[a]];
        for (std::size_t b = a + 1; b < ids.size(); ++b) {
            if (ids[b] != kNoExpert) {
                ++m_pairs[at(ids[a], ids[b])];
            }
        }
    }
}

// Two slots a token, as Mixtral has: one count a token, in two tables by turns, so that it seldom waits for the
// one before; the sums follow from them.
void CoactivationCounts::addPairs(const RoutingBlock& block) {
    const std::size_t cells = m_pairs.size();
    m_scratch.assign(2 * cells, 0);
    const std::uint16_t* ids = block.ids.data();
    for (std::int32_t t = 0; t < block.tokens; ++t, ids += 2) {
        if ((ids[0] == kNoExpert) | (ids[1] == kNoExpert)) {
            addToken({ids, 2});
        } else {
            ++m_scratch[std::size_t(t & 1) * cells + at(ids[0], ids[1])];
        }
    }
    for (std::int32_t a = 0; a < m_experts; ++a) {
        for (std::int32_t b = 0; b < m_experts; ++b) {
            const std::int64_t count = std::int64_t(m_scratch[at(a, b)]) + m_scratch[cells + at(a, b)];
            m_pairs[at(a, b)] += count;
            m_tokens[std::size_t(a)] += count;
            m_tokens[std::size_t(b)] += count;
        }
    }
}

void CoactivationCounts::add(const RoutingBlock& block) {
    if (block.topK == 2 && m_pairs.size() * 2 <= std::size_t(block.tokens)) {
        addPairs(block);
        return;
    }
    for (std::int32_t t = 0; t < block.tokens; ++t) {
        addToken(block.idsOf(t));
    }
}

void CoactivationCounts::add(const CoactivationCounts& other) {
    std::transform(m_tokens.begin(), m_tokens.end(), other.m_tokens.begin(), m_tokens.begin(), std::plus<>());
    std::transform(m_pairs.begin(), m_pairs.end(), other.m_pairs.begin(), m_pairs.begin(), std::plus<>());
}

double CoactivationCounts::conditional(std::int32_t b, std::int32_t givenA) const {
    const std::int64_t tokens = count(givenA, givenA);
    return tokens == 0 ? kNone : double(count(givenA, b)) / double(tokens);
}

} // namespace moescope
