#pragma once

#include "engine/model/decoder.h"
#include "engine/routing/intervention.h"
#include "engine/session/choose_execution.h"
#include "engine/session/engine.h"

namespace moescope {

// InferenceSession over one stack of layers.
class DecoderSession final : public InferenceSession {
public:
    DecoderSession(const std::filesystem::path& model, const ChosenExecution& chosen, int threads,
                   std::optional<std::int64_t> weightBudget = std::nullopt);

    const ModelInfo& info() const override { return m_info; }
    void prefill(std::span<const Window> batch, const PrefillOptions& options, RoutingSink& sink,
                 std::stop_token stop) override;
    std::vector<std::int32_t> generate(const Window& prompt, const GenerateOptions& options, RoutingSink& sink,
                                       std::stop_token stop) override;
    ReferenceRun runReference(std::span<const std::int64_t> inputIds, std::int64_t batch, std::int64_t length) override;
    void intervene(const Intervention& intervention) override;
    void nllUnder(std::span<const Window> batch, LayerId layer, std::span<const Intervention> interventions,
                  const std::function<void(std::size_t, std::span<const float>)>& visit, std::stop_token stop) override;

private:
    bool isMoe(std::int32_t layer) const;
    at::Tensor step(std::span<const std::int32_t> tokens, std::int64_t unrecorded, TokenIndex first, KvCache& cache,
                    RoutingSink& sink, bool wantNext);

    Decoder m_decoder;
    ModelInfo m_info;
    BatchRouting m_routing; // of the layer at hand
    Intervention m_intervention;
};

} // namespace moescope
