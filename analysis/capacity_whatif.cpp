#include "analysis/capacity_whatif.h"

#include <algorithm>
#include <numeric>

namespace moescope {

namespace {

void bump(std::vector<std::int64_t>& histogram, std::int32_t rank) {
    if (std::size_t(rank) >= histogram.size()) {
        histogram.resize(std::size_t(rank) + 1);
    }
    ++histogram[std::size_t(rank)];
}

void addTo(std::vector<std::int64_t>& to, const std::vector<std::int64_t>& from) {
    to.resize(std::max(to.size(), from.size()));
    std::transform(from.begin(), from.end(), to.begin(), to.begin(), std::plus<>());
}

// [c] how many have a rank of c or more.
std::vector<std::int64_t> fromRankOn(const std::vector<std::int64_t>& histogram) {
    std::vector<std::int64_t> sums(histogram.size() + 1);
    std::partial_sum(histogram.rbegin(), histogram.rend(), sums.rbegin() + 1);
    return sums;
}

std::int64_t at(const std::vector<std::int64_t>& sums, std::int64_t capacity) {
    return sums[std::min(std::size_t(capacity), sums.size() - 1)];
}

} // namespace

void OverflowTotals::add(const OverflowTotals& other) {
    tokens += other.tokens;
    assigned += other.assigned;
    dropped += other.dropped;
    tokensLosingSome += other.tokensLosingSome;
    tokensLosingAll += other.tokensLosingAll;
}

CapacityWhatIf::CapacityWhatIf(std::int32_t experts, std::int32_t topK, OverflowPolicy policy, std::int32_t groupTokens,
                               std::int32_t choices)
    : m_experts(experts), m_topK(topK), m_choices(choices > 0 ? choices : topK), m_policy(policy),
      m_groupTokens(groupTokens) {}

void CapacityWhatIf::add(const CapacityGroup& group) {
    m_ranks.resize(group.ids.size());
    queueRanks(group, m_policy, m_ranks);
    count(m_bySize[group.tokens()], group);
}

void CapacityWhatIf::count(Ranks& ranks, const CapacityGroup& group) const {
    const auto k = std::size_t(m_topK);
    const std::size_t base = ranks.load.size();
    ranks.load.resize(base + std::size_t(m_experts));
    ranks.tokens += std::int64_t(group.tokens());
    for (std::size_t t = 0; t < group.tokens(); ++t) {
        std::int32_t worst = -1;
        std::int32_t best = -1;
        for (std::size_t i = t * k; i < (t + 1) * k; ++i) {
            const std::int32_t rank = m_ranks[i];
            if (rank < 0) {
                continue;
            }
            ++ranks.choices;
            ++ranks.load[base + group.ids[i]];
            bump(ranks.choice, rank);
            worst = std::max(worst, rank);
            best = best < 0 ? rank : std::min(best, rank);
        }
        if (worst >= 0) {
            bump(ranks.worst, worst);
            bump(ranks.best, best);
        }
    }
}

void CapacityWhatIf::add(const CapacityWhatIf& other) {
    for (const auto& [size, from] : other.m_bySize) {
        Ranks& to = m_bySize[size];
        to.tokens += from.tokens;
        to.choices += from.choices;
        addTo(to.choice, from.choice);
        addTo(to.worst, from.worst);
        addTo(to.best, from.best);
        to.load.insert(to.load.end(), from.load.begin(), from.load.end());
    }
}

OverflowTotals CapacityWhatIf::at(const CapacityOptions& options) const {
    const double factor = options.factor;
    return curve(options, {&factor, 1}).front();
}

std::vector<OverflowTotals> CapacityWhatIf::curve(CapacityOptions options, std::span<const double> factors) const {
    std::vector<OverflowTotals> totals(factors.size());
    for (const auto& [size, ranks] : m_bySize) {
        const auto choices = fromRankOn(ranks.choice);
        const auto worst = fromRankOn(ranks.worst);
        const auto best = fromRankOn(ranks.best);
        for (std::size_t i = 0; i < factors.size(); ++i) {
            options.factor = factors[i];
            const std::int64_t capacity = capacityOf(options, std::int64_t(size), m_choices, m_experts);
            totals[i].add({0, ranks.tokens, ranks.choices, moescope::at(choices, capacity),
                           moescope::at(worst, capacity), moescope::at(best, capacity)});
        }
    }
    for (std::size_t i = 0; i < factors.size(); ++i) {
        options.factor = factors[i];
        totals[i].capacity = capacityOf(options, m_groupTokens, m_choices, m_experts);
    }
    return totals;
}

std::vector<std::int64_t> CapacityWhatIf::droppedByExpert(const CapacityOptions& options) const {
    std::vector<std::int64_t> dropped(static_cast<std::size_t>(m_experts));
    for (const auto& [size, ranks] : m_bySize) {
        const std::int64_t capacity = capacityOf(options, std::int64_t(size), m_choices, m_experts);
        for (std::size_t i = 0; i < ranks.load.size(); ++i) {
            dropped[i % dropped.size()] += std::max<std::int64_t>(0, std::int64_t(ranks.load[i]) - capacity);
        }
    }
    return dropped;
}

std::vector<std::int64_t> CapacityWhatIf::assignedByExpert() const {
    std::vector<std::int64_t> assigned(static_cast<std::size_t>(m_experts));
    for (const auto& [size, ranks] : m_bySize) {
        for (std::size_t i = 0; i < ranks.load.size(); ++i) {
            assigned[i % assigned.size()] += ranks.load[i];
        }
    }
    return assigned;
}

} // namespace moescope
