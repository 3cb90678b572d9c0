#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "engine/routing/capacity.h"
#include "engine/routing/moe_config.h"

namespace moescope {

// What is done to a model's routes before its experts run, so that the computation itself changes. In this order:
// another k, a bias on what experts are chosen by, experts taken out, a capacity.
struct Intervention {
    std::int32_t topK = 0;                              // 0: the model's
    std::map<LayerId, std::vector<float>> bias;         // [experts] added to the layer's own selection bias
    std::set<std::pair<LayerId, std::int32_t>> ablated; // (layer, expert): its choices contribute nothing
    std::optional<CapacityOptions> capacity;            // groups are of the rows that run together

    bool isNone() const { return topK == 0 && bias.empty() && ablated.empty() && !capacity; }
    friend bool operator==(const Intervention&, const Intervention&) = default;
};

// The gate a layer routes with under the intervention. Throws Error(InvalidArgument) naming the layer for a k or a bias
// that does not fit it, and Unsupported for a bias on a gate that does not choose by score (SparseMixer).
MoeLayerInfo intervenedGate(const Intervention& intervention, const MoeLayerInfo& layer);

// Throws Error(InvalidArgument) where the intervention names a layer or expert that is none of `layers`.
void checkIntervention(const Intervention& intervention, std::span<const MoeLayerInfo> layers);

// Changes the routes of a batch that `gate` (intervenedGate) made: an ablated expert's slots are emptied (kNoExpert,
// weight 0) and the other weights stay as they are; then the capacity is applied (limitToCapacity).
// logits [tokens, experts]; ids and weights [tokens, topK of gate].
void constrainRoutes(const Intervention& intervention, const MoeLayerInfo& gate, std::span<const float> logits,
                     std::span<std::uint16_t> ids, std::span<float> weights);

} // namespace moescope
