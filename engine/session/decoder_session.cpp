#include "engine/session/decoder_session.h"

#include <algorithm>
#include <cstring>

#include <ATen/core/grad_mode.h>

#include "engine/checkpoint/model_inspection.h"
#include "engine/routing/error.h"
#include "engine/session/edge.h"
#include "engine/session/sampler.h"
#include "engine/session/thread_pool.h"
#include "engine/session/window_batch.h"

namespace moescope {

namespace {

void stopIfAsked(const std::stop_token& stop) {
    if (stop.stop_requested())
        throw Error(ErrorCode::Cancelled, "stopped");
}

std::vector<float> copyOf(const at::Tensor& tensor) {
    const at::Tensor host = tensor.to(at::kCPU).contiguous();
    const auto* data = dataOf<float>(host);
    return {data, data + host.numel()};
}

ModelInfo describe(const Decoder& decoder, const ChosenExecution& chosen, int threads) {
    const ModelConfig& config = decoder.config();
    ModelInfo info;
    info.family = config.modelType;
    info.stack = config.stack;
    info.layers = config.layers;
    info.hidden = config.hidden;
    info.vocabulary = config.vocabulary;
    info.moeLayers = config.moeLayers;
    info.parameters = inspectConfig(config).totalParameters;
    info.device = chosen.device;
    info.dtype = chosen.dtype;
    info.threads = threads;
    info.memory = decoder.plan();
    return info;
}

ReferenceRun::Routing referenceOf(LayerId layer, const BatchRouting& routing) {
    return {layer, routing.logits, std::vector<std::int64_t>(routing.ids.begin(), routing.ids.end()), routing.weights};
}

} // namespace

bool DecoderSession::isMoe(std::int32_t layer) const {
    return m_decoder.config().moeLayer(layer) != nullptr;
}

DecoderSession::DecoderSession(const std::filesystem::path& model, const ChosenExecution& chosen, int threads,
                               std::optional<std::int64_t> weightBudget)
    : m_decoder(model, chosen.execution, weightBudget), m_info(describe(m_decoder, chosen, threads)) {}

void DecoderSession::prefill(std::span<const Window> windows, const PrefillOptions& options, RoutingSink& sink,
                             std::stop_token stop) {
    withoutTorchErrors([&] {
        const at::NoGradGuard noGrad;
        useThreads(m_info.threads);
        const WindowBatch batch(windows);
        if (batch.recorded() == 0)
            return;
        m_routing.unrecorded.assign(batch.unrecorded().begin(), batch.unrecorded().end());
        const at::Tensor x_TD = m_decoder.embed(batch.tokens());
        for (std::int32_t layer = 0; layer < m_info.layers; ++layer) {
            stopIfAsked(stop);
            m_decoder.runLayer(layer, batch.sequences(), nullptr, x_TD, m_routing);
            if (isMoe(layer))
                batch.deliver(LayerId(layer), m_routing, sink);
        }
        if (!options.nll || !m_decoder.config().head)
            return;
        stopIfAsked(stop);
        std::vector<float> lossOfRow(batch.tokens().size());
        m_decoder.head().nll(x_TD, batch.targets(), m_decoder.workspace(), lossOfRow);
        batch.deliverNll(lossOfRow, sink);
    });
}

// Runs the next tokens of a sequence; the first `unrecorded` of them are not delivered. Returns the logits of
// the next token [1, V] on the host where asked.
at::Tensor DecoderSession::step(std::span<const std::int32_t> tokens, std::int64_t unrecorded, TokenIndex first,
                                KvCache& cache, RoutingSink& sink, bool wantNext) {
    const auto rows = std::int64_t(tokens.size());
    const Sequence sequence{0, rows, cache.length()};
    const at::Tensor x_TD = m_decoder.embed(tokens);
    for (std::int32_t layer = 0; layer < m_info.layers; ++layer) {
        m_decoder.runLayer(layer, std::span(&sequence, 1), &cache, x_TD, m_routing);
        if (!isMoe(layer))
            continue;
        if (unrecorded > 0) {
            m_routing.ids.erase(m_routing.ids.begin(), m_routing.ids.begin() + unrecorded * m_routing.topK);
            m_routing.weights.erase(m_routing.weights.begin(), m_routing.weights.begin() + unrecorded * m_routing.topK);
            m_routing.logits.erase(m_routing.logits.begin(), m_routing.logits.begin() + unrecorded * m_routing.experts);
            m_routing.tokens -= unrecorded;
        }
        deliverRouting(LayerId(layer), first, m_routing, sink);
    }
    cache.advance(rows);
    if (!wantNext)
        return {};
    return m_decoder.head().logits(x_TD.narrow(0, rows - 1, 1), m_decoder.workspace()).to(at::kCPU);
}

std::vector<std::int32_t> DecoderSession::generate(const Window& prompt, const GenerateOptions& options,
                                                   RoutingSink& sink, std::stop_token stop) {
    std::vector<std::int32_t> output;
    withoutTorchErrors([&] {
        const at::NoGradGuard noGrad;
        useThreads(m_info.threads);
        std::vector<std::int32_t> tokens(prompt.tokens.begin(), prompt.tokens.end());
        if (prompt.bos)
            tokens.insert(tokens.begin(), *prompt.bos);
        if (!m_decoder.config().head)
            throw Error(ErrorCode::Unsupported, "an encoder has nothing to generate with; record without --generate");
        if (tokens.empty())
            throw Error(ErrorCode::InvalidArgument, "generation needs a prompt: the text is empty");
        if (m_decoder.config().expertChoice > 0)
            throw Error(ErrorCode::Unsupported, "a model of expert choice cannot generate: its experts choose among "
                                                "tokens that are not there yet; record text without --generate");
        m_routing.unrecorded.clear();
        const std::int32_t count = options.count;
        Sampler sampler(options, std::uint64_t(prompt.first));
        KvCache cache = m_decoder.makeCache(std::int64_t(tokens.size()) + count);
        sink.tokens({prompt.first, prompt.tokens, Phase::Prompt});
        const std::int64_t unrecorded = prompt.bos ? 1 : 0;
        at::Tensor logits_1V = step(tokens, unrecorded, prompt.first, cache, sink, count > 0);
        const std::vector<std::int32_t>& eos = m_decoder.config().eos;
        for (std::int32_t i = 0; i < count; ++i) {
            stopIfAsked(stop);
            const std::int32_t next = sampler.choose({dataOf<float>(logits_1V), std::size_t(logits_1V.size(1))});
            output.push_back(next);
            const bool last = i + 1 == count || std::find(eos.begin(), eos.end(), next) != eos.end();
            const TokenIndex index = prompt.first + TokenIndex(prompt.tokens.size()) + i;
            sink.tokens({index, std::span(&next, 1), Phase::Generated});
            logits_1V = step(std::span(&next, 1), 0, index, cache, sink, !last); // the last token is routed too
            if (last)
                break;
        }
    });
    return output;
}

ReferenceRun DecoderSession::runReference(std::span<const std::int64_t> inputIds, std::int64_t batch,
                                          std::int64_t length) {
    ReferenceRun run;
    withoutTorchErrors([&] {
        const at::NoGradGuard noGrad;
        useThreads(m_info.threads);
        if (batch < 1 || length < 1 || std::int64_t(inputIds.size()) != batch * length)
            throw Error(ErrorCode::InvalidArgument, "input_ids do not have the shape stated for them");
        const std::vector<std::int32_t> tokens(inputIds.begin(), inputIds.end());
        m_routing.unrecorded.clear();
        std::vector<Sequence> sequences;
        for (std::int64_t b = 0; b < batch; ++b)
            sequences.push_back({b * length, length, 0});
        const at::Tensor x_TD = m_decoder.embed(tokens);
        for (std::int32_t layer = 0; layer < m_info.layers; ++layer) {
            m_decoder.runLayer(layer, sequences, nullptr, x_TD, m_routing);
            run.hidden.push_back(copyOf(x_TD));
            if (isMoe(layer))
                run.routing.push_back(referenceOf(LayerId(layer), m_routing));
        }
        if (m_decoder.config().head)
            run.logits = copyOf(m_decoder.head().logits(x_TD, m_decoder.workspace()));
        else
            run.lastHiddenState = copyOf(m_decoder.lastHiddenState(x_TD));
    });
    return run;
}

void DecoderSession::intervene(const Intervention& intervention) {
    checkIntervention(intervention, m_info.moeLayers);
    if (m_decoder.config().expertCapacity > 0 && intervention.topK > 1)
        throw Error(ErrorCode::Unsupported, "this model's own capacity is for one expert a token; it cannot take more");
    if (m_decoder.config().expertChoice > 0 && (intervention.topK > 0 || !intervention.bias.empty()))
        throw Error(ErrorCode::Unsupported,
                    "this model's experts choose their tokens: neither another k nor a bias applies to it");
    m_intervention = intervention;
    m_routing.intervention = intervention.isNone() ? nullptr : &m_intervention;
}

void DecoderSession::nllUnder(std::span<const Window> windows, LayerId layer,
                              std::span<const Intervention> interventions,
                              const std::function<void(std::size_t, std::span<const float>)>& visit,
                              std::stop_token stop) {
    withoutTorchErrors([&] {
        const at::NoGradGuard noGrad;
        useThreads(m_info.threads);
        if (!m_decoder.config().head)
            throw Error(ErrorCode::Unsupported, "an encoder predicts nothing, so nothing can be lost");
        const WindowBatch batch(windows);
        const std::vector<std::int32_t> targets = batch.targets();
        const at::Tensor x_TD = m_decoder.embed(batch.tokens());
        BatchRouting routing;
        for (std::int32_t below = 0; below < layer.value; ++below) {
            stopIfAsked(stop);
            m_decoder.runLayer(below, batch.sequences(), nullptr, x_TD, routing);
        }
        const at::Tensor from_TD = x_TD.clone();
        std::vector<float> lossOfRow(batch.tokens().size());
        for (std::size_t i = 0; i < interventions.size(); ++i) {
            checkIntervention(interventions[i], m_info.moeLayers);
            routing.intervention = interventions[i].isNone() ? nullptr : &interventions[i];
            x_TD.copy_(from_TD);
            for (std::int32_t above = layer.value; above < m_info.layers; ++above) {
                stopIfAsked(stop);
                m_decoder.runLayer(above, batch.sequences(), nullptr, x_TD, routing);
            }
            m_decoder.head().nll(x_TD, targets, m_decoder.workspace(), lossOfRow);
            visit(i, batch.nllOf(lossOfRow));
        }
    });
}

} // namespace moescope
