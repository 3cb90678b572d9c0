#pragma once

#include <memory>
#include <span>

#include "engine/model/kv_cache.h"
#include "engine/model/relative_bias.h"
#include "engine/model/rotary_embedding.h"
#include "engine/model/sequence.h"
#include "engine/model/weight_source.h"
#include "engine/model/workspace.h"

namespace moescope {

// How positions enter attention, for all layers of a model.
struct Positions {
    RotaryEmbedding rotary;
    RelativeBias relative;

    void reserve(std::span<const Sequence> sequences) {
        rotary.reserve(sequences);
        relative.reserve(sequences);
    }
};

// What a layer attends with; the kinds differ in how keys and values are made and cached.
class Attention {
public:
    virtual ~Attention() = default;

    virtual std::size_t bytes() const = 0;

    // x_TD += attention(normed_TD). With a cache there is one sequence, whose keys and values are appended to it.
    virtual void addTo(const at::Tensor& normed_TD, std::span<const Sequence> sequences, const Positions& positions,
                       KvCache* cache, Workspace& workspace, const at::Tensor& x_TD) const = 0;
};

// Reads and packs the layer's weights for the kind of attention the model has.
std::unique_ptr<Attention> makeAttention(const WeightSource& weights, std::int32_t layer, const Execution& execution);

} // namespace moescope
