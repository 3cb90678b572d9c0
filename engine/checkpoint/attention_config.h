#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/checkpoint/rope_config.h"

namespace moescope {

// Normalisation of queries and keys before the rotary embedding.
enum class QkNorm : std::uint8_t { None, Projection, Head }; // none, over all heads at once (OLMoE), per head (Qwen3)

// Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434): keys and values of all heads are made from one low-rank
// vector a token; a part of each key, shared by the heads, carries the position.
struct LatentConfig {
    std::int32_t queryRank = 0; // 0: queries are projected in one step
    std::int32_t kvRank = 0;
    std::int32_t nopeDim = 0; // of a head's query and key without position
    std::int32_t ropeDim = 0; // with position
};

// A learned bias for each head and bucket of distances (T5, arXiv 1910.10683), in place of a rotary embedding.
struct RelativeBiasConfig {
    std::int32_t buckets = 0;
    std::int32_t maxDistance = 0;
};

struct AttentionConfig {
    std::int32_t heads = 0;
    std::int32_t kvHeads = 0;
    std::int32_t headDim = 0;                  // of queries and keys
    std::int32_t valueDim = 0;                 // of values
    std::optional<std::int32_t> slidingWindow; // keys q - window + 1 .. q
    std::vector<bool> windowed;                // by layer, whether the window applies; empty: to all
    RopeConfig rope;                           // kind None: positions act through `relativeBias`
    double scale = 0;                          // of query times key
    bool causal = true;
    bool qkvBias = false;
    bool outputBias = false;
    bool sinks = false; // a learned logit a head that takes part in the softmax and has no value (gpt-oss)
    QkNorm qkNorm = QkNorm::None;
    double clip = 0; // queries, keys and values are limited to +-clip; 0: not
    std::optional<LatentConfig> latent;
    std::optional<RelativeBiasConfig> relativeBias;

    // Keys a query of the layer sees, itself included; 0: all before it.
    std::int32_t windowOf(std::int32_t layer) const {
        const bool applies = slidingWindow && (windowed.empty() || windowed[std::size_t(layer)]);
        return applies ? *slidingWindow : 0;
    }
    std::int32_t rotaryDim() const; // elements of a head that turn with the position
};

inline std::int32_t AttentionConfig::rotaryDim() const {
    if (latent)
        return latent->ropeDim;
    return rope.kind == RopeConfig::Kind::None ? 0 : std::int32_t(headDim * rope.partialRotary) / 2 * 2;
}

} // namespace moescope
