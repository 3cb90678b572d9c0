#include "engine/model/decoder.h"

#include <algorithm>
#include <array>

#include <ATen/Functions.h>

#include "engine/checkpoint/model_inspection.h"
#include "engine/checkpoint/tensor_plan.h"
#include "engine/model/system_memory.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

// Packed weights may take this share of the memory; the rest is for activations and everyone else.
constexpr double kWeightShare = 0.6;

// Runs `load`; an Error says which model it is about.
template <class Load>
auto namingModel(const Checkpoint& checkpoint, const Load& load) {
    try {
        return load();
    } catch (const Error& error) {
        throw Error(error.code(), checkpoint.folder().string() + ": " + error.what());
    }
}

bool fitsMemory(const ModelConfig& config, const Execution& execution, std::optional<std::int64_t> budget) {
    const auto bytes = double(inspectConfig(config).totalParameters) * double(c10::elementSize(execution.dtype));
    if (budget)
        return bytes <= double(*budget);
    return !execution.device.is_cpu() || bytes <= kWeightShare * double(usableMemory());
}

} // namespace

Decoder::Decoder(const std::filesystem::path& folder, const Execution& execution,
                 std::optional<std::int64_t> weightBudget)
    : m_config(readModelConfig(folder)), m_checkpoint(folder), m_execution(execution),
      m_weights(m_checkpoint, m_config), m_workspace(execution),
      m_rotary(m_config.attention.rope, m_config.attention.headDim, execution), m_blocks(std::size_t(m_config.layers)),
      m_keepLayers(fitsMemory(m_config, execution, weightBudget)) {
    checkTensors(m_config, m_checkpoint);
}

at::Tensor Decoder::embed(std::span<const std::int32_t> tokens) {
    if (!m_embedding)
        m_embedding = std::make_unique<Embedding>(m_weights.rows(m_config.names.embedding), m_execution);
    at::Tensor x_TD = m_workspace.take(Slot::Residual, {std::int64_t(tokens.size()), m_config.hidden}, at::kFloat);
    m_embedding->forward(tokens, x_TD);
    return x_TD;
}

const TransformerBlock& Decoder::block(std::int32_t layer) {
    auto& block = m_blocks[std::size_t(layer)];
    if (!block) {
        if (!m_keepLayers)
            std::fill(m_blocks.begin(), m_blocks.end(), nullptr);
        block = namingModel(m_checkpoint,
                            [&] { return std::make_unique<TransformerBlock>(m_weights, layer, m_execution); });
        if (!m_keepLayers)
            readAhead((layer + 1) % m_config.layers);
    }
    return *block;
}

// Has the system fetch a layer's weights from disk while another one computes.
void Decoder::readAhead(std::int32_t layer) const {
    const std::string prefix = weightName(m_config.names.layerPrefix, layer);
    for (const TensorView& tensor : m_checkpoint.tensors())
        if (tensor.name.starts_with(prefix))
            MappedFile::readAhead(tensor.data);
}

void Decoder::runLayer(std::int32_t layer, std::span<const Sequence> sequences, KvCache* cache, const at::Tensor& x_TD,
                       BatchRouting& routing) {
    for (const Sequence& sequence : sequences)
        m_rotary.reserve(sequence.past + sequence.rows);
    block(layer).forward(sequences, m_rotary, cache, m_workspace, x_TD, routing);
}

const LanguageHead& Decoder::head() {
    if (!m_head) {
        const WeightNames& names = m_config.names;
        const std::array parts{m_weights.rows(m_config.tieEmbeddings ? names.embedding : names.head)};
        m_head = namingModel(m_checkpoint, [&] {
            return std::make_unique<LanguageHead>(
                RmsNorm(m_weights.vector(names.finalNorm, m_execution), m_config.normEps, m_execution),
                Linear(parts, m_execution), m_execution);
        });
    }
    return *m_head;
}

KvCache Decoder::makeCache(std::int64_t capacity) const {
    return {m_config.layers, capacity, std::int64_t(m_config.attention.kvHeads) * m_config.attention.headDim,
            m_execution};
}

} // namespace moescope
