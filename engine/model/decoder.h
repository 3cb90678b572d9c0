#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/checkpoint/checkpoint.h"
#include "engine/checkpoint/memory_plan.h"
#include "engine/checkpoint/model_config.h"
#include "engine/model/embedding.h"
#include "engine/model/language_head.h"
#include "engine/model/transformer_block.h"

namespace moescope {

// A stack of layers (a decoder, or an encoder that sees both ways) over a memory-mapped checkpoint. A layer's weights
// are packed when it first runs; they stay packed where the whole model fits into memory, else each layer gives way to
// the next.
class Decoder {
public:
    // Reads and checks configuration and headers only. Throws Error as they do. `weightBudget`: bytes that packed
    // weights may take, and eight times what one kind of activations may before it lies in a file; shares of the
    // machine's memory by default.
    Decoder(const std::filesystem::path& folder, const Execution& execution,
            std::optional<std::int64_t> weightBudget = std::nullopt);
    // One stack of a model that has two.
    Decoder(ModelConfig config, const std::filesystem::path& folder, const Execution& execution, const MemoryPlan& plan,
            std::int64_t spillAbove);
    ~Decoder();
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    const ModelConfig& config() const { return m_config; }
    const Execution& execution() const { return m_execution; }
    const MemoryPlan& plan() const { return m_plan; }
    std::int64_t spillAbove() const { return m_workspace.spillAbove(); }

    // Residual stream of the tokens, f32, in the workspace; valid until the next call.
    at::Tensor embed(std::span<const std::int32_t> tokens);
    // `encoded`: what a decoder beside an encoder reads.
    void runLayer(std::int32_t layer, std::span<const Sequence> sequences, KvCache* cache, const at::Tensor& x_TD,
                  BatchRouting& routing, EncoderOutput* encoded = nullptr);
    // Reads and packs what of a kept layer's weights its first run did without, so that damaged ones are found before
    // anything of it counts.
    void finishLayer(std::int32_t layer);
    const LanguageHead& head(); // decoders only
    // The final norm's result in f32, an encoder's output.
    at::Tensor lastHiddenState(const at::Tensor& x_TD);
    // The same in the compute type, for the decoder beside it.
    at::Tensor encoded(const at::Tensor& x_TD);

    KvCache makeCache(std::int64_t capacity) const;
    Workspace& workspace() { return m_workspace; }

private:
    const TransformerBlock& block(std::int32_t layer, std::int64_t tokens);
    void expect(std::int32_t layer, bool experts);
    void expectFrom(std::int32_t layer, std::int64_t tokens);

    ModelConfig m_config;
    Checkpoint m_checkpoint;
    Execution m_execution;
    MemoryPlan m_plan;
    std::unique_ptr<ReadAhead> m_ahead;               // where weights are streamed, else null
    std::vector<std::vector<std::string>> m_matrices; // of each layer, what is read before its experts
    WeightSource m_weights;
    Workspace m_workspace;
    Positions m_positions;
    std::unique_ptr<Embedding> m_embedding;
    std::vector<std::unique_ptr<TransformerBlock>> m_blocks;
    std::int32_t m_expected = 0; // the layer whose weights are expected next
    std::unique_ptr<LanguageHead> m_head;
};

} // namespace moescope
