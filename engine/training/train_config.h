#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/routing/train_step.h"

namespace moescope {

// A small Mixtral-layout language model and how to train it. Losses are means over tokens, in nats.
struct TrainConfig {
    // model
    std::int32_t layers = 6;
    std::int32_t width = 256; // hidden size
    std::int32_t heads = 8;
    std::int32_t kvHeads = 0; // key/value heads; 0: as many as heads
    std::int32_t experts = 16;
    std::int32_t topK = 2;
    std::int32_t ffn = 128; // intermediate size of one expert
    std::int32_t vocabulary = 0;
    bool tieEmbeddings = true;
    float ropeTheta = 10000.0F;
    float normEps = 1e-5F;
    // balancing
    std::string strategy = "aux+z";     // see engine/training/strategies/make_strategy.h
    float auxCoefficient = 0.01F;       // of auxiliary losses (aux, switch, gshard, sequence), averaged over layers
    float zCoefficient = 0.001F;        // router z-loss (ST-MoE)
    float noisyCoefficient = 0.2F;      // Shazeer's importance and load losses, of each layer; noisy-both halves it
    float biasRate = 0.001F;            // aux-free: how far a bias moves after a step
    bool sigmoidScore = true;           // aux-free: sigmoid as in DeepSeek-V3, or softmax
    float capacityFactor = 1.25F;       // switch and gshard: places of each sequence
    std::int32_t groups = 4;            // group-limited: runs of experts, of which a token uses
    std::int32_t topkGroups = 1;        // this many
    std::int32_t sharedExperts = 0;     // experts that every token passes, beside the routed ones
    float routerJitter = 0;             // factor 1 +- this on the router's input (Switch Transformers)
    bool checkpointActivations = false; // keep only what enters a layer and compute the rest again: less memory
    // optimisation
    std::int32_t context = 512;      // tokens per sequence
    std::int32_t batchTokens = 8192; // tokens per step
    std::int64_t steps = 0;
    std::int64_t warmup = 200;
    float learningRate = 2e-3F;
    float finalLearningRate = 0.05F; // fraction of the peak at the end of the cosine
    float weightDecay = 0.1F;
    float beta1 = 0.9F;
    float beta2 = 0.95F;
    float gradientClip = 1.0F;
    std::uint64_t seed = 1;
    int threads = 0;
    std::string compute = "auto"; // matrix products: f32, or bf16 with f32 accumulation and master weights
    // output
    std::filesystem::path out; // checkpoint folder: Hugging Face's Mixtral layout plus trainer_state for resuming
    std::int64_t checkpointEvery = 500;
    std::int64_t snapshotEvery = 0; // also a checkpoint at its multiples, announced as a snapshot; 0: none
    bool resume = false;
};

// Token streams by domain; every step draws its sequences evenly over domains.
struct TrainData {
    struct Domain {
        std::string name;
        std::vector<std::int32_t> tokens; // documents joined, each behind the beginning-of-sequence token
        double weight = 1.0;
    };
    std::vector<Domain> domains;
    std::optional<std::int32_t> bos; // put in front of every sequence
};

class TrainObserver {
public:
    virtual ~TrainObserver() = default;
    virtual void step(const TrainStep& step) = 0;
    virtual void checkpoint(std::int64_t step, const std::filesystem::path& folder) = 0;
    // A checkpoint was written at a multiple of snapshotEvery: the moment to look at the model.
    virtual void snapshot(std::int64_t, const std::filesystem::path&) {}
};

} // namespace moescope
