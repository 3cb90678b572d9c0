#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/routing/capacity.h"

namespace moescope::test {

// The overflow policies as one would do them by hand, in whatever time it takes. served[t][slot], -1: dropped.
inline std::vector<std::vector<int>> naiveServe(const std::vector<std::vector<int>>& choices,
                                                const std::vector<std::vector<double>>& scores, OverflowPolicy policy,
                                                int capacity) {
    const int tokens = int(choices.size());
    const int k = int(choices[0].size());
    std::vector<std::vector<int>> served(choices.size(), std::vector<int>(std::size_t(k), -1));
    std::map<int, int> load;
    const auto score = [&](int t, int slot) { return scores[t][choices[t][slot]]; };
    std::vector<std::tuple<double, int, int, int>> line; // (what counts first, slot, token, slot again)
    for (int t = 0; t < tokens; ++t) {
        double top = 0;
        for (int slot = 0; slot < k; ++slot) {
            top = std::max(top, score(t, slot));
        }
        for (int slot = 0; slot < k; ++slot) {
            switch (policy) {
            case OverflowPolicy::Drop:
            case OverflowPolicy::Next:
                line.emplace_back(double(slot), t, slot, slot);
                break;
            case OverflowPolicy::Priority:
                line.emplace_back(double(slot) * 10 - top, t, slot, slot);
                break;
            case OverflowPolicy::Prob:
                line.emplace_back(-score(t, slot), t, slot, slot);
                break;
            }
        }
    }
    std::sort(line.begin(), line.end());
    for (const auto& [order, t, slot, unused] : line) {
        const int e = choices[t][slot];
        if (load[e] < capacity) {
            ++load[e];
            served[t][slot] = e;
        } else if (policy == OverflowPolicy::Next) {
            std::vector<std::pair<double, int>> others;
            for (int other = 0; other < int(scores[t].size()); ++other) {
                const bool chosen = std::count(choices[t].begin(), choices[t].end(), other) > 0;
                const bool taken = std::count(served[t].begin(), served[t].end(), other) > 0;
                if (!chosen && !taken && load[other] < capacity) {
                    others.emplace_back(-scores[t][other], other);
                }
            }
            if (!others.empty()) {
                const int other = std::min_element(others.begin(), others.end())->second;
                ++load[other];
                served[t][slot] = other;
            }
        }
    }
    return served;
}

} // namespace moescope::test
