#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/checkpoint/attention_config.h"
#include "engine/checkpoint/dtype.h"
#include "engine/checkpoint/weight_names.h"
#include "engine/routing/expert_activation.h"
#include "engine/routing/moe_config.h"

namespace moescope {

enum class NormKind : std::uint8_t {
    Rms,   // x / sqrt(mean(x^2) + eps) * gain
    Layer, // (x - mean) / sqrt(var + eps) * gain + bias
};

// Which matrices a checkpoint keeps its experts in.
enum class PackedLayout : std::uint8_t {
    Rows,        // gate rows above up rows: [experts, 2 x intermediate, hidden]; down [experts, hidden, intermediate]
    Interleaved, // gpt-oss: transposed, gate and up in alternating columns: [experts, hidden, 2 x intermediate]
};

// A stack of transformer layers with mixtures of experts, whatever its family: what config.json and the family's
// conventions say. Widths of 0 stand for parts that the family does not have.
struct ModelConfig {
    std::string modelType; // config.json's "model_type", which names the family
    std::string stack = "decoder";
    std::int32_t hidden = 0;
    std::int32_t layers = 0;
    std::int32_t vocabulary = 0;
    std::int32_t expertIntermediate = 0;
    std::int32_t denseIntermediate = 0;  // of layers without experts
    std::int32_t sharedIntermediate = 0; // of the expert that every token takes beside the chosen ones
    bool sharedScore = false;            // the shared expert is weighted by sigmoid(score(x))
    NormKind norm = NormKind::Rms;
    float normEps = 1e-6F;
    ExpertActivation activation = ExpertActivation::SwiGlu;
    float activationLimit = 0;
    bool routerBias = false;
    bool selectionBias = false; // the checkpoint holds MoeLayerInfo::selectionBias
    bool expertBias = false;
    bool mlpBias = false; // of dense layers and shared experts
    bool head = true;     // false: an encoder, whose output is its last hidden state
    bool headBias = false;
    bool tieEmbeddings = false;
    float embeddingMultiplier = 1;
    float residualMultiplier = 1; // of what a layer's two parts add
    float logitsDivisor = 1;
    std::int32_t expertCapacity = 0; // tokens of a sequence that an expert serves, in order (Switch); 0: all
    PackedLayout packedLayout = PackedLayout::Rows;
    std::int64_t maxPosition = 0;
    std::optional<std::int32_t> bos;
    std::optional<std::int32_t> start; // of a decoder beside an encoder: what each of its texts begins with
    std::vector<std::int32_t> eos;
    DType dtype = DType::F32; // as config.json states it
    // FP8 weights share one scale for a block of so many rows and columns.
    std::int32_t scaleBlockRows = 128;
    std::int32_t scaleBlockColumns = 128;
    AttentionConfig attention;
    std::int32_t expertChoice = 0; // experts choose tokens: how many a token has on average; 0: tokens choose experts
    std::vector<MoeLayerInfo> moeLayers; // ascending
    WeightNames names;
    // Of an encoder-decoder model this is the encoder, and here is the decoder that reads what it makes of a text.
    std::shared_ptr<const ModelConfig> decoderStack;
    bool crossAttention = false; // a decoder's: a second attention in each layer, over the encoder's output

    const MoeLayerInfo* moeLayer(std::int32_t layer) const; // null: a dense layer
};

// Reads FOLDER/config.json. Throws Error (NotFound, Corruption; Unsupported for an unknown family or variant,
// InvalidArgument for values no model can have) naming the file, the key and the remedy.
ModelConfig readModelConfig(const std::filesystem::path& folder);
ModelConfig parseModelConfig(const std::string& configJson, const std::string& where);

} // namespace moescope
