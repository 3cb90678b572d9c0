#include "app/service/replay_strategy.h"

#include <array>
#include <string_view>
#include <utility>

#include "engine/routing/error.h"
#include "engine/routing/topk.h"

namespace moescope {

namespace {

// The recorded gate with another k; with the recorded k, the recorded routing over again.
class TopKReplay final : public ReplayStrategy {
public:
    explicit TopKReplay(std::int32_t topK) : m_topK(topK) {}

    MoeLayerInfo gateOf(const MoeLayerInfo& recorded) const override {
        MoeLayerInfo gate = recorded;
        gate.moe.topK = m_topK > 0 ? m_topK : recorded.moe.topK;
        checkGate(gate);
        return gate;
    }
    void route(const MoeLayerInfo& gate, const RoutingBlock& recorded, std::span<std::uint16_t> ids,
               std::span<float> weights) override {
        routeTopK(gate, recorded.logits, ids, weights, recorded.first);
    }
    std::string description() const override {
        return m_topK > 0 ? "topk, k = " + std::to_string(m_topK) : "topk, k as recorded";
    }

private:
    std::int32_t m_topK;
};

constexpr std::string_view kLossReason = "is a loss that shapes the weights in training; train with it instead";
constexpr std::string_view kNoiseReason = "draws noise from a gate that is trained with it; train with it instead";
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kTrainedOnly{{{"aux", kLossReason},
                                                                                     {"aux+z", kLossReason},
                                                                                     {"sequence", kLossReason},
                                                                                     {"switch", kLossReason},
                                                                                     {"gshard", kLossReason},
                                                                                     {"noisy-importance", kNoiseReason},
                                                                                     {"noisy-load", kNoiseReason},
                                                                                     {"noisy-both", kNoiseReason}}};

} // namespace

std::unique_ptr<ReplayStrategy> makeReplayStrategy(const ReplayOptions& options) {
    if (options.topK < 0) {
        throw Error(ErrorCode::InvalidArgument, "top-k " + std::to_string(options.topK) + ": give 1 or more");
    }
    if (options.strategy == "topk") {
        return std::make_unique<TopKReplay>(options.topK);
    }
    for (const auto& [name, reason] : kTrainedOnly) {
        if (name == options.strategy) {
            throw Error(ErrorCode::Unsupported,
                        "strategy " + options.strategy + " cannot be replayed: it " + std::string(reason));
        }
    }
    throw Error(ErrorCode::InvalidArgument,
                "no replay strategy '" + options.strategy + "'; logits can be re-routed by topk");
}

} // namespace moescope
