#include "engine/checkpoint/tensor_plan.h"

namespace moescope {

namespace {

using Shape = std::vector<std::int64_t>;

class Planner {
public:
    explicit Planner(const ModelConfig& config) : m_config(config), m_names(config.names) {}

    std::vector<PlannedTensor> plan() {
        const std::int64_t hidden = m_config.hidden;
        add(m_names.embedding, {m_config.vocabulary, hidden}, TensorRole::Embedding);
        addNorm(m_names.finalNorm, hidden);
        if (m_config.head && !m_config.tieEmbeddings)
            add(m_names.head, {m_config.vocabulary, hidden}, TensorRole::Head);
        if (m_config.headBias)
            add(biasName(m_names.head), {m_config.vocabulary}, TensorRole::Vector);
        if (const auto& bias = m_config.attention.relativeBias)
            add(m_names.relativeBias, {bias->buckets, m_config.attention.heads}, TensorRole::Vector);
        for (m_layer = 0; m_layer < m_config.layers; ++m_layer)
            addLayer();
        return std::move(m_tensors);
    }

    std::vector<PlannedTensor> packed(const MoeLayerInfo& info) {
        m_layer = info.layer.value;
        const std::int64_t experts = info.moe.experts;
        const std::int64_t hidden = m_config.hidden;
        const std::int64_t inner = m_config.expertIntermediate;
        const bool rows = m_config.packedLayout == PackedLayout::Rows;
        add(m_names.packedGateUp, rows ? Shape{experts, 2 * inner, hidden} : Shape{experts, hidden, 2 * inner},
            TensorRole::Expert);
        add(m_names.packedDown, rows ? Shape{experts, hidden, inner} : Shape{experts, inner, hidden},
            TensorRole::Expert);
        if (m_config.expertBias) {
            add(biasName(m_names.packedGateUp), {experts, 2 * inner}, TensorRole::Expert);
            add(biasName(m_names.packedDown), {experts, hidden}, TensorRole::Expert);
        }
        return std::move(m_tensors);
    }

private:
    void addLayer() {
        const std::int64_t hidden = m_config.hidden;
        addNorm(m_names.inputNorm, hidden);
        addNorm(m_names.postAttentionNorm, hidden);
        if (m_config.attention.latent)
            addLatentAttention(*m_config.attention.latent);
        else
            addAttention();
        if (m_config.crossAttention)
            addCrossAttention();
        if (const MoeLayerInfo* info = m_config.moeLayer(m_layer))
            addMoe(*info);
        else
            addBlock(m_names.denseGate, m_names.denseUp, m_names.denseDown, m_config.denseIntermediate,
                     TensorRole::Dense);
    }

    void addAttention() {
        const AttentionConfig& attention = m_config.attention;
        const std::int64_t hidden = m_config.hidden;
        const std::int64_t queries = std::int64_t(attention.heads) * attention.headDim;
        const std::int64_t keys = std::int64_t(attention.kvHeads) * attention.headDim;
        const std::int64_t values = std::int64_t(attention.kvHeads) * attention.valueDim;
        addLinear(m_names.query, queries, hidden, attention.qkvBias, TensorRole::Attention);
        addLinear(m_names.key, keys, hidden, attention.qkvBias, TensorRole::Attention);
        addLinear(m_names.value, values, hidden, attention.qkvBias, TensorRole::Attention);
        addLinear(m_names.output, hidden, std::int64_t(attention.heads) * attention.valueDim, attention.outputBias,
                  TensorRole::Attention);
        if (attention.qkNorm != QkNorm::None) {
            const bool whole = attention.qkNorm == QkNorm::Projection;
            add(m_names.queryNorm, {whole ? queries : attention.headDim}, TensorRole::Norm);
            add(m_names.keyNorm, {whole ? keys : attention.headDim}, TensorRole::Norm);
        }
        if (attention.sinks)
            add(m_names.sinks, {attention.heads}, TensorRole::Vector);
    }

    void addCrossAttention() {
        const std::int64_t width = std::int64_t(m_config.attention.heads) * m_config.attention.headDim;
        addNorm(m_names.crossNorm, m_config.hidden);
        for (const std::string* name : {&m_names.crossQuery, &m_names.crossKey, &m_names.crossValue})
            add(*name, {width, m_config.hidden}, TensorRole::Attention);
        add(m_names.crossOutput, {m_config.hidden, width}, TensorRole::Attention);
    }

    void addLatentAttention(const LatentConfig& latent) {
        const AttentionConfig& attention = m_config.attention;
        const std::int64_t hidden = m_config.hidden;
        const std::int64_t heads = attention.heads;
        const std::int64_t queries = heads * attention.headDim;
        if (latent.queryRank > 0) {
            addLinear(m_names.queryDown, latent.queryRank, hidden, attention.qkvBias, TensorRole::Attention);
            add(m_names.queryDownNorm, {latent.queryRank}, TensorRole::Norm);
            add(m_names.queryUp, {queries, latent.queryRank}, TensorRole::Attention);
        } else {
            add(m_names.query, {queries, hidden}, TensorRole::Attention);
        }
        addLinear(m_names.kvDown, latent.kvRank + latent.ropeDim, hidden, attention.qkvBias, TensorRole::Attention);
        add(m_names.kvDownNorm, {latent.kvRank}, TensorRole::Norm);
        add(m_names.kvUp, {heads * (latent.nopeDim + attention.valueDim), latent.kvRank}, TensorRole::Attention);
        addLinear(m_names.output, hidden, heads * attention.valueDim, attention.outputBias, TensorRole::Attention);
    }

    void addMoe(const MoeLayerInfo& info) {
        addLinear(m_names.router, info.moe.experts, m_config.hidden, m_config.routerBias, TensorRole::Router);
        if (m_config.selectionBias)
            add(m_names.selectionBias, {info.moe.experts}, TensorRole::Vector);
        if (m_config.sharedIntermediate > 0)
            addBlock(m_names.sharedGate, m_names.sharedUp, m_names.sharedDown, m_config.sharedIntermediate,
                     TensorRole::Shared);
        if (m_config.sharedScore)
            add(m_names.sharedScore, {1, m_config.hidden}, TensorRole::Shared);
        if (m_names.expertUp.empty()) {
            for (PlannedTensor& tensor : Planner(m_config).packed(info))
                m_tensors.push_back(std::move(tensor));
            return;
        }
        for (m_expert = 0; m_expert < info.moe.experts; ++m_expert)
            addExpert();
        m_expert = 0;
    }

    void addExpert() {
        const std::int64_t hidden = m_config.hidden;
        const std::int64_t inner = m_config.expertIntermediate;
        if (isGated(m_config.activation))
            add(m_names.expertGate, {inner, hidden}, TensorRole::Expert);
        add(m_names.expertUp, {inner, hidden}, TensorRole::Expert);
        add(m_names.expertDown, {hidden, inner}, TensorRole::Expert);
    }

    void addBlock(const std::string& gate, const std::string& up, const std::string& down, std::int64_t inner,
                  TensorRole role) {
        const std::int64_t hidden = m_config.hidden;
        if (isGated(m_config.activation))
            addLinear(gate, inner, hidden, m_config.mlpBias, role);
        addLinear(up, inner, hidden, m_config.mlpBias, role);
        addLinear(down, hidden, inner, m_config.mlpBias, role);
    }

    void addLinear(const std::string& pattern, std::int64_t outputs, std::int64_t inputs, bool bias, TensorRole role) {
        add(pattern, {outputs, inputs}, role);
        if (bias)
            add(biasName(pattern), {outputs}, TensorRole::Vector);
    }

    void addNorm(const std::string& pattern, std::int64_t width) {
        add(pattern, {width}, TensorRole::Norm);
        if (m_config.norm == NormKind::Layer)
            add(biasName(pattern), {width}, TensorRole::Norm);
    }

    void add(const std::string& pattern, Shape shape, TensorRole role) {
        m_tensors.push_back({weightName(pattern, m_layer, m_expert), std::move(shape), role, m_layer});
    }

    const ModelConfig& m_config;
    const WeightNames& m_names;
    std::int32_t m_layer = -1;
    std::int32_t m_expert = 0;
    std::vector<PlannedTensor> m_tensors;
};

} // namespace

std::vector<PlannedTensor> planTensors(const ModelConfig& config) {
    return Planner(config).plan();
}

std::vector<PlannedTensor> planPackedExperts(const ModelConfig& config, const MoeLayerInfo& info) {
    if (config.names.packedGateUp.empty())
        return {};
    return Planner(config).packed(info);
}

} // namespace moescope
