#include "engine/routing/capacity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "engine/routing/error.h"

namespace moescope {

namespace {

constexpr std::array<std::pair<std::string_view, CapacityRounding>, 3> kRoundings{
    {{"floor", CapacityRounding::Floor}, {"ceil", CapacityRounding::Ceil}, {"ceil4", CapacityRounding::Ceil4}}};
constexpr std::array<std::pair<std::string_view, OverflowPolicy>, 4> kPolicies{{{"drop", OverflowPolicy::Drop},
                                                                                {"priority", OverflowPolicy::Priority},
                                                                                {"prob", OverflowPolicy::Prob},
                                                                                {"next", OverflowPolicy::Next}}};

template <class Table>
auto byName(const Table& table, std::string_view name, const std::string& what) {
    std::string known;
    for (const auto& [text, value] : table) {
        if (text == name) {
            return value;
        }
        known += (known.empty() ? "" : ", ") + std::string(text);
    }
    throw Error(ErrorCode::InvalidArgument, "no " + what + " '" + std::string(name) + "'; there are " + known);
}

template <class Table, class Value>
std::string_view nameIn(const Table& table, Value value) {
    return std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.second == value; })->first;
}

void needProbs(const CapacityGroup& group, OverflowPolicy policy) {
    if (group.probs.size() != group.ids.size()) {
        throw Error(ErrorCode::InvalidArgument, "overflow policy " + std::string(nameOf(policy)) +
                                                    " needs the probability of every choice, which comes from "
                                                    "recorded router logits");
    }
}

// Slot by slot, tokens in `order`: who comes first in every queue.
void rankBySlot(const CapacityGroup& group, std::span<const std::int32_t> order, std::span<std::int32_t> ranks) {
    std::vector<std::int32_t> length(std::size_t(group.experts));
    const auto k = std::size_t(group.topK);
    for (std::size_t slot = 0; slot < k; ++slot) {
        for (std::size_t i = 0; i < group.tokens(); ++i) {
            const std::size_t at = (order.empty() ? i : std::size_t(order[i])) * k + slot;
            const std::uint16_t e = group.ids[at];
            ranks[at] = e == kNoExpert ? -1 : length[e]++;
        }
    }
}

std::vector<std::int32_t> byTopProb(const CapacityGroup& group) {
    const auto k = std::size_t(group.topK);
    std::vector<float> top(group.tokens());
    for (std::size_t t = 0; t < top.size(); ++t) {
        top[t] = *std::max_element(group.probs.begin() + std::ptrdiff_t(t * k),
                                   group.probs.begin() + std::ptrdiff_t((t + 1) * k));
    }
    std::vector<std::int32_t> order(group.tokens());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::int32_t a, std::int32_t b) { return top[std::size_t(a)] > top[std::size_t(b)]; });
    return order;
}

void rankByProb(const CapacityGroup& group, std::span<std::int32_t> ranks) {
    std::vector<std::int32_t> order(group.ids.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
        return group.probs[std::size_t(a)] > group.probs[std::size_t(b)];
    });
    std::vector<std::int32_t> length(std::size_t(group.experts));
    for (std::int32_t at : order) {
        const std::uint16_t e = group.ids[std::size_t(at)];
        ranks[std::size_t(at)] = e == kNoExpert ? -1 : length[e]++;
    }
}

// The experts of a group that still have room, and which of them a token could be sent to. What a choice costs is the
// open experts, not all of them: where capacity is tight most of them are full.
class OpenExperts {
public:
    OpenExperts(std::int32_t experts, std::int64_t capacity)
        : m_room(std::size_t(experts), capacity), m_usedBy(std::size_t(experts), -1) {
        for (std::int32_t e = 0; e < experts && capacity > 0; ++e) {
            m_open.push_back(std::uint16_t(e));
        }
    }

    bool hasRoom(std::uint16_t e) const { return m_room[e] > 0; }

    void take(std::uint16_t e) {
        if (--m_room[e] == 0) {
            m_open.erase(std::lower_bound(m_open.begin(), m_open.end(), e)); // ascending, for ties
        }
    }

    // The best by score that the token neither chose nor was given; kNoExpert: none.
    std::uint16_t best(std::span<const float> scores, std::span<const std::uint16_t> chosen,
                       std::span<const std::uint16_t> given) {
        ++m_call;
        for (const auto& list : {chosen, given}) {
            for (const std::uint16_t e : list) {
                if (e != kNoExpert) {
                    m_usedBy[e] = m_call;
                }
            }
        }
        std::uint16_t best = kNoExpert;
        for (const std::uint16_t e : m_open) {
            if (m_usedBy[e] != m_call && std::isfinite(scores[e]) && (best == kNoExpert || scores[e] > scores[best])) {
                best = e;
            }
        }
        return best;
    }

private:
    std::vector<std::int64_t> m_room;
    std::vector<std::int64_t> m_usedBy; // the last call of best() in which the token used the expert
    std::vector<std::uint16_t> m_open;
    std::int64_t m_call = 0;
};

void serveNext(const CapacityGroup& group, std::int64_t capacity, std::span<std::uint16_t> served) {
    const auto k = std::size_t(group.topK);
    const auto experts = std::size_t(group.experts);
    OpenExperts open(group.experts, capacity);
    std::fill(served.begin(), served.end(), kNoExpert);
    for (std::size_t slot = 0; slot < k; ++slot) {
        for (std::size_t t = 0; t < group.tokens(); ++t) {
            std::uint16_t e = group.ids[t * k + slot];
            if (e == kNoExpert) {
                continue;
            }
            e = open.hasRoom(e) ? e
                                : open.best(group.choiceScores.subspan(t * experts, experts),
                                            group.ids.subspan(t * k, k), served.subspan(t * k, k));
            if (e != kNoExpert) {
                open.take(e);
                served[t * k + slot] = e;
            }
        }
    }
}

} // namespace

void checkCapacity(const CapacityOptions& options) {
    if (options.fixed < 0 && !(options.factor > 0 && options.factor < 1e6)) {
        throw Error(ErrorCode::InvalidArgument,
                    "capacity factor " + std::to_string(options.factor) + ": it must be above 0 (1 is the fair share)");
    }
    if (options.groupTokens < 1) {
        throw Error(ErrorCode::InvalidArgument,
                    "capacity groups of " + std::to_string(options.groupTokens) + " tokens: give 1 or more");
    }
}

std::int64_t capacityOf(const CapacityOptions& options, std::int64_t tokens, std::int32_t topK, std::int32_t experts) {
    if (options.fixed >= 0) {
        return options.fixed;
    }
    const double capacity = double(topK) * double(tokens) / double(experts) * options.factor;
    if (options.rounding == CapacityRounding::Floor) {
        return std::int64_t(std::floor(capacity));
    }
    const auto up = std::int64_t(std::ceil(capacity));
    return options.rounding == CapacityRounding::Ceil ? up : (up + 3) / 4 * 4;
}

CapacityRounding capacityRounding(std::string_view name) {
    return byName(kRoundings, name, "capacity rounding");
}
OverflowPolicy overflowPolicy(std::string_view name) {
    return byName(kPolicies, name, "overflow policy");
}
std::string_view nameOf(CapacityRounding rounding) {
    return nameIn(kRoundings, rounding);
}
std::string_view nameOf(OverflowPolicy policy) {
    return nameIn(kPolicies, policy);
}

void queueRanks(const CapacityGroup& group, OverflowPolicy policy, std::span<std::int32_t> ranks) {
    if (policy == OverflowPolicy::Next) {
        throw Error(ErrorCode::InvalidArgument, "overflow policy next has no queue that holds for every capacity");
    }
    if (policy == OverflowPolicy::Drop) {
        rankBySlot(group, {}, ranks);
        return;
    }
    needProbs(group, policy);
    if (policy == OverflowPolicy::Priority) {
        rankBySlot(group, byTopProb(group), ranks);
    } else {
        rankByProb(group, ranks);
    }
}

void serveGroup(const CapacityGroup& group, OverflowPolicy policy, std::int64_t capacity,
                std::span<std::uint16_t> served) {
    if (policy == OverflowPolicy::Next) {
        if (group.choiceScores.size() != group.tokens() * std::size_t(group.experts)) {
            throw Error(ErrorCode::InvalidArgument, "overflow policy next needs recorded router logits");
        }
        serveNext(group, capacity, served);
        return;
    }
    std::vector<std::int32_t> ranks(group.ids.size());
    queueRanks(group, policy, ranks);
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        served[i] = ranks[i] < capacity ? group.ids[i] : kNoExpert;
    }
}

OverflowCounts::OverflowCounts(std::int32_t experts)
    : assigned(std::size_t(experts)), kept(assigned), dropped(assigned), rerouted(assigned), received(assigned) {}

void OverflowCounts::add(std::span<const std::uint16_t> ids, std::span<const std::uint16_t> served) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const std::uint16_t e = ids[i];
        if (e == kNoExpert) {
            continue;
        }
        ++assigned[e];
        if (served[i] == e) {
            ++kept[e];
        } else if (served[i] == kNoExpert) {
            ++dropped[e];
        } else {
            ++rerouted[e];
            ++received[served[i]];
        }
    }
}

void OverflowCounts::addGroup(std::span<const std::int64_t> chosen, std::int64_t capacity) {
    for (std::size_t e = 0; e < chosen.size(); ++e) {
        const std::int64_t served = std::min(chosen[e], capacity);
        assigned[e] += chosen[e];
        kept[e] += served;
        dropped[e] += chosen[e] - served;
    }
}

void OverflowCounts::add(const OverflowCounts& other) {
    const auto sum = [](std::vector<std::int64_t>& to, const std::vector<std::int64_t>& from) {
        std::transform(to.begin(), to.end(), from.begin(), to.begin(), std::plus<>());
    };
    sum(assigned, other.assigned);
    sum(kept, other.kept);
    sum(dropped, other.dropped);
    sum(rerouted, other.rerouted);
    sum(received, other.received);
}

} // namespace moescope
