#include "engine/routing/base_assignment.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "engine/routing/error.h"
#include "engine/routing/masked.h"
#include "tests/support/random_scores.h"

namespace moescope {
namespace {

// The best total by successive shortest paths (Bellman-Ford) from tokens over experts: slow, and exact.
class NaiveAssignment {
public:
    NaiveAssignment(const std::vector<float>& scores, int experts, std::vector<std::int64_t> room)
        : m_scores(scores), m_experts(experts), m_tokens(int(scores.size()) / experts), m_room(std::move(room)),
          m_has(scores.size()) {}

    double best(int k) {
        for (int round = 0; round < k; ++round) {
            for (int t = 0; t < m_tokens; ++t) {
                augment(t);
            }
        }
        double total = 0;
        for (std::size_t i = 0; i < m_has.size(); ++i) {
            total += m_has[i] ? double(m_scores[i]) : 0;
        }
        return total;
    }

private:
    // Nodes: tokens, then experts. An edge t -> e where not assigned, e -> t back where it is.
    void augment(int start) {
        const int nodes = m_tokens + m_experts;
        std::vector<double> gain(std::size_t(nodes), -1e300);
        std::vector<int> from(std::size_t(nodes), -1);
        gain[std::size_t(start)] = 0;
        for (bool changed = true; changed;) {
            changed = false;
            for (int t = 0; t < m_tokens; ++t) {
                for (int e = 0; e < m_experts; ++e) {
                    const bool has = m_has[at(t, e)];
                    const int a = has ? m_tokens + e : t;
                    const int b = has ? t : m_tokens + e;
                    const double value = gain[std::size_t(a)] + (has ? -1 : 1) * double(m_scores[at(t, e)]);
                    if (gain[std::size_t(a)] > -1e299 && value > gain[std::size_t(b)] + 1e-9) {
                        gain[std::size_t(b)] = value;
                        from[std::size_t(b)] = a;
                        changed = true;
                    }
                }
            }
        }
        int end = -1;
        for (int e = 0; e < m_experts; ++e) {
            const int node = m_tokens + e;
            if (m_room[std::size_t(e)] > 0 && (end < 0 || gain[std::size_t(node)] > gain[std::size_t(end)])) {
                end = node;
            }
        }
        --m_room[std::size_t(end - m_tokens)];
        for (int node = end; node != start; node = from[std::size_t(node)]) {
            const int before = from[std::size_t(node)];
            const int t = std::min(node, before);
            const int e = std::max(node, before) - m_tokens;
            m_has[at(t, e)] = !m_has[at(t, e)];
        }
    }
    std::size_t at(int t, int e) const { return std::size_t(t * m_experts + e); }

    const std::vector<float>& m_scores;
    int m_experts, m_tokens;
    std::vector<std::int64_t> m_room;
    std::vector<bool> m_has;
};

std::vector<std::uint16_t> assign(const std::vector<float>& scores, int experts, int k) {
    std::vector<std::uint16_t> ids(scores.size() / std::size_t(experts) * std::size_t(k));
    assignBalanced(scores, experts, k, ids);
    return ids;
}

TEST(BaseAssignment, TotalIsTheBestPossible) {
    for (auto [tokens, experts, k] : {std::tuple{8, 4, 1},
                                      {32, 4, 1},
                                      {30, 8, 1},
                                      {24, 6, 2},
                                      {17, 5, 3},
                                      {9, 3, 3},
                                      {3, 8, 1},
                                      {2, 8, 3},
                                      {1, 4, 2},
                                      {64, 16, 2}}) {
        for (unsigned seed = 0; seed < 4; ++seed) {
            const auto scores = test::randomScores(tokens, experts, seed, 2.0F);
            const auto ids = assign(scores, experts, k);
            double total = 0;
            for (std::size_t i = 0; i < ids.size(); ++i) {
                ASSERT_NE(ids[i], kNoExpert);
                total += double(scores[i / std::size_t(k) * std::size_t(experts) + ids[i]]);
            }
            const auto [low, high] = std::minmax_element(scores.begin(), scores.end());
            const double slack = k * tokens * kAuctionPrecision * double(*high - *low);
            const double best = NaiveAssignment(scores, experts, balancedPlaces(scores, experts, k)).best(k);
            EXPECT_GE(total, best - slack) << tokens << " x " << experts << ", k " << k << ", seed " << seed;
            EXPECT_LE(total, best + 1e-6);
        }
    }
}

TEST(BaseAssignment, EveryExpertServesItsShareOfDistinctTokens) {
    for (auto [tokens, experts, k] : {std::tuple{1024, 16, 2}, {1000, 64, 8}, {100, 7, 7}, {77, 16, 1}}) {
        const auto scores = test::randomScores(tokens, experts, 9, 5.0F);
        const auto ids = assign(scores, experts, k);
        std::vector<int> load(static_cast<std::size_t>(experts));
        for (int t = 0; t < tokens; ++t) {
            const auto begin = ids.begin() + t * k;
            EXPECT_EQ(std::set<std::uint16_t>(begin, begin + k).size(), std::size_t(k));
            for (int slot = 0; slot < k; ++slot) {
                ++load[begin[slot]];
            }
        }
        const auto [least, most] = std::minmax_element(load.begin(), load.end());
        EXPECT_EQ(*least, tokens * k / experts);
        EXPECT_EQ(*most, (tokens * k + experts - 1) / experts);
    }
}

TEST(BaseAssignment, WorkedByHand) {
    // Both tokens like expert 0 best; token 1 loses less by going to 1.
    EXPECT_EQ(assign({5, 1, 5, 4}, 2, 1), (std::vector<std::uint16_t>{0, 1}));
}

TEST(BaseAssignment, HandlesEqualScores) {
    const auto ids = assign(std::vector<float>(64 * 8, 1.0F), 8, 1);
    for (std::uint16_t e = 0; e < 8; ++e) {
        EXPECT_EQ(std::count(ids.begin(), ids.end(), e), 8);
    }
}

TEST(BaseAssignment, LeavesAPlaceEmptyRatherThanUseAMaskedExpert) {
    EXPECT_EQ(assign({1, kMasked, 2, kMasked}, 2, 1), (std::vector<std::uint16_t>{kNoExpert, 0}));
    EXPECT_EQ(assign({kMasked, kMasked}, 2, 1), (std::vector<std::uint16_t>{kNoExpert}));
}

TEST(BaseAssignment, RefusesImpossibleK) {
    EXPECT_THROW(assign({1, 2}, 2, 3), Error);
    EXPECT_THROW(assign({1, 2}, 2, 0), Error);
}

} // namespace
} // namespace moescope
