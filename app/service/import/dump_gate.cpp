#include "app/service/import/dump_gate.h"

#include <algorithm>
#include <cmath>

#include "engine/routing/topk.h"

namespace moescope {

namespace {

constexpr std::int64_t kTried = 64; // tokens
constexpr double kTolerance = 0.02; // dumps may be rounded to bf16

double largestDifference(const MoeConfig& gate, const RoutingDump& dump, const RoutingDump::Layer& layer) {
    const std::int64_t tokens = std::min(kTried, dump.tokens());
    auto given = dump.weights(layer, 0, tokens);
    auto ids = dump.ids(layer, 0, tokens);
    std::vector<float> weights(ids.size());
    weighChosen({LayerId(layer.index), gate, {}}, dump.logits(layer, 0, tokens), ids, weights);
    double largest = 0;
    const auto k = std::size_t(gate.topK);
    for (std::size_t row = 0; row < std::size_t(tokens); ++row) {
        std::sort(given.begin() + std::ptrdiff_t(row * k), given.begin() + std::ptrdiff_t((row + 1) * k),
                  std::greater<>());
        for (std::size_t i = row * k; i < (row + 1) * k; ++i) {
            largest = std::max(largest, double(std::fabs(given[i] - weights[i])));
        }
    }
    return largest;
}

} // namespace

std::optional<MoeConfig> gateThatGives(const RoutingDump& dump, const RoutingDump::Layer& layer) {
    std::optional<MoeConfig> best;
    double least = kTolerance;
    for (const ScoreFunction score : {ScoreFunction::Softmax, ScoreFunction::Sigmoid}) {
        for (const bool renormalize : {true, false}) {
            MoeConfig gate;
            gate.experts = layer.experts;
            gate.topK = layer.topK;
            gate.score = score;
            gate.renormalize = renormalize;
            const double difference = largestDifference(gate, dump, layer);
            if (difference < least) {
                least = difference;
                best = gate;
            }
        }
    }
    return best;
}

} // namespace moescope
