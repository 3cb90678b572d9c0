#include "engine/routing/intervention.h"

#include <algorithm>
#include <string>

#include "engine/routing/error.h"
#include "engine/routing/layer_list.h"
#include "engine/routing/limit_capacity.h"
#include "engine/routing/topk.h"

namespace moescope {

namespace {

const MoeLayerInfo& layerNamed(std::span<const MoeLayerInfo> layers, LayerId id) {
    const auto at = std::ranges::find(layers, id, &MoeLayerInfo::layer);
    if (at == layers.end()) {
        throw Error(ErrorCode::InvalidArgument, "the model has no MoE layer " + std::to_string(id.value) +
                                                    "; its MoE layers are " + layerList(layers));
    }
    return *at;
}

// Slots by weight, empty ones last.
void closeGaps(std::span<std::uint16_t> ids, std::span<float> weights) {
    std::size_t next = 0;
    for (std::size_t slot = 0; slot < ids.size(); ++slot) {
        if (ids[slot] != kNoExpert) {
            std::swap(ids[next], ids[slot]);
            std::swap(weights[next], weights[slot]);
            ++next;
        }
    }
}

void ablate(const std::vector<std::uint8_t>& isOut, std::size_t k, std::span<std::uint16_t> ids,
            std::span<float> weights) {
    for (std::size_t t = 0; t < ids.size(); t += k) {
        for (std::size_t i = t; i < t + k; ++i) {
            if (ids[i] != kNoExpert && isOut[ids[i]] != 0) {
                ids[i] = kNoExpert;
                weights[i] = 0.0F;
            }
        }
        closeGaps(ids.subspan(t, k), weights.subspan(t, k));
    }
}

} // namespace

MoeLayerInfo intervenedGate(const Intervention& intervention, const MoeLayerInfo& layer) {
    MoeLayerInfo gate = layer;
    gate.moe.topK = intervention.topK > 0 ? intervention.topK : layer.moe.topK;
    const auto bias = intervention.bias.find(layer.layer);
    if (bias != intervention.bias.end()) {
        if (layer.moe.score == ScoreFunction::SparseMixer) {
            throw Error(ErrorCode::Unsupported,
                        "layer " + std::to_string(layer.layer.value) +
                            ": a bias cannot be added to this gate (SparseMixer), which does not choose by score");
        }
        if (bias->second.size() != std::size_t(layer.moe.experts)) {
            throw Error(ErrorCode::InvalidArgument, "layer " + std::to_string(layer.layer.value) + ": " +
                                                        std::to_string(bias->second.size()) + " biases for " +
                                                        std::to_string(layer.moe.experts) + " experts");
        }
        gate.selectionBias.resize(bias->second.size(), 0.0F);
        std::transform(bias->second.begin(), bias->second.end(), gate.selectionBias.begin(), gate.selectionBias.begin(),
                       std::plus<>());
    }
    checkGate(gate);
    return gate;
}

void checkIntervention(const Intervention& intervention, std::span<const MoeLayerInfo> layers) {
    for (const auto& [layer, bias] : intervention.bias) {
        layerNamed(layers, layer);
    }
    for (const auto& [layer, expert] : intervention.ablated) {
        const std::int32_t experts = layerNamed(layers, layer).moe.experts;
        if (expert < 0 || expert >= experts) {
            throw Error(ErrorCode::InvalidArgument, "layer " + std::to_string(layer.value) + " has no expert " +
                                                        std::to_string(expert) + "; its experts are 0 to " +
                                                        std::to_string(experts - 1));
        }
    }
    if (intervention.capacity) {
        checkCapacity(*intervention.capacity);
    }
    for (const MoeLayerInfo& layer : layers) {
        intervenedGate(intervention, layer);
    }
}

void constrainRoutes(const Intervention& intervention, const MoeLayerInfo& gate, std::span<const float> logits,
                     std::span<std::uint16_t> ids, std::span<float> weights) {
    std::vector<std::uint8_t> isOut(std::size_t(gate.moe.experts));
    for (const auto& [layer, expert] : intervention.ablated) {
        if (layer == gate.layer) {
            isOut[std::size_t(expert)] = 1;
        }
    }
    if (std::ranges::find(isOut, 1) != isOut.end()) {
        ablate(isOut, std::size_t(gate.moe.topK), ids, weights);
    }
    if (intervention.capacity) {
        OverflowCounts counts(gate.moe.experts);
        limitToCapacity(gate, *intervention.capacity, logits, ids, weights, counts);
    }
}

} // namespace moescope
