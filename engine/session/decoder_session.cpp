#include "engine/session/decoder_session.h"

#include <algorithm>
#include <cstring>

#include <ATen/core/grad_mode.h>

#include "engine/checkpoint/model_inspection.h"
#include "engine/routing/error.h"
#include "engine/session/deferred_delivery.h"
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
    info.start = config.start;
    info.parameters = inspectConfig(config).totalParameters;
    info.device = chosen.device;
    info.dtype = chosen.dtype;
    info.expertWeights = chosen.execution.int8Experts ? "int8" : chosen.dtype;
    info.threads = threads;
    info.memory = decoder.plan();
    info.expertChoice = config.expertChoice > 0;
    return info;
}

ReferenceRun::Routing routingOf(LayerId layer, const BatchRouting& routing) {
    return {layer, routing.logits, std::vector<std::int64_t>(routing.ids.begin(), routing.ids.end()), routing.weights};
}

} // namespace

bool DecoderSession::isMoe(std::int32_t layer) const {
    return m_decoder.config().moeLayer(layer) != nullptr;
}

DecoderSession::DecoderSession(const std::filesystem::path& model, const ChosenExecution& chosen, int threads,
                               std::optional<std::int64_t> weightBudget)
    : m_decoder(model, chosen.execution, weightBudget), m_info(describe(m_decoder, chosen, threads)) {
    if (m_decoder.config().decoderStack)
        m_beside.reset(new DecoderSession(model, chosen, threads, *this));
}

// Both stacks are kept, or both are streamed.
DecoderSession::DecoderSession(const std::filesystem::path& model, const ChosenExecution& chosen, int threads,
                               DecoderSession& encoder)
    : m_encoder(&encoder), m_decoder(*encoder.m_decoder.config().decoderStack, model, chosen.execution,
                                     encoder.m_decoder.plan(), encoder.m_decoder.spillAbove()),
      m_info(describe(m_decoder, chosen, threads)) {}

EncoderOutput DecoderSession::encodeRows(std::span<const std::int32_t> tokens, std::span<const Sequence> sequences,
                                         const std::stop_token& stop) {
    m_routing.unrecorded.clear();
    const at::Tensor x_TD = m_decoder.embed(tokens);
    for (std::int32_t layer = 0; layer < m_info.layers; ++layer) {
        stopIfAsked(stop);
        m_decoder.runLayer(layer, sequences, nullptr, x_TD, m_routing);
    }
    return {m_decoder.encoded(x_TD), {sequences.begin(), sequences.end()}, {}};
}

// What this decoder reads of the windows; nothing where it is alone.
EncoderOutput DecoderSession::encode(std::span<const Window> windows, const std::stop_token& stop) {
    if (m_encoder == nullptr)
        return {};
    const WindowBatch batch(windows);
    return m_encoder->encodeRows(batch.tokens(), batch.sequences(), stop);
}

std::vector<Window> DecoderSession::led(std::span<const Window> windows) const {
    std::vector<Window> seen(windows.begin(), windows.end());
    for (Window& window : seen)
        if (m_info.start)
            window.bos = m_info.start;
    return seen;
}

void DecoderSession::prefill(std::span<const Window> windows, const PrefillOptions& options, RoutingSink& sink,
                             std::stop_token stop) {
    withoutTorchErrors([&] {
        const at::NoGradGuard noGrad;
        useThreads(m_info.threads);
        const WindowBatch batch(led(windows));
        if (batch.recorded() == 0)
            return;
        EncoderOutput encoded = encode(windows, stop);
        m_routing.unrecorded.assign(batch.unrecorded().begin(), batch.unrecorded().end());
        const at::Tensor x_TD = m_decoder.embed(batch.tokens());
        DeferredDelivery delivery(m_decoder.execution().backend.get(), batch, m_routing, sink);
        for (std::int32_t layer = 0; layer < m_info.layers; ++layer) {
            stopIfAsked(stop);
            m_decoder.runLayer(layer, batch.sequences(), nullptr, x_TD, m_routing, &encoded);
            if (isMoe(layer))
                delivery.deliver(LayerId(layer));
            m_decoder.finishLayer(layer);
        }
        delivery.finish();
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
                                Generation& generation, RoutingSink& sink, bool wantNext) {
    const auto rows = std::int64_t(tokens.size());
    KvCache& cache = generation.cache;
    const Sequence sequence{0, rows, cache.length()};
    const at::Tensor x_TD = m_decoder.embed(tokens);
    for (std::int32_t layer = 0; layer < m_info.layers; ++layer) {
        m_decoder.runLayer(layer, std::span(&sequence, 1), &cache, x_TD, m_routing, &generation.encoded);
        if (!isMoe(layer))
            continue;
        if (unrecorded > 0) {
            m_routing.ids.erase(m_routing.ids.begin(), m_routing.ids.begin() + unrecorded * m_routing.topK);
            m_routing.weights.erase(m_routing.weights.begin(), m_routing.weights.begin() + unrecorded * m_routing.topK);
            m_routing.logits.erase(m_routing.logits.begin(), m_routing.logits.begin() + unrecorded * m_routing.experts);
            m_routing.tokens -= unrecorded;
        }
        deliverRouting(LayerId(layer), first, m_routing, sink);
        m_decoder.finishLayer(layer);
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
        if (!m_decoder.config().head)
            throw Error(ErrorCode::Unsupported, "an encoder has nothing to generate with; record without --generate");
        if (prompt.tokens.empty() && !prompt.bos)
            throw Error(ErrorCode::InvalidArgument, "generation needs a prompt: the text is empty");
        if (m_decoder.config().expertChoice > 0)
            throw Error(ErrorCode::Unsupported, "a model of expert choice cannot generate: its experts choose among "
                                                "tokens that are not there yet; record text without --generate");
        m_routing.unrecorded.clear();
        const std::int32_t count = options.count;
        Sampler sampler(options, std::uint64_t(prompt.first));
        // A decoder beside an encoder begins with its start token; the prompt is the encoder's.
        std::vector<std::int32_t> tokens;
        if (m_info.start || prompt.bos)
            tokens.push_back(m_info.start ? *m_info.start : *prompt.bos);
        const auto unrecorded = std::int64_t(tokens.size());
        TokenIndex index = prompt.first;
        if (m_encoder == nullptr) {
            tokens.insert(tokens.end(), prompt.tokens.begin(), prompt.tokens.end());
            sink.tokens({index, prompt.tokens, Phase::Prompt});
            index += TokenIndex(prompt.tokens.size());
        }
        Generation generation{m_decoder.makeCache(std::int64_t(tokens.size()) + count),
                              encode(std::span(&prompt, 1), stop)};
        generation.encoded.kept_SN.resize(std::size_t(m_info.layers));
        at::Tensor logits_1V = step(tokens, unrecorded, prompt.first, generation, sink, count > 0);
        const std::vector<std::int32_t>& eos = m_decoder.config().eos;
        for (std::int32_t i = 0; i < count; ++i, ++index) {
            stopIfAsked(stop);
            const std::span<const float> logits(dataOf<float>(logits_1V), std::size_t(logits_1V.size(1)));
            const std::int32_t next = sampler.choose(logits);
            output.push_back(next);
            const bool last = i + 1 == count || std::find(eos.begin(), eos.end(), next) != eos.end();
            sink.tokens({index, std::span(&next, 1), Phase::Generated});
            if (options.nll) {
                const float nll = nllOf(logits, next);
                sink.nll(index, std::span(&nll, 1));
            }
            logits_1V = step(std::span(&next, 1), 0, index, generation, sink, !last); // the last token is routed too
            if (last)
                break;
        }
    });
    return output;
}

namespace {

std::vector<Sequence> evenSequences(std::int64_t batch, std::int64_t length) {
    std::vector<Sequence> sequences;
    for (std::int64_t b = 0; b < batch; ++b)
        sequences.push_back({b * length, length, 0});
    return sequences;
}

void requireShape(std::span<const std::int64_t> ids, std::int64_t batch, std::int64_t length) {
    if (batch < 1 || length < 1 || std::int64_t(ids.size()) != batch * length)
        throw Error(ErrorCode::InvalidArgument, "input_ids do not have the shape stated for them");
}

} // namespace

ReferenceRun DecoderSession::referenceOf(std::span<const std::int64_t> inputIds, std::int64_t batch,
                                         std::int64_t length, EncoderOutput& encoded) {
    requireShape(inputIds, batch, length);
    ReferenceRun run;
    const std::vector<std::int32_t> tokens(inputIds.begin(), inputIds.end());
    m_routing.unrecorded.clear();
    const std::vector<Sequence> sequences = evenSequences(batch, length);
    const at::Tensor x_TD = m_decoder.embed(tokens);
    for (std::int32_t layer = 0; layer < m_info.layers; ++layer) {
        m_decoder.runLayer(layer, sequences, nullptr, x_TD, m_routing, &encoded);
        run.hidden.push_back(copyOf(x_TD));
        if (isMoe(layer))
            run.routing.push_back(routingOf(LayerId(layer), m_routing));
    }
    if (m_decoder.config().head)
        run.logits = copyOf(m_decoder.head().logits(x_TD, m_decoder.workspace()));
    else
        run.lastHiddenState = copyOf(m_decoder.lastHiddenState(x_TD));
    return run;
}

ReferenceRun DecoderSession::runReference(std::span<const std::int64_t> inputIds, std::int64_t batch,
                                          std::int64_t length) {
    if (m_encoder != nullptr)
        throw Error(ErrorCode::InvalidArgument, "a decoder beside an encoder needs ids of its own");
    ReferenceRun run;
    withoutTorchErrors([&] {
        const at::NoGradGuard noGrad;
        useThreads(m_info.threads);
        EncoderOutput none;
        run = referenceOf(inputIds, batch, length, none);
    });
    return run;
}

ReferenceRun DecoderSession::decodeReference(std::span<const std::int64_t> inputIds, std::int64_t batch,
                                             std::int64_t length, std::span<const std::int64_t> decoderIds) {
    if (m_encoder == nullptr)
        return InferenceSession::decodeReference(inputIds, batch, length, decoderIds);
    ReferenceRun run;
    withoutTorchErrors([&] {
        const at::NoGradGuard noGrad;
        useThreads(m_info.threads);
        requireShape(inputIds, batch, length);
        const std::vector<std::int32_t> tokens(inputIds.begin(), inputIds.end());
        EncoderOutput encoded = m_encoder->encodeRows(tokens, evenSequences(batch, length), {});
        run = referenceOf(decoderIds, batch, std::int64_t(decoderIds.size()) / batch, encoded);
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
        const WindowBatch batch(led(windows));
        EncoderOutput encoded = encode(windows, stop);
        const std::vector<std::int32_t> targets = batch.targets();
        const at::Tensor x_TD = m_decoder.embed(batch.tokens());
        BatchRouting routing;
        for (std::int32_t below = 0; below < layer.value; ++below) {
            stopIfAsked(stop);
            m_decoder.runLayer(below, batch.sequences(), nullptr, x_TD, routing, &encoded);
        }
        const at::Tensor from_TD = x_TD.clone();
        std::vector<float> lossOfRow(batch.tokens().size());
        for (std::size_t i = 0; i < interventions.size(); ++i) {
            checkIntervention(interventions[i], m_info.moeLayers);
            routing.intervention = interventions[i].isNone() ? nullptr : &interventions[i];
            x_TD.copy_(from_TD);
            for (std::int32_t above = layer.value; above < m_info.layers; ++above) {
                stopIfAsked(stop);
                m_decoder.runLayer(above, batch.sequences(), nullptr, x_TD, routing, &encoded);
            }
            m_decoder.head().nll(x_TD, targets, m_decoder.workspace(), lossOfRow);
            visit(i, batch.nllOf(lossOfRow));
        }
    });
}

} // namespace moescope
