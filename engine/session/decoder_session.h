#pragma once

#include "engine/model/decoder.h"
#include "engine/routing/intervention.h"
#include "engine/session/choose_execution.h"
#include "engine/session/engine.h"

namespace moescope {

// InferenceSession over one stack of layers, and over the one beside it where a model has an encoder and a decoder.
class DecoderSession final : public InferenceSession {
public:
    DecoderSession(const std::filesystem::path& model, const ChosenExecution& chosen, int threads,
                   std::optional<std::int64_t> weightBudget = std::nullopt);

    const ModelInfo& info() const override { return m_info; }
    InferenceSession* decoder() override { return m_beside.get(); }
    void prefill(std::span<const Window> batch, const PrefillOptions& options, RoutingSink& sink,
                 std::stop_token stop) override;
    std::vector<std::int32_t> generate(const Window& prompt, const GenerateOptions& options, RoutingSink& sink,
                                       std::stop_token stop) override;
    ReferenceRun runReference(std::span<const std::int64_t> inputIds, std::int64_t batch, std::int64_t length) override;
    ReferenceRun decodeReference(std::span<const std::int64_t> inputIds, std::int64_t batch, std::int64_t length,
                                 std::span<const std::int64_t> decoderIds) override;
    void intervene(const Intervention& intervention) override;
    void nllUnder(std::span<const Window> batch, LayerId layer, std::span<const Intervention> interventions,
                  const std::function<void(std::size_t, std::span<const float>)>& visit, std::stop_token stop) override;

private:
    // The decoder of `encoder`'s model.
    DecoderSession(const std::filesystem::path& model, const ChosenExecution& chosen, int threads,
                   DecoderSession& encoder);

    // One sequence in the making: its keys and values, and what the encoder made of the prompt.
    struct Generation {
        KvCache cache;
        EncoderOutput encoded;
    };

    bool isMoe(std::int32_t layer) const;
    EncoderOutput encode(std::span<const Window> windows, const std::stop_token& stop);
    EncoderOutput encodeRows(std::span<const std::int32_t> tokens, std::span<const Sequence> sequences,
                             const std::stop_token& stop);
    // The windows as this stack sees them: behind its start token, or as they are.
    std::vector<Window> led(std::span<const Window> windows) const;
    ReferenceRun referenceOf(std::span<const std::int64_t> inputIds, std::int64_t batch, std::int64_t length,
                             EncoderOutput& encoded);
    at::Tensor step(std::span<const std::int32_t> tokens, std::int64_t unrecorded, TokenIndex first,
                    Generation& generation, RoutingSink& sink, bool wantNext);

    DecoderSession* m_encoder = nullptr; // what this decoder reads; null: nothing
    Decoder m_decoder;
    ModelInfo m_info;
    BatchRouting m_routing; // of the layer at hand
    Intervention m_intervention;
    std::unique_ptr<DecoderSession> m_beside; // the decoder that reads this encoder
};

} // namespace moescope
