#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/checkpoint/dtype.h"
#include "engine/checkpoint/rope_config.h"
#include "engine/checkpoint/weight_names.h"
#include "engine/routing/moe_config.h"

namespace moescope {

struct AttentionConfig {
    std::int32_t heads = 0;
    std::int32_t kvHeads = 0;
    std::int32_t headDim = 0;
    std::optional<std::int32_t> slidingWindow; // keys q - window + 1 .. q
    RopeConfig rope;
    double scale = 0; // of query times key
};

// A decoder-only mixture-of-experts model, whatever its family: what config.json and the family's conventions say.
struct ModelConfig {
    std::string modelType; // config.json's "model_type", which names the family
    std::int32_t hidden = 0;
    std::int32_t layers = 0;
    std::int32_t vocabulary = 0;
    std::int32_t expertIntermediate = 0;
    float normEps = 1e-6F;
    bool tieEmbeddings = false;
    std::int64_t maxPosition = 0;
    std::optional<std::int32_t> bos;
    std::vector<std::int32_t> eos;
    DType dtype = DType::F32; // as config.json states it
    AttentionConfig attention;
    std::vector<MoeLayerInfo> moeLayers; // ascending
    WeightNames names;

    const MoeLayerInfo* moeLayer(std::int32_t layer) const; // null: a dense layer
};

// Reads FOLDER/config.json. Throws Error (NotFound, Corruption; Unsupported for an unknown family or variant,
// InvalidArgument for values no model can have) naming the file, the key and the remedy.
ModelConfig readModelConfig(const std::filesystem::path& folder);
ModelConfig parseModelConfig(const std::string& configJson, const std::string& where);

} // namespace moescope
