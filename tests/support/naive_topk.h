#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "engine/routing/moe_config.h"

namespace moescope::test {

// Router probabilities of one token in double.
inline std::vector<double> naiveScores(ScoreFunction score, std::span<const float> logits) {
    std::vector<double> scores;
    double sum = 0;
    for (float l : logits) {
        scores.push_back(score == ScoreFunction::Sigmoid ? 1 / (1 + std::exp(-double(l))) : std::exp(double(l)));
        sum += scores.back();
    }
    for (double& s : scores) {
        s /= score == ScoreFunction::Sigmoid ? 1 : sum;
    }
    return scores;
}

// (expert, weight) of one token, sorted by weight: the plainest statement of top-k routing.
inline std::vector<std::pair<int, double>> naiveTopK(const MoeLayerInfo& layer, std::span<const float> logits) {
    const MoeConfig& moe = layer.moe;
    const std::vector<double> scores = naiveScores(moe.score, logits);
    std::vector<double> choice(logits.begin(), logits.end());
    if (moe.score != ScoreFunction::SoftmaxOverChosen) {
        choice = scores;
    }
    for (std::size_t e = 0; e < layer.selectionBias.size(); ++e) {
        choice[e] += double(layer.selectionBias[e]);
    }
    if (moe.groupScore != GroupScore::None) {
        const int size = moe.experts / moe.groups;
        std::vector<std::pair<double, int>> groups;
        for (int g = 0; g < moe.groups; ++g) {
            std::vector<double> members(choice.begin() + g * size, choice.begin() + (g + 1) * size);
            std::sort(members.rbegin(), members.rend());
            groups.emplace_back(-(moe.groupScore == GroupScore::Max ? members[0] : members[0] + members[1]), g);
        }
        std::sort(groups.begin(), groups.end());
        for (int g = moe.topkGroups; g < moe.groups; ++g) {
            for (int e = groups[g].second * size; e < (groups[g].second + 1) * size; ++e) {
                choice[e] = -INFINITY;
            }
        }
    }
    std::vector<int> order(logits.size());
    for (std::size_t e = 0; e < order.size(); ++e) {
        order[e] = int(e);
    }
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return choice[a] > choice[b]; });
    std::vector<std::pair<int, double>> route;
    double sum = 0;
    for (int slot = 0; slot < moe.topK; ++slot) {
        route.emplace_back(order[slot], scores[order[slot]]);
        sum += route.back().second;
    }
    for (auto& [expert, weight] : route) {
        weight /= moe.renormalize || moe.score == ScoreFunction::SoftmaxOverChosen ? sum : 1;
        weight *= double(moe.scale);
    }
    std::stable_sort(route.begin(), route.end(), [](auto a, auto b) { return a.second > b.second; });
    return route;
}

} // namespace moescope::test
