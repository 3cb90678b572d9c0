#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "app/service/replay_strategy.h"
#include "engine/routing/topk.h"

namespace moescope {

namespace {

constexpr std::int32_t kGroups = 4;                          // where neither the gate nor the options have any
constexpr std::size_t kLogitBudget = std::size_t(512) << 20; // bytes of one layer's logits that learning holds

// The recorded gate with another k, without its bias and groups (none), or with groups.
class GateReplay final : public ReplayStrategy {
public:
    explicit GateReplay(const ReplayOptions& options) : m_options(options) {}

    std::vector<MoeLayerInfo> prepare(const ReplaySource& source) override {
        std::vector<MoeLayerInfo> gates = source.run.spec.layers;
        for (MoeLayerInfo& gate : gates) {
            change(gate);
            checkGate(gate);
        }
        return gates;
    }
    void route(std::size_t /*layer*/, const MoeLayerInfo& gate, const RoutingBlock& recorded,
               std::span<std::uint16_t> ids, std::span<float> weights) override {
        routeTopK(gate, recorded.logits, ids, weights, recorded.first);
    }
    std::string description() const override {
        const std::string k = m_options.topK > 0 ? fmt::format("k = {}", m_options.topK) : "k as recorded";
        return m_options.strategy + ", " + k + m_groups;
    }

private:
    void change(MoeLayerInfo& gate) {
        gate.moe.topK = m_options.topK > 0 ? m_options.topK : gate.moe.topK;
        if (m_options.strategy == "none") {
            gate.selectionBias.clear();
            gate.moe.groupScore = GroupScore::None;
        }
        if (m_options.strategy == "group-limited") {
            limit(gate.moe);
            checkWeighable(gate, m_options.strategy);
        }
    }

    void limit(MoeConfig& moe) {
        if (moe.groupScore == GroupScore::None) {
            moe.groupScore = moe.score == ScoreFunction::Sigmoid ? GroupScore::TopTwoSum : GroupScore::Max;
            moe.groups = kGroups;
            // Half of them, yet fewer than k: the k best experts lie in k groups at most.
            moe.topkGroups = std::clamp(moe.topK - 1, 1, kGroups / 2);
        }
        moe.groups = m_options.groups > 0 ? m_options.groups : moe.groups;
        moe.topkGroups = m_options.topkGroups > 0 ? m_options.topkGroups : moe.topkGroups;
        m_groups = fmt::format(", the best {} of {} groups by {}", moe.topkGroups, moe.groups,
                               moe.groupScore == GroupScore::Max ? "their best" : "the sum of their two best");
    }

    ReplayOptions m_options;
    std::string m_groups;
};

// One layer's logits, of every token or, where they would not fit, of every n-th.
std::vector<float> logitsOf(const ReplaySource& source, const MoeLayerInfo& layer) {
    const auto row = std::size_t(layer.moe.experts);
    const std::size_t all = std::size_t(source.run.tokens) * row * sizeof(float);
    const auto every = TokenIndex((all + kLogitBudget - 1) / kLogitBudget);
    std::vector<float> logits;
    logits.reserve(std::size_t(source.run.tokens / every + 1) * row);
    RunFilter filter;
    filter.layers = {layer.layer};
    source.recording.eachRouting(source.recorded, filter, true, [&](const RoutingBlock& block) {
        for (std::int32_t t = 0; t < block.tokens; ++t) {
            if ((block.first + t) % every == 0) {
                const auto values = block.logitsOf(t);
                logits.insert(logits.end(), values.begin(), values.end());
            }
        }
    });
    return logits;
}

// Learns a correction bias for each layer, then routes with it frozen.
class AuxFreeReplay final : public ReplayStrategy {
public:
    explicit AuxFreeReplay(const ReplayOptions& options) : m_options(options) {}

    std::vector<MoeLayerInfo> prepare(const ReplaySource& source) override {
        std::vector<MoeLayerInfo> gates = source.run.spec.layers;
        for (std::size_t l = 0; l < gates.size(); ++l) {
            gates[l].moe.topK = m_options.topK > 0 ? m_options.topK : gates[l].moe.topK;
            checkWeighable(gates[l], m_options.strategy);
            checkGate(gates[l]);
        }
        for (std::size_t l = 0; l < gates.size(); ++l) {
            learn(source, l, gates);
        }
        return gates;
    }
    void route(std::size_t /*layer*/, const MoeLayerInfo& gate, const RoutingBlock& recorded,
               std::span<std::uint16_t> ids, std::span<float> weights) override {
        routeTopK(gate, recorded.logits, ids, weights, recorded.first);
    }
    std::vector<TrainStep> steps() const override { return m_steps; }
    std::string description() const override {
        return fmt::format("aux-free, rate {}, batches of {} tokens, {} passes, then the bias frozen",
                           m_options.learning.rate, m_options.learning.batchTokens, m_passes);
    }

private:
    void learn(const ReplaySource& source, std::size_t l, std::vector<MoeLayerInfo>& gates) {
        const std::vector<float> logits = logitsOf(source, gates[l]);
        const auto tokens = std::int64_t(logits.size()) / gates[l].moe.experts;
        m_passes = passesOf(m_options.learning, tokens);
        const std::int64_t batch = m_options.learning.batchTokens;
        const std::int64_t ofPass = (tokens + batch - 1) / batch;
        const auto batches = double(ofPass * m_passes);
        LearntBias learnt = learnCorrectionBias(gates[l], logits, m_options.learning, [&](std::int64_t done) {
            source.progress((double(l) + double(done) / batches) / double(gates.size()));
        });
        gates[l].selectionBias = std::move(learnt.bias);
        m_steps.resize(std::max(m_steps.size(), learnt.steps.size()));
        for (std::size_t i = 0; i < learnt.steps.size(); ++i) {
            m_steps[i].step = learnt.steps[i].step;
            m_steps[i].tokens = learnt.steps[i].tokens;
            for (double* none : {&m_steps[i].loss, &m_steps[i].auxLoss, &m_steps[i].zLoss, &m_steps[i].gradientNorm,
                                 &m_steps[i].tokensPerSecond}) {
                *none = std::numeric_limits<double>::quiet_NaN();
            }
            m_steps[i].learningRate = m_options.learning.rate;
            m_steps[i].load.resize(gates.size());
            m_steps[i].load[l] = std::move(learnt.steps[i].load);
        }
    }

    ReplayOptions m_options;
    std::int32_t m_passes = 0;
    std::vector<TrainStep> m_steps;
};

} // namespace

std::unique_ptr<ReplayStrategy> makeGateReplay(const ReplayOptions& options) {
    return std::make_unique<GateReplay>(options);
}

std::unique_ptr<ReplayStrategy> makeAuxFreeReplay(const ReplayOptions& options) {
    return std::make_unique<AuxFreeReplay>(options);
}

} // namespace moescope
