#include "engine/model/expert_weights.h"

#include "engine/checkpoint/stored_format.h"

namespace moescope {

namespace {

ExpertWeights blockFrom(const WeightSource& weights, std::int32_t layer, const std::string& gate, const std::string& up,
                        const std::string& down, bool biased) {
    const ModelConfig& config = weights.config();
    ExpertWeights block;
    block.activation = config.activation;
    block.limit = config.activationLimit;
    const auto read = [&](const std::string& pattern, StoredMatrix& matrix, std::vector<float>& bias) {
        matrix = weights.stored(weightName(pattern, layer));
        if (biased)
            bias = weights.numbers(biasName(weightName(pattern, layer)));
    };
    if (isGated(config.activation))
        read(gate, block.gate, block.gateBias);
    read(up, block.up, block.upBias);
    read(down, block.down, block.downBias);
    return block;
}

// Every `step`-th number of a row, from `begin` on.
std::vector<float> biasOf(const StoredMatrix& rows, std::int64_t row, std::int64_t begin, std::int64_t step,
                          std::int64_t count) {
    std::vector<float> all(std::size_t(rows.columns));
    readRows(rows, row, 1, all.data());
    std::vector<float> part;
    for (std::int64_t i = 0; i < count; ++i)
        part.push_back(all[std::size_t(begin + i * step)]);
    return part;
}

ExpertWeights packedExpert(const WeightSource& weights, std::int32_t layer, std::int32_t expert) {
    const ModelConfig& config = weights.config();
    const std::string gateUp = weightName(config.names.packedGateUp, layer);
    const std::string down = weightName(config.names.packedDown, layer);
    const std::int64_t inner = config.expertIntermediate;
    const bool interleaved = config.packedLayout == PackedLayout::Interleaved;
    const std::int64_t step = interleaved ? 2 : 1;
    const std::int64_t upBegin = interleaved ? 1 : inner;
    ExpertWeights found;
    found.activation = config.activation;
    found.limit = config.activationLimit;
    found.gate = weights.packed(gateUp, expert, interleaved, 0, step, inner);
    found.up = weights.packed(gateUp, expert, interleaved, upBegin, step, inner);
    found.down = weights.packed(down, expert, interleaved, 0, 1, config.hidden);
    if (config.expertBias) {
        const StoredMatrix bias = weights.stored(biasName(gateUp));
        found.gateBias = biasOf(bias, expert, 0, step, inner);
        found.upBias = biasOf(bias, expert, upBegin, step, inner);
        found.downBias = biasOf(weights.stored(biasName(down)), expert, 0, 1, config.hidden);
    }
    return found;
}

} // namespace

ExpertWeights routedExpert(const WeightSource& weights, std::int32_t layer, std::int32_t expert) {
    const ModelConfig& config = weights.config();
    const WeightNames& names = config.names;
    const std::string packed = weightName(names.packedGateUp, layer);
    if (!packed.empty() && (weights.contains(packed) || weights.contains(packed + kMxfp4Blocks)))
        return packedExpert(weights, layer, expert);
    ExpertWeights found;
    found.activation = config.activation;
    found.limit = config.activationLimit;
    if (isGated(config.activation))
        found.gate = weights.stored(weightName(names.expertGate, layer, expert));
    found.up = weights.stored(weightName(names.expertUp, layer, expert));
    found.down = weights.stored(weightName(names.expertDown, layer, expert));
    return found;
}

ExpertWeights sharedExpert(const WeightSource& weights, std::int32_t layer) {
    const WeightNames& names = weights.config().names;
    return blockFrom(weights, layer, names.sharedGate, names.sharedUp, names.sharedDown, weights.config().mlpBias);
}

ExpertWeights denseBlock(const WeightSource& weights, std::int32_t layer) {
    const WeightNames& names = weights.config().names;
    return blockFrom(weights, layer, names.denseGate, names.denseUp, names.denseDown, weights.config().mlpBias);
}

} // namespace moescope
