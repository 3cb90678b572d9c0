#include "engine/kernels/cuda/make_gate.h"

#include <string>

#include "engine/routing/error.h"
#include "engine/routing/topk.h"

namespace moescope::cuda {

Gate makeGate(const MoeLayerInfo& layer, const float* selectionBias) {
    checkGate(layer);
    const MoeConfig& moe = layer.moe;
    if (moe.experts > kMostExperts || moe.topK > kMostChosen)
        throw Error(ErrorCode::Unsupported, "layer " + std::to_string(layer.layer.value) + ": top-" +
                                                std::to_string(moe.topK) + " of " + std::to_string(moe.experts) +
                                                " experts; the CUDA kernels hold " + std::to_string(kMostChosen) +
                                                " of " + std::to_string(kMostExperts) + ", use --device cpu");
    return {moe.experts,    moe.topK,   moe.score,      moe.renormalize, moe.scale,
            moe.groupScore, moe.groups, moe.topkGroups, moe.jitter,      selectionBias};
}

void reportBadLogit(LayerId layer, std::int32_t experts, std::uint64_t flat) {
    const auto width = std::uint64_t(experts);
    throw Error(ErrorCode::InvalidArgument, "router logit of layer " + std::to_string(layer.value) + ", token " +
                                                std::to_string(flat / width) + ", expert " +
                                                std::to_string(flat % width) +
                                                " is NaN or infinite: check the model's weights and the compute type");
}

} // namespace moescope::cuda
