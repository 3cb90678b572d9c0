#include "engine/checkpoint/model_inspection.h"

#include <cmath>
#include <numeric>

#include "engine/checkpoint/checkpoint.h"
#include "engine/checkpoint/tensor_plan.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

std::int64_t elementsOf(const PlannedTensor& tensor) {
    return std::accumulate(tensor.shape.begin(), tensor.shape.end(), std::int64_t(1), std::multiplies<>());
}

// Elements a layer keeps of each earlier token; an encoder keeps none.
std::int64_t cacheWidth(const AttentionConfig& attention) {
    if (!attention.causal)
        return 0;
    if (attention.latent)
        return attention.latent->kvRank + attention.latent->ropeDim;
    return std::int64_t(attention.kvHeads) * (attention.headDim + attention.valueDim);
}

bool hasWeights(const std::filesystem::path& folder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".safetensors" || entry.path().extension() == ".bin" ||
            entry.path().filename() == "model.safetensors.index.json")
            return true;
    return false;
}

} // namespace

ModelInspection inspectConfig(const ModelConfig& config) {
    ModelInspection result;
    result.config = config;
    double active = 0;
    double matrix = 0; // active parameters a token is multiplied with, inside the layers
    std::vector<PlannedTensor> tensors = planTensors(config);
    if (config.decoderStack)
        for (PlannedTensor& tensor : planTensors(*config.decoderStack))
            if (tensor.role != TensorRole::Embedding) // the stacks share it
                tensors.push_back(std::move(tensor));
    for (const PlannedTensor& tensor : tensors) {
        const std::int64_t count = elementsOf(tensor);
        result.totalParameters += count;
        double share = 1;
        if (tensor.role == TensorRole::Expert) {
            const MoeConfig& gate = config.moeLayers.front().moe; // the same in every layer
            share = double(gate.topK) / gate.experts;
            result.expertParameters += count;
        }
        active += share * double(count);
        if (tensor.layer >= 0 && tensor.role != TensorRole::Norm && tensor.role != TensorRole::Vector)
            matrix += share * double(count);
    }
    result.activeParameters = std::llround(active);
    result.flopsPerToken = 2 * matrix;
    result.flopsPerTokenWithHead = 2 * (matrix + (config.head ? double(config.vocabulary) * config.hidden : 0));
    const AttentionConfig& attention = config.attention;
    result.attentionFlopsPerKey =
        2.0 * config.layers * attention.heads * (double(attention.headDim) + attention.valueDim);
    result.kvCacheBytesPerToken = std::int64_t(2) * config.layers * cacheWidth(attention);
    for (const char* dtype : {"bf16", "f16"})
        result.weightBytes[dtype] = 2 * result.totalParameters;
    result.weightBytes["f32"] = 4 * result.totalParameters;
    result.int8ExpertBytes = planMemory(config, {2, 1}).weights;
    result.planDtype = config.dtype == DType::F32 ? "f32" : "bf16";
    result.plan = planMemory(config, config.dtype == DType::F32 ? 4 : 2);
    return result;
}

ModelInspection inspectModel(const std::filesystem::path& folder) {
    ModelInspection result = inspectConfig(readModelConfig(folder));
    if (!hasWeights(folder))
        return result;
    const Checkpoint checkpoint(folder);
    checkTensors(result.config, checkpoint);
    if (result.config.decoderStack)
        checkTensors(*result.config.decoderStack, checkpoint);
    for (const TensorView& tensor : checkpoint.tensors()) {
        result.storedBytes += std::int64_t(tensor.data.size());
        result.storedByDtype[std::string(nameOf(tensor.dtype))] += std::int64_t(tensor.data.size());
    }
    return result;
}

} // namespace moescope
