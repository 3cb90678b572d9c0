#pragma once

#include <vector>

#include <gtest/gtest.h>

#include "engine/routing/intervention.h"
#include "engine/routing/topk.h"
#include "engine/session/engine.h"
#include "tests/support/collecting_sink.h"

namespace moescope::test {

inline Intervention limited(OverflowPolicy policy, double factor, std::int32_t group) {
    Intervention intervention;
    intervention.capacity = CapacityOptions{.factor = factor, .policy = policy, .groupTokens = group};
    return intervention;
}

// Each kind alone and all at once; biases that change on one session, and none in the end. A model with a capacity of
// its own takes no other k.
inline std::vector<Intervention> interventionsOn(const ModelInfo& model) {
    const MoeLayerInfo& first = model.moeLayers.front();
    const auto biased = [&](Intervention intervention, float size) {
        for (const MoeLayerInfo& layer : model.moeLayers) {
            std::vector<float>& bias = intervention.bias[layer.layer];
            for (std::int32_t e = 0; e < layer.moe.experts; ++e)
                bias.push_back(e % 2 == 0 ? size : -size);
        }
        return intervention;
    };
    std::vector<Intervention> all{limited(OverflowPolicy::Drop, 1.0, 5), limited(OverflowPolicy::Priority, 0.7, 4),
                                  limited(OverflowPolicy::Prob, 1.0, 1024), limited(OverflowPolicy::Next, 1.0, 6)};
    Intervention ablated;
    ablated.ablated = {{first.layer, 0}, {first.layer, 2}, {model.moeLayers.back().layer, 1}};
    all.push_back(ablated);
    Intervention otherK;
    otherK.topK = first.moe.topK == 1 && model.family != "switch_transformers" ? 2 : 1;
    all.push_back(otherK);
    if (first.moe.score != ScoreFunction::SparseMixer) {
        all.push_back(biased({}, 0.3F));
        all.push_back(biased({}, -0.2F));
        Intervention everything = biased(limited(OverflowPolicy::Prob, 0.8, 7), 0.1F);
        everything.ablated = ablated.ablated;
        everything.topK = otherK.topK;
        all.push_back(everything);
    }
    all.emplace_back();
    return all;
}

// The recorded routes are those that the pure functions make of the recorded logits.
inline void expectRoutesOf(const Intervention& intervention, const MoeLayerInfo& layer,
                           const CollectingSink::Layer& got) {
    const MoeLayerInfo gate = intervenedGate(intervention, layer);
    std::vector<std::uint16_t> ids(got.ids.size());
    std::vector<float> weights(ids.size());
    routeTopK(gate, got.logits, ids, weights);
    constrainRoutes(intervention, gate, got.logits, ids, weights);
    EXPECT_EQ(got.ids, ids);
    EXPECT_EQ(got.weights, weights);
}

} // namespace moescope::test
