#include "engine/training/strategies/noisy_strategy.h"

#include "engine/routing/gate_gradient.h"
#include "engine/routing/importance_loss.h"
#include "engine/routing/noisy_topk.h"
#include "engine/routing/topk.h"
#include "engine/training/strategies/loss_terms.h"

namespace moescope {

namespace {

std::vector<float> deviations(std::span<const float> raw) {
    std::vector<float> sigma;
    sigma.reserve(raw.size());
    for (const float r : raw)
        sigma.push_back(noiseDeviation(r));
    return sigma;
}

// The gate's gradient over a whole batch, by the logits it weighed.
std::vector<float> gateGradient(const MoeConfig& moe, const RouterOutput& output, std::span<const float> dWeights) {
    const std::span<const float> logits = output.gateLogits;
    const std::span<const std::uint16_t> ids = output.ids;
    const auto experts = std::size_t(moe.experts);
    const auto slots = std::size_t(output.slots);
    std::vector<float> gradient(logits.size());
    std::vector<float> scratch(experts);
    for (std::size_t t = 0; t * experts < logits.size(); ++t)
        addGateGradient(moe, logits.subspan(t * experts, experts), ids.subspan(t * slots, slots),
                        dWeights.subspan(t * slots, slots), std::span(gradient).subspan(t * experts, experts), scratch);
    return gradient;
}

} // namespace

RouterOutput NoisyStrategy::route(const RouterInput& input) const {
    RouterOutput output;
    output.slots = m_gate.topK;
    output.ids.resize(std::size_t(input.tokens) * std::size_t(output.slots));
    output.weights.resize(output.ids.size());
    output.gateLogits.resize(input.logits.size());
    normalNumbers(m_seed, input.step, input.layer, output.gateLogits);
    const std::vector<float> sigma = deviations(input.rawNoise);
    for (std::size_t i = 0; i < sigma.size(); ++i)
        output.gateLogits[i] = input.logits[i] + output.gateLogits[i] * sigma[i];
    routeTopK(gate(input.layer), output.gateLogits, output.ids, output.weights);
    output.served = output.ids;
    addLosses(input, sigma, output);
    return output;
}

void NoisyStrategy::addLosses(const RouterInput& input, std::span<const float> deviation, RouterOutput& output) const {
    output.dLogits.resize(input.logits.size());
    output.dRawNoise.resize(input.logits.size());
    std::vector<float> dWeights(output.weights.size());
    const double importance = importanceLoss(blockOf(input, output), m_weights.importance, dWeights);
    passOn(input, output.gateLogits, gateGradient(m_gate, output, dWeights), output.dLogits, output.dRawNoise);
    std::vector<float> dDeviation(deviation.size());
    const double load = smoothLoadLoss({input.experts, m_gate.topK, input.logits, deviation, output.gateLogits},
                                       m_weights.load, output.dLogits, dDeviation);
    for (std::size_t i = 0; i < dDeviation.size(); ++i)
        output.dRawNoise[i] += dDeviation[i] * noiseDeviationSlope(input.rawNoise[i]);
    output.losses = {importance, load};
}

void NoisyStrategy::addGradient(const RouterInput& input, const RouterOutput& output, std::span<const float> dWeights,
                                std::span<float> dLogits, std::span<float> dRawNoise) const {
    passOn(input, output.gateLogits, gateGradient(m_gate, output, dWeights), dLogits, dRawNoise);
    for (std::size_t i = 0; i < output.dLogits.size(); ++i) {
        dLogits[i] += output.dLogits[i];
        dRawNoise[i] += output.dRawNoise[i];
    }
}

void NoisyStrategy::passOn(const RouterInput& input, std::span<const float> noisy, std::span<const float> dNoisy,
                           std::span<float> dLogits, std::span<float> dRawNoise) const {
    for (std::size_t i = 0; i < dNoisy.size(); ++i) {
        const float normal = (noisy[i] - input.logits[i]) / noiseDeviation(input.rawNoise[i]);
        dLogits[i] += dNoisy[i];
        dRawNoise[i] += dNoisy[i] * normal * noiseDeviationSlope(input.rawNoise[i]);
    }
}

} // namespace moescope
