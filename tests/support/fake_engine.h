#pragma once

#include <cmath>
#include <memory>

#include "engine/routing/error.h"
#include "engine/routing/intervention.h"
#include "engine/session/engine.h"
#include "engine/training/train_config.h"

namespace moescope::test {

// A model of two MoE layers whose routing is a simple function of a token and its place in the window: what a service
// does around a model can be tested without one.
class FakeSession : public InferenceSession {
public:
    explicit FakeSession(const SessionOptions& options) {
        m_info.family = "mixtral";
        m_info.layers = 2;
        m_info.hidden = 8;
        m_info.vocabulary = 600;
        MoeConfig moe;
        moe.experts = 4;
        moe.topK = 2;
        m_info.moeLayers = {{LayerId(0), moe, {}}, {LayerId(1), moe, {}}};
        m_info.device = "cpu";
        m_info.dtype = options.dtype == "auto" ? "f32" : options.dtype;
        m_info.expertWeights = options.expertWeights == "int8" ? "int8" : m_info.dtype;
        m_info.threads = options.threads > 0 ? options.threads : 2;
    }

    const ModelInfo& info() const override { return m_info; }

    void prefill(std::span<const Window> batch, const PrefillOptions& options, RoutingSink& sink,
                 std::stop_token stop) override {
        for (const MoeLayerInfo& layer : m_info.moeLayers) {
            if (stop.stop_requested())
                throw Error(ErrorCode::Cancelled, "stopped");
            for (const Window& window : batch)
                route(layer, window.first, window.tokens, sink);
        }
        for (const Window& window : batch)
            if (options.nll)
                giveNll(window, sink);
    }

    std::vector<std::int32_t> generate(const Window& prompt, const GenerateOptions& options, RoutingSink& sink,
                                       std::stop_token) override {
        sink.tokens({prompt.first, prompt.tokens, Phase::Prompt});
        std::vector<std::int32_t> output;
        for (std::int32_t i = 0; i < options.count && (prompt.tokens[0] + i) % 5 != 4; ++i)
            output.push_back((prompt.tokens.back() + i + 1) % m_info.vocabulary);
        const TokenIndex next = prompt.first + TokenIndex(prompt.tokens.size());
        if (!output.empty())
            sink.tokens({next, output, Phase::Generated});
        if (options.nll && !output.empty())
            giveNll({next, output, 0}, sink);
        for (const MoeLayerInfo& layer : m_info.moeLayers) {
            route(layer, prompt.first, prompt.tokens, sink);
            if (!output.empty())
                route(layer, next, output, sink);
        }
        return output;
    }

    ReferenceRun runReference(std::span<const std::int64_t>, std::int64_t, std::int64_t) override { return {}; }

    void intervene(const Intervention& intervention) override { checkIntervention(intervention, m_info.moeLayers); }

    // Every ablated expert e costs a tenth of e a token.
    void nllUnder(std::span<const Window> batch, LayerId, std::span<const Intervention> interventions,
                  const std::function<void(std::size_t, std::span<const float>)>& visit,
                  std::stop_token stop) override {
        for (std::size_t i = 0; i < interventions.size(); ++i) {
            if (stop.stop_requested())
                throw Error(ErrorCode::Cancelled, "stopped");
            float cost = 0;
            for (const auto& [layer, expert] : interventions[i].ablated)
                cost += 0.1F * float(expert);
            std::vector<float> values;
            for (const Window& window : batch)
                for (const std::int32_t token : window.tokens)
                    values.push_back(float(token) / 64 + cost);
            visit(i, values);
        }
    }

private:
    static void route(const MoeLayerInfo& layer, TokenIndex first, std::span<const std::int32_t> tokens,
                      RoutingSink& sink) {
        std::vector<std::uint16_t> ids;
        std::vector<float> weights;
        std::vector<float> logits;
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const auto best = std::uint16_t((tokens[i] + std::int32_t(i) + layer.layer.value) % 4);
            const auto second = std::uint16_t((best + 1) % 4);
            ids.insert(ids.end(), {best, second});
            weights.insert(weights.end(), {0.75F, 0.25F});
            for (std::uint16_t e = 0; e < 4; ++e)
                logits.push_back(e == best ? 2.0F : e == second ? 1.0F : -float(tokens[i]) / 100);
        }
        sink.routing({layer.layer, first, std::int32_t(tokens.size()), 2, 4, ids, weights, logits});
    }

    static void giveNll(const Window& window, RoutingSink& sink) {
        std::vector<float> values;
        for (const std::int32_t token : window.tokens)
            values.push_back(values.empty() && !window.bos ? std::nanf("") : float(token) / 64);
        sink.nll(window.first, values);
    }

    ModelInfo m_info;
};

class FakeEngine : public Engine {
public:
    std::unique_ptr<InferenceSession> open(const SessionOptions& options) override {
        return std::make_unique<FakeSession>(options);
    }
    // Losses fall from step to step; a resumed training begins at `trained`, as behind a checkpoint.
    void train(const TrainConfig& config, const TrainData&, TrainObserver& observer, std::stop_token stop) override {
        for (std::int64_t s = (config.resume ? trained : 0) + 1; s <= config.steps && !stop.stop_requested(); ++s) {
            TrainStep step;
            step.step = s;
            step.tokens = s * config.batchTokens;
            step.loss = 6.0 / double(s);
            step.losses = {{"importance", 1.0 / double(s)}};
            step.load.assign(std::size_t(config.layers), std::vector<std::int64_t>(std::size_t(config.experts), s));
            step.importance.assign(std::size_t(config.layers),
                                   std::vector<float>(std::size_t(config.experts), float(s) / 2));
            observer.step(step);
            trained = s;
            if (config.snapshotEvery > 0 && s % config.snapshotEvery == 0)
                observer.snapshot(s, config.out);
        }
    }
    std::int64_t trained = 0;

    double gemmPeak(const std::string&, int) override { return 1; }
    std::string versions() const override { return "fake 1"; }
};

} // namespace moescope::test
