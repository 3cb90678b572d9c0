#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/checkpoint/checkpoint.h"
#include "engine/routing/moe_config.h"

namespace moescope {

// Routing tensors of a forward pass as users of Hugging Face's library dump them into a safetensors file:
// router_logits.I [tokens, experts], topk_ids.I and topk_weights.I [tokens, k], input_ids [sequences, length]. I is the
// decoder layer. Of a layer either the logits or the ids must be there.
class RoutingDump {
public:
    struct Layer {
        std::int32_t index = 0;
        std::optional<TensorView> logits, ids, weights;
        std::int32_t experts = 0;   // 0: not known, there are no logits
        std::int32_t topK = 0;      // 0: not known, there are no ids
        bool probabilities = false; // the logits' rows already sum to one: their logarithms are what routes alike
    };

    // Throws Error (NotFound, Io, Corruption) naming the file and the tensor.
    explicit RoutingDump(const std::filesystem::path& file);

    static bool isOne(const std::filesystem::path& file); // by its tensors' names; never throws

    std::int64_t sequences() const { return m_sequences; }
    std::int64_t length() const { return m_length; }
    std::int64_t tokens() const { return m_sequences * m_length; }
    const std::vector<Layer>& layers() const { return m_layers; } // ascending; all of them hold the same tensors
    bool hasLogits() const { return m_layers.front().logits.has_value(); }
    bool hasIds() const { return m_layers.front().ids.has_value(); }
    bool hasWeights() const { return m_layers.front().weights.has_value(); }

    std::vector<std::int32_t> tokenIds(std::int64_t begin, std::int64_t end) const;
    // [tokens, experts]; logarithms where the file holds probabilities.
    std::vector<float> logits(const Layer& layer, std::int64_t begin, std::int64_t end) const;
    std::vector<std::uint16_t> ids(const Layer& layer, std::int64_t begin, std::int64_t end) const;
    std::vector<float> weights(const Layer& layer, std::int64_t begin, std::int64_t end) const;

private:
    void find();
    void check(Layer& layer);
    [[noreturn]] void fail(std::string_view tensor, const std::string& what) const;
    std::vector<float> floats(const TensorView& tensor, std::int64_t begin, std::int64_t end) const;
    std::vector<std::int64_t> integers(const TensorView& tensor, std::int64_t begin, std::int64_t end) const;
    bool holdsProbabilities(const Layer& layer) const;

    SafetensorsFile m_file;
    std::int64_t m_sequences = 0, m_length = 0;
    std::vector<Layer> m_layers;
};

} // namespace moescope
