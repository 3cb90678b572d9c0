#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "engine/routing/moe_config.h"

namespace moescope::test {

inline std::string nameOf(const MoeLayerInfo& layer) {
    const MoeConfig& moe = layer.moe;
    return "top-" + std::to_string(moe.topK) + " of " + std::to_string(moe.experts) + ", score " +
           std::to_string(int(moe.score)) + ", groups " + std::to_string(moe.topkGroups) + " of " +
           std::to_string(moe.groups) + " by " + std::to_string(int(moe.groupScore)) +
           (layer.selectionBias.empty() ? "" : ", biased") + (moe.renormalize ? ", renormalised" : "");
}

// Gates of every kind from 1 to 512 experts and top-1 to top-16: the published ones' shapes and odd ones between.
inline std::vector<MoeLayerInfo> gateCases() {
    std::vector<MoeLayerInfo> cases;
    std::mt19937 random(7);
    const auto add = [&](MoeConfig moe, bool biased) {
        MoeLayerInfo layer;
        layer.moe = moe;
        for (int e = 0; biased && e < moe.experts; ++e)
            layer.selectionBias.push_back(float(int(random() % 201) - 100) / 400.0F);
        cases.push_back(layer);
    };
    for (const std::int32_t experts : {1, 7, 8, 16, 32, 33, 60, 64, 128, 160, 256, 512})
        for (const std::int32_t topK : {1, 2, 8, 16}) {
            if (topK > experts ||
                (experts > 64 && topK != 1 && topK != (experts == 512 ? 16 : 8))) // slow where little is new
                continue;
            MoeConfig moe;
            moe.experts = experts;
            moe.topK = topK;
            moe.renormalize = topK % 4 == 0;
            moe.scale = topK == 8 ? 2.5F : 1.0F;
            for (const ScoreFunction score : {ScoreFunction::Softmax, ScoreFunction::Sigmoid,
                                              ScoreFunction::SoftmaxOverChosen, ScoreFunction::SparseMixer}) {
                moe.score = score;
                if (score == ScoreFunction::SparseMixer && topK * experts > 64)
                    continue; // its sums visit every expert for every slot
                add(moe, false);
                if (score == ScoreFunction::Softmax || score == ScoreFunction::Sigmoid)
                    add(moe, true);
            }
        }
    for (const std::int32_t experts : {16, 64, 160, 256, 512})
        for (const GroupScore groupScore : {GroupScore::Max, GroupScore::TopTwoSum})
            for (const bool biased : {false, true}) {
                MoeConfig moe;
                moe.experts = experts;
                moe.groups = 8;
                moe.topkGroups = 3;
                moe.topK = std::min(6, experts / 8 * 3);
                moe.groupScore = groupScore;
                moe.score = biased ? ScoreFunction::Sigmoid : ScoreFunction::Softmax;
                add(moe, biased);
            }
    MoeConfig manyGroups; // more than a warp has lanes
    manyGroups.experts = 128;
    manyGroups.groups = 64;
    manyGroups.topkGroups = 40;
    manyGroups.topK = 4;
    manyGroups.groupScore = GroupScore::TopTwoSum;
    manyGroups.score = ScoreFunction::Sigmoid;
    add(manyGroups, true);
    return cases;
}

// Normal values [tokens, experts], some experts ahead.
inline std::vector<float> gateLogits(const MoeConfig& moe, std::int64_t tokens, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, 2);
    std::vector<float> logits(std::size_t(tokens) * std::size_t(moe.experts));
    for (std::size_t i = 0; i < logits.size(); ++i)
        logits[i] = normal(random) + (i % 5 == 1 ? 1.0F : 0.0F);
    return logits;
}

} // namespace moescope::test
