#include "engine/checkpoint/memory_plan.h"

#include <algorithm>
#include <vector>

#include "engine/checkpoint/system_memory.h"
#include "engine/checkpoint/tensor_plan.h"

namespace moescope {

namespace {

// Packed weights may take this share of the memory; the rest is for activations and everyone else.
constexpr double kWeightShare = 0.6;

// Code, libraries, and the recording on its way to the disk.
constexpr std::int64_t kProgram = std::int64_t(400) << 20;

// Residual stream and routing in f32; the other steps' buffers in the compute type.
std::int64_t activationBytes(const ModelConfig& config, std::int64_t elementBytes) {
    const AttentionConfig& attention = config.attention;
    const std::int64_t heads = attention.heads;
    std::int64_t wide = heads * attention.headDim + heads * attention.valueDim + config.hidden;
    if (attention.latent)
        wide += attention.latent->queryRank + attention.latent->kvRank + attention.latent->ropeDim;
    else
        wide += std::int64_t(attention.kvHeads) * (attention.headDim + attention.valueDim);
    if (config.crossAttention) // keys and values of the encoder's rows
        wide += heads * (attention.headDim + attention.valueDim);
    std::int64_t choices = 1;
    std::int64_t experts = 0;
    for (const MoeLayerInfo& info : config.moeLayers) {
        choices = std::max<std::int64_t>(choices, info.moe.topK);
        experts = std::max<std::int64_t>(experts, info.moe.experts);
    }
    return 4 * (config.hidden + experts) + elementBytes * (wide + choices * config.hidden);
}

void addStack(const ModelConfig& config, const ElementBytes& element, MemoryPlan& plan) {
    plan.activationsPerToken += activationBytes(config, element.compute);
    std::vector<std::int64_t> rest(std::size_t(config.layers));
    for (const PlannedTensor& tensor : planTensors(config)) {
        const bool isExpert = tensor.role == TensorRole::Expert || tensor.role == TensorRole::Shared;
        std::int64_t bytes = isExpert ? element.experts : element.compute;
        for (const std::int64_t size : tensor.shape)
            bytes *= size;
        plan.weights += bytes;
        if (tensor.role == TensorRole::Head)
            plan.head = bytes;
        else if (tensor.layer >= 0 && tensor.role != TensorRole::Expert)
            rest[std::size_t(tensor.layer)] += bytes;
    }
    plan.largestLayerRest = std::max(plan.largestLayerRest, *std::max_element(rest.begin(), rest.end()));
    const std::int64_t matrices = isGated(config.activation) ? 3 : 2;
    plan.largestExpert =
        std::max(plan.largestExpert, matrices * config.expertIntermediate * config.hidden * element.compute);
}

} // namespace

std::int64_t MemoryPlan::needed(std::int64_t tokens, int threads) const {
    // Of each thread an expert's mapped pages and its packed copy; beside them what is read ahead.
    const std::int64_t streaming = std::max(largestLayerRest + 2 * threads * largestExpert + readAhead, head);
    return kProgram + (streamed ? streaming : weights) + tokens * activationsPerToken;
}

MemoryPlan planMemory(const ModelConfig& config, const ElementBytes& bytes, std::optional<std::int64_t> budget) {
    MemoryPlan plan;
    plan.usable = usableMemory();
    addStack(config, bytes, plan);
    if (config.decoderStack)
        addStack(*config.decoderStack, bytes, plan);
    plan.readAhead = std::min(budget.value_or(plan.usable) / 4, plan.weights);
    plan.streamed = double(plan.weights) > (budget ? double(*budget) : kWeightShare * double(plan.usable));
    return plan;
}

} // namespace moescope
