#include "engine/routing/gate_gradient.h"

#include "engine/routing/error.h"
#include "engine/routing/routing_block.h"
#include "engine/routing/softmax.h"

namespace moescope {

namespace {

using Ids = std::span<const std::uint16_t>;

// dl_j for weights s_j / S, given ds_j / dl_j = slope(s_j): slope (dw_j - sum w dw) / S.
template <class Slope>
void renormalised(std::span<const float> scores, Ids ids, std::span<const float> dWeights, float scale, Slope slope,
                  std::span<float> dLogits) {
    float sum = 0;
    float dot = 0;
    for (std::size_t j = 0; j < ids.size(); ++j)
        if (ids[j] != kNoExpert) {
            sum += scores[ids[j]];
            dot += scores[ids[j]] * dWeights[j];
        }
    if (sum <= 0)
        return;
    for (std::size_t j = 0; j < ids.size(); ++j)
        if (ids[j] != kNoExpert)
            dLogits[ids[j]] += scale * slope(scores[ids[j]]) * (dWeights[j] - dot / sum) / sum;
}

void plainSoftmax(std::span<const float> probs, Ids ids, std::span<const float> dWeights, float scale,
                  std::span<float> dLogits) {
    float dot = 0;
    for (std::size_t j = 0; j < ids.size(); ++j)
        if (ids[j] != kNoExpert) {
            dot += probs[ids[j]] * dWeights[j];
            dLogits[ids[j]] += scale * probs[ids[j]] * dWeights[j];
        }
    for (std::size_t e = 0; e < probs.size(); ++e)
        dLogits[e] -= scale * probs[e] * dot;
}

} // namespace

void addGateGradient(const MoeConfig& moe, std::span<const float> logits, Ids ids, std::span<const float> dWeights,
                     std::span<float> dLogits, std::span<float> scratch) {
    if (moe.score == ScoreFunction::Softmax) {
        softmax(logits, scratch);
        if (moe.renormalize) // the softmax's denominator cancels: ds_j / dl_j acts as s_j
            renormalised(
                scratch, ids, dWeights, moe.scale, [](float s) { return s; }, dLogits);
        else
            plainSoftmax(scratch, ids, dWeights, moe.scale, dLogits);
    } else if (moe.score == ScoreFunction::Sigmoid) {
        sigmoid(logits, scratch);
        const auto slope = [](float s) { return s * (1 - s); };
        if (moe.renormalize) {
            renormalised(scratch, ids, dWeights, moe.scale, slope, dLogits);
            return;
        }
        for (std::size_t j = 0; j < ids.size(); ++j)
            if (ids[j] != kNoExpert)
                dLogits[ids[j]] += moe.scale * slope(scratch[ids[j]]) * dWeights[j];
    } else {
        throw Error(ErrorCode::Unsupported, "training: this gate's score function has no gradient here");
    }
}

} // namespace moescope
