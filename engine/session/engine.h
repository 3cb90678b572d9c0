#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/checkpoint/memory_plan.h"
#include "engine/routing/error.h"
#include "engine/routing/routing_sink.h"
#include "engine/routing/run_spec.h"

namespace moescope {

struct Intervention;
class TrainObserver;
struct TrainConfig;
struct TrainData;

struct SessionOptions {
    std::filesystem::path model;        // a folder in Hugging Face's layout
    std::string device = "auto";        // auto, cpu, cuda, cuda:N
    std::string dtype = "auto";         // auto (the checkpoint's, where the device is fast at it), f32, bf16, f16
    int threads = 0;                    // 0: one for each core
    std::string expertWeights = "auto"; // auto (the dtype), int8 (on a CPU, and only where asked for)
};

struct ModelInfo {
    std::string family;
    std::string stack = "decoder"; // or "encoder"
    std::int32_t layers = 0;
    std::int32_t hidden = 0;
    std::int32_t vocabulary = 0;
    std::vector<MoeLayerInfo> moeLayers;
    std::int64_t parameters = 0;
    std::optional<std::int32_t> start; // a decoder beside an encoder: what each of its texts begins with, unrecorded
    std::string device;                // as chosen: "cpu", "cuda:0"
    std::string dtype;                 // as chosen: "f32", "bf16", "f16"
    std::string expertWeights;         // what experts are kept and multiplied in: the dtype, or "int8"
    int threads = 0;
    MemoryPlan memory;
    bool expertChoice = false; // experts choose among the tokens that run together
};

// A window of consecutive tokens of one document that the model sees at once.
struct Window {
    TokenIndex first = 0; // run index of tokens[0]
    std::span<const std::int32_t> tokens;
    std::optional<std::int32_t> bos; // seen by the model in front of the window, never recorded
};

struct PrefillOptions {
    bool nll = true;
};

// How generation goes on behind a prompt.
struct GenerateOptions {
    std::int32_t count = 0; // tokens at most
    double temperature = 0; // 0: always the likeliest token; else draws from softmax(logits / temperature)
    double topP = 1;        // of the likeliest tokens that together have this probability
    std::uint64_t seed = 0;
    bool nll = false; // delivers the nll of generated tokens
};

// Everything a reference dump can hold, for `verify`. Row-major; token n = b * T + t.
struct ReferenceRun {
    std::vector<float> logits;              // [B, T, V]; empty for an encoder
    std::vector<float> lastHiddenState;     // [B, T, H] behind the final norm; encoders only
    std::vector<std::vector<float>> hidden; // per layer [B, T, H], the residual stream after it
    struct Routing {
        LayerId layer;
        std::vector<float> routerLogits; // [N, E]
        std::vector<std::int64_t> ids;   // [N, k]
        std::vector<float> weights;      // [N, k]
    };
    std::vector<Routing> routing;
};

// A model loaded for inference. One thread at a time.
class InferenceSession {
public:
    virtual ~InferenceSession() = default;
    virtual const ModelInfo& info() const = 0;

    // Of an encoder-decoder model this session is the encoder; its decoder is a session of its own, which lives as long
    // as this one. It runs the encoder, with what interventions that has, over each window (whose bos only the encoder
    // sees) and itself over the same tokens behind its start token: teacher forcing, each token predicted from the
    // encoder's reading of the whole window and the tokens before. generate() begins with the start token, so that only
    // the output is delivered and token n of it has run index first + n. Null for every other model.
    virtual InferenceSession* decoder() { return nullptr; }

    // Runs the windows of a batch layer by layer (every weight is read once per batch) and delivers routing (and nll)
    // to the sink; windows must be consecutive in run index. The caller announces tokens and commits.
    // Throws Error(Cancelled) when `stop` is requested, between layers.
    virtual void prefill(std::span<const Window> batch, const PrefillOptions& options, RoutingSink& sink,
                         std::stop_token stop) = 0;

    // Continues `prompt` by at most options.count tokens with a key/value cache, stopping at an end-of-sequence
    // token. The prompt's tokens are routed too and delivered first; generated tokens follow with Phase::Generated.
    // Token n of prompt + output has run index first + n. Tokens and routing go to the sink, and where asked for the
    // nll of every generated token: -ln P under the model's own distribution (temperature 1, all tokens) where it was
    // chosen. That of the prompt is prefill's.
    virtual std::vector<std::int32_t> generate(const Window& prompt, const GenerateOptions& options, RoutingSink& sink,
                                               std::stop_token stop) = 0;

    // Runs input_ids [batch, length] and keeps everything (small inputs only).
    virtual ReferenceRun runReference(std::span<const std::int64_t> inputIds, std::int64_t batch,
                                      std::int64_t length) = 0;

    // A decoder beside an encoder: the encoder runs input_ids, the decoder its own ids [batch, n], the start token
    // first.
    virtual ReferenceRun decodeReference(std::span<const std::int64_t> inputIds, std::int64_t batch,
                                         std::int64_t length, std::span<const std::int64_t> decoderIds) {
        (void)inputIds, (void)batch, (void)length, (void)decoderIds;
        throw Error(ErrorCode::InvalidArgument, "this model has no decoder beside an encoder");
    }

    // Changes the routes of every prefill and generation from now on; an empty one ends that. Throws
    // Error(InvalidArgument) naming what the model does not have.
    virtual void intervene(const Intervention& intervention) = 0;

    // The batch's nll under each intervention in turn, all at or above `layer`: what lies below runs only once.
    // visit(i, nll): -ln P of every recorded token of the batch, NaN where it has none; valid during the call.
    // Throws Error(Cancelled) when `stop` is requested.
    virtual void nllUnder(std::span<const Window> batch, LayerId layer, std::span<const Intervention> interventions,
                          const std::function<void(std::size_t, std::span<const float>)>& visit,
                          std::stop_token stop) = 0;
};

// The part of the program that needs LibTorch: a module opened on first use (see engine_loader.h).
class Engine {
public:
    virtual ~Engine() = default;
    virtual std::unique_ptr<InferenceSession> open(const SessionOptions& options) = 0;
    // See engine/training/train_config.h.
    virtual void train(const TrainConfig& config, const TrainData& data, TrainObserver& observer,
                       std::stop_token stop) = 0;
    // FLOP/s of a large square matrix product in a dtype on this machine, the limit that `bench` compares with.
    virtual double gemmPeak(const std::string& dtype, int threads) = 0;
    virtual std::string versions() const = 0; // "LibTorch 1.13.1, oneDNN 2.6.3"
};

} // namespace moescope
