#include "engine/model/decoder.h"

#include <algorithm>
#include <array>

#include <ATen/Functions.h>

#include "engine/checkpoint/system_memory.h"
#include "engine/checkpoint/tensor_plan.h"
#include "engine/model/device_backend.h"
#include "engine/model/expert_weights.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

// Runs `load`; an Error says which model it is about.
template <class Load>
auto namingModel(const Checkpoint& checkpoint, const Load& load) {
    try {
        return load();
    } catch (const Error& error) {
        throw Error(error.code(), checkpoint.folder().string() + ": " + error.what());
    }
}

// Another device's memory is its own affair.
MemoryPlan planFor(const ModelConfig& config, const Execution& execution, std::optional<std::int64_t> budget) {
    const auto element = std::int64_t(c10::elementSize(execution.dtype));
    MemoryPlan plan = planMemory(config, {element, execution.int8Experts ? 1 : element}, budget);
    plan.streamed = plan.streamed && (execution.device.is_cpu() || budget);
    return plan;
}

// The matrices of each layer beside its routed experts, in the order in which they are used.
std::vector<std::vector<std::string>> matricesOf(const ModelConfig& config) {
    std::vector<std::vector<std::string>> names(std::size_t(config.layers));
    for (PlannedTensor& planned : planTensors(config))
        if (planned.layer >= 0 && planned.role != TensorRole::Expert && planned.role != TensorRole::Norm &&
            planned.role != TensorRole::Vector)
            names[std::size_t(planned.layer)].push_back(std::move(planned.name));
    return names;
}

Positions positionsOf(const ModelConfig& config, const Execution& execution) {
    return {RotaryEmbedding(config.attention.rope, config.attention.rotaryDim(), execution), RelativeBias()};
}

} // namespace

Decoder::Decoder(const std::filesystem::path& folder, const Execution& execution,
                 std::optional<std::int64_t> weightBudget)
    : Decoder(readModelConfig(folder), folder, execution, planFor(readModelConfig(folder), execution, weightBudget),
              std::max<std::int64_t>(1, (weightBudget ? *weightBudget : usableMemory()) / 8)) {}

Decoder::Decoder(ModelConfig config, const std::filesystem::path& folder, const Execution& execution,
                 const MemoryPlan& plan, std::int64_t spillAbove)
    : m_config(std::move(config)), m_checkpoint(folder), m_execution(execution), m_plan(plan),
      m_ahead(m_plan.streamed ? std::make_unique<ReadAhead>(m_plan.readAhead) : nullptr),
      m_weights(m_checkpoint, m_config, m_ahead.get()), m_workspace(execution, spillAbove),
      m_positions(positionsOf(m_config, execution)), m_blocks(std::size_t(m_config.layers)) {
    checkTensors(m_config, m_checkpoint);
    if (m_ahead)
        m_matrices = matricesOf(m_config);
    for (MoeLayerInfo& info : m_config.moeLayers)
        if (m_config.selectionBias)
            info.selectionBias = m_weights.numbers(weightName(m_config.names.selectionBias, info.layer.value));
    const bool alone = !m_config.decoderStack && !m_config.crossAttention; // two stacks would share layers' numbers
    if (m_execution.backend && alone && !m_execution.backend->holds(m_plan.weights))
        m_execution.backend->streamExperts(
            m_config.moeLayers, m_execution.dtype,
            [this](std::int32_t layer, std::int32_t expert) { return routedExpert(m_weights, layer, expert); });
    if (const auto& bias = m_config.attention.relativeBias)
        m_positions.relative = RelativeBias(*bias, m_config.attention.heads, !m_config.attention.causal,
                                            m_weights.numbers(m_config.names.relativeBias));
}

Decoder::~Decoder() {
    if (m_execution.backend)
        m_execution.backend->stopStreaming(); // it reads m_weights
}

at::Tensor Decoder::embed(std::span<const std::int32_t> tokens) {
    if (!m_embedding)
        m_embedding = std::make_unique<Embedding>(m_weights.stored(m_config.names.embedding),
                                                  m_config.embeddingMultiplier, m_execution);
    at::Tensor x_TD = m_workspace.take(Slot::Residual, {std::int64_t(tokens.size()), m_config.hidden}, at::kFloat);
    m_embedding->forward(tokens, x_TD);
    return x_TD;
}

const TransformerBlock& Decoder::block(std::int32_t layer, std::int64_t tokens) {
    auto& block = m_blocks[std::size_t(layer)];
    if (!block) {
        if (m_ahead) {
            std::fill(m_blocks.begin(), m_blocks.end(), nullptr);
            expectFrom(layer, tokens);
        }
        block = namingModel(m_checkpoint,
                            [&] { return std::make_unique<TransformerBlock>(m_weights, layer, m_execution); });
    }
    return *block;
}

// Has this layer and the next one read in the order in which they will be used.
void Decoder::expectFrom(std::int32_t layer, std::int64_t tokens) {
    const MoeLayerInfo* info = m_config.moeLayer(layer);
    // Of so many choices every expert has some, so all are expected before the router has spoken.
    const bool experts = info == nullptr || tokens * info->moe.topK >= std::int64_t(32) * info->moe.experts;
    if (layer != m_expected || layer == 0) {
        m_ahead->clear();
        expect(layer, experts);
    }
    if (layer + 1 < m_config.layers)
        expect(layer + 1, experts);
    m_expected = layer + 1;
}

void Decoder::expect(std::int32_t layer, bool experts) {
    for (const std::string& name : m_matrices[std::size_t(layer)])
        m_ahead->expect(m_weights.stored(name).bytes());
    const MoeLayerInfo* info = m_config.moeLayer(layer);
    for (std::int32_t e = 0; experts && info != nullptr && e < info->moe.experts; ++e) {
        const ExpertWeights expert = routedExpert(m_weights, layer, e);
        for (const StoredMatrix* part : {&expert.gate, &expert.up, &expert.down})
            if (!part->isEmpty())
                m_ahead->expect(part->bytes());
    }
}

void Decoder::runLayer(std::int32_t layer, std::span<const Sequence> sequences, KvCache* cache, const at::Tensor& x_TD,
                       BatchRouting& routing, EncoderOutput* encoded) {
    m_positions.reserve(sequences);
    const TransformerBlock& layerBlock = block(layer, x_TD.size(0));
    namingModel(m_checkpoint, [&] { // experts are read on the way
        layerBlock.forward(sequences, m_positions, cache, encoded, m_workspace, x_TD, routing);
    });
}

void Decoder::finishLayer(std::int32_t layer) {
    if (const auto& ran = m_blocks[std::size_t(layer)])
        namingModel(m_checkpoint, [&] { ran->packRest(); });
}

const LanguageHead& Decoder::head() {
    if (!m_head) {
        const WeightNames& names = m_config.names;
        const std::array parts{m_weights.stored(m_config.tieEmbeddings ? names.embedding : names.head)};
        m_head = namingModel(m_checkpoint, [&] {
            const at::Tensor bias =
                m_weights.vector(m_config.headBias ? biasName(names.head) : std::string(), m_execution);
            return std::make_unique<LanguageHead>(Norm(m_weights, names.finalNorm, m_execution),
                                                  Linear(parts, m_execution, bias), m_config.logitsDivisor,
                                                  m_execution);
        });
    }
    return *m_head;
}

at::Tensor Decoder::lastHiddenState(const at::Tensor& x_TD) {
    const Norm norm(m_weights, m_config.names.finalNorm, m_execution);
    const at::Tensor rounded_TD = m_workspace.take(Slot::Normed, x_TD.sizes(), m_execution.dtype);
    at::Tensor hidden_TD = at::empty_like(x_TD);
    norm.forward(x_TD, rounded_TD, hidden_TD, "final norm");
    return hidden_TD;
}

at::Tensor Decoder::encoded(const at::Tensor& x_TD) {
    const Norm norm(m_weights, m_config.names.finalNorm, m_execution);
    at::Tensor hidden_SD = at::empty(x_TD.sizes(), m_execution.options());
    norm.forward(x_TD, hidden_SD, at::Tensor(), "final norm");
    return hidden_SD;
}

KvCache Decoder::makeCache(std::int64_t capacity) const {
    return {m_config.layers, capacity, m_config.attention, m_execution};
}

} // namespace moescope
