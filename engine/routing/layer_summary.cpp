#include "engine/routing/layer_summary.h"

#include <algorithm>
#include <numeric>

#include "engine/routing/error.h"
#include "engine/routing/logit_sums.h"
#include "engine/routing/moe_config.h"

namespace moescope {

namespace {

void addRoutes(LayerSummary& sums, const RoutingBlock& block, std::span<const std::int32_t> domainOf) {
    for (std::int32_t t = 0; t < block.tokens; ++t) {
        const auto ids = block.idsOf(t);
        const auto weights = block.weightsOf(t);
        std::int64_t* domain = nullptr;
        if (!sums.domainTokens.empty()) {
            const auto d = std::size_t(domainOf[std::size_t(t)]);
            ++sums.domainTokens[d];
            domain = sums.byDomain.data() + d * std::size_t(sums.experts);
        }
        if (!ids.empty() && ids[0] != kNoExpert) {
            ++sums.top1[ids[0]];
        }
        for (std::size_t slot = 0; slot < ids.size(); ++slot) {
            if (ids[slot] == kNoExpert) {
                continue;
            }
            ++sums.assignments[ids[slot]];
            sums.weightSum[ids[slot]] += double(weights[slot]);
            if (domain != nullptr) {
                ++domain[ids[slot]];
            }
        }
    }
    sums.tokens += block.tokens;
}

template <class T>
void addAll(std::vector<T>& into, const std::vector<T>& from) {
    for (std::size_t i = 0; i < into.size(); ++i) {
        into[i] += from[i];
    }
}

} // namespace

void LayerSummary::add(const RoutingBlock& block, const MoeLayerInfo& layerInfo,
                       std::span<const std::int32_t> domainOf) {
    addRoutes(*this, block, domainOf);
    if (!block.logits.empty()) {
        addLogitSums(*this, layerInfo, block);
    }
}

void LayerSummary::add(const LayerSummary& other) {
    if (experts != other.experts || byDomain.size() != other.byDomain.size()) {
        throw Error(ErrorCode::InvalidArgument, "sums of layer " + std::to_string(layer.value) +
                                                    " cannot be added: they differ in experts or domains");
    }
    tokens += other.tokens;
    tokensWithLogits += other.tokensWithLogits;
    tokensWithMargin += other.tokensWithMargin;
    addAll(assignments, other.assignments);
    addAll(top1, other.top1);
    addAll(weightSum, other.weightSum);
    addAll(probSum, other.probSum);
    zSum += other.zSum;
    marginSum += other.marginSum;
    addAll(domainTokens, other.domainTokens);
    addAll(byDomain, other.byDomain);
}

std::int32_t LayerSummary::choicesPerToken() const {
    if (tokens == 0) {
        return topK;
    }
    const auto all = std::accumulate(assignments.begin(), assignments.end(), std::int64_t(0));
    return std::clamp(std::int32_t((2 * all + tokens) / (2 * tokens)), 1, experts);
}

LayerSummary LayerSummary::empty(const MoeLayerInfo& layerInfo, std::int32_t domains) {
    LayerSummary s;
    s.layer = layerInfo.layer;
    s.experts = layerInfo.moe.experts;
    s.topK = layerInfo.moe.topK;
    const auto n = std::size_t(s.experts);
    s.assignments.resize(n);
    s.top1.resize(n);
    s.weightSum.resize(n);
    s.probSum.resize(n);
    s.domainTokens.resize(std::size_t(domains));
    s.byDomain.resize(std::size_t(domains) * n);
    return s;
}

} // namespace moescope
