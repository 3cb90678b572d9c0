#include "engine/checkpoint/tensor_plan.h"

#include <algorithm>

#include "engine/routing/error.h"

namespace moescope {

namespace {

class Planner {
public:
    explicit Planner(const ModelConfig& config) : m_config(config) {}

    std::vector<PlannedTensor> plan() {
        const WeightNames& names = m_config.names;
        const std::int64_t hidden = m_config.hidden;
        add(names.embedding, {m_config.vocabulary, hidden}, TensorRole::Embedding);
        add(names.finalNorm, {hidden}, TensorRole::Norm);
        if (!m_config.tieEmbeddings)
            add(names.head, {m_config.vocabulary, hidden}, TensorRole::Head);
        for (m_layer = 0; m_layer < m_config.layers; ++m_layer)
            addLayer();
        return std::move(m_tensors);
    }

private:
    void addLayer() {
        const WeightNames& names = m_config.names;
        const std::int64_t hidden = m_config.hidden;
        const std::int64_t queries = std::int64_t(m_config.attention.heads) * m_config.attention.headDim;
        const std::int64_t keys = std::int64_t(m_config.attention.kvHeads) * m_config.attention.headDim;
        add(names.inputNorm, {hidden}, TensorRole::Norm);
        add(names.postAttentionNorm, {hidden}, TensorRole::Norm);
        add(names.query, {queries, hidden}, TensorRole::Attention);
        add(names.key, {keys, hidden}, TensorRole::Attention);
        add(names.value, {keys, hidden}, TensorRole::Attention);
        add(names.output, {hidden, queries}, TensorRole::Attention);
        if (const MoeLayerInfo* info = m_config.moeLayer(m_layer))
            addExperts(info->moe.experts);
    }

    void addExperts(std::int32_t experts) {
        const WeightNames& names = m_config.names;
        const std::int64_t hidden = m_config.hidden;
        const std::int64_t inner = m_config.expertIntermediate;
        add(names.router, {experts, hidden}, TensorRole::Router);
        for (std::int32_t expert = 0; expert < experts; ++expert) {
            add(names.expertGate, {inner, hidden}, TensorRole::Expert, expert);
            add(names.expertUp, {inner, hidden}, TensorRole::Expert, expert);
            add(names.expertDown, {hidden, inner}, TensorRole::Expert, expert);
        }
    }

    void add(const std::string& pattern, std::vector<std::int64_t> shape, TensorRole role, std::int32_t expert = 0) {
        m_tensors.push_back({weightName(pattern, m_layer, expert), std::move(shape), role, m_layer});
    }

    const ModelConfig& m_config;
    std::int32_t m_layer = -1;
    std::vector<PlannedTensor> m_tensors;
};

std::string shapeText(std::span<const std::int64_t> shape) {
    std::string text = "[";
    for (const std::int64_t size : shape)
        text += (text.size() > 1 ? ", " : "") + std::to_string(size);
    return text + "]";
}

void checkTensor(const Checkpoint& checkpoint, const std::string& name, std::span<const std::int64_t> shape) {
    const TensorView tensor = checkpoint.tensor(name);
    const std::string where = checkpoint.folder().string() + ": tensor \"" + name + "\"";
    if (!std::ranges::equal(tensor.shape, shape))
        throw Error(ErrorCode::Corruption,
                    where + " has shape " + shapeText(tensor.shape) + ", config.json asks for " + shapeText(shape));
    if (tensor.dtype != DType::F32 && tensor.dtype != DType::BF16 && tensor.dtype != DType::F16)
        throw Error(ErrorCode::Unsupported, where + " is stored as " + std::string(nameOf(tensor.dtype)) +
                                                "; F32, F16 and BF16 weights are supported");
}

// Checks a layer's packed expert tensors; false where the layer stores its experts one by one.
bool checkPacked(const ModelConfig& config, const Checkpoint& checkpoint, const MoeLayerInfo& info) {
    const std::string gateUp = weightName(config.names.packedGateUp, info.layer.value);
    if (gateUp.empty() || !checkpoint.contains(gateUp))
        return false;
    const std::int64_t inner = config.expertIntermediate;
    checkTensor(checkpoint, gateUp, std::vector<std::int64_t>{info.moe.experts, 2 * inner, config.hidden});
    checkTensor(checkpoint, weightName(config.names.packedDown, info.layer.value),
                std::vector<std::int64_t>{info.moe.experts, config.hidden, inner});
    return true;
}

} // namespace

std::vector<PlannedTensor> planTensors(const ModelConfig& config) {
    return Planner(config).plan();
}

void checkTensors(const ModelConfig& config, const Checkpoint& checkpoint) {
    std::vector<bool> packed(std::size_t(config.layers));
    for (const MoeLayerInfo& info : config.moeLayers)
        packed[std::size_t(info.layer.value)] = checkPacked(config, checkpoint, info);
    for (const PlannedTensor& tensor : planTensors(config))
        if (tensor.role != TensorRole::Expert || !packed[std::size_t(tensor.layer)])
            checkTensor(checkpoint, tensor.name, tensor.shape);
}

} // namespace moescope
