#include "engine/routing/group_limited.h"

#include <algorithm>
#include <array>
#include <vector>

#include "engine/routing/masked.h"

namespace moescope {

namespace {

float groupScore(std::span<const float> group, GroupScore kind) {
    float first = kMasked;
    float second = kMasked;
    for (float v : group) {
        if (v > first) {
            second = first;
            first = v;
        } else if (v > second) {
            second = v;
        }
    }
    return kind == GroupScore::Max || second == kMasked ? first : first + second;
}

// Group g stays when fewer than `keep` others are better; of equal groups the lower is better.
bool stays(std::span<const float> groups, std::size_t g, std::size_t keep) {
    std::size_t better = 0;
    for (std::size_t other = 0; other < groups.size(); ++other) {
        better += groups[other] > groups[g] || (groups[other] == groups[g] && other < g) ? 1U : 0U;
    }
    return better < keep;
}

void maskWith(const MoeConfig& moe, std::span<float> scores, std::span<float> groups) {
    const std::size_t size = scores.size() / groups.size();
    for (std::size_t g = 0; g < groups.size(); ++g) {
        groups[g] = groupScore(scores.subspan(g * size, size), moe.groupScore);
    }
    for (std::size_t g = 0; g < groups.size(); ++g) {
        if (!stays(groups, g, std::size_t(moe.topkGroups))) {
            std::ranges::fill(scores.subspan(g * size, size), kMasked);
        }
    }
}

} // namespace

void maskLosingGroups(const MoeConfig& moe, std::span<float> scores) {
    if (moe.groupScore == GroupScore::None || moe.topkGroups >= moe.groups) {
        return;
    }
    std::array<float, 64> few; // no allocation per token for any published model
    if (std::size_t(moe.groups) <= few.size()) {
        maskWith(moe, scores, std::span(few).first(std::size_t(moe.groups)));
    } else {
        std::vector<float> many(std::size_t(moe.groups));
        maskWith(moe, scores, many);
    }
}

} // namespace moescope
