#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/training/train_config.h"

namespace moescope {

class Engine;

// What to train: the same small model under each strategy and seed, on the same data in the same order.
struct TrainRequest {
    TrainConfig config; // strategy, seed, vocabulary and out are set for each model
    std::vector<std::string> strategies = {"aux+z"};
    std::int64_t seeds = 1;               // models for each strategy: seeds config.seed, config.seed + 1, ...
    std::filesystem::path data;           // a folder whose sub-folders name domains
    std::filesystem::path tokenizer;      // a tokenizer.json or a folder with one; empty: data's own
    std::filesystem::path out;            // the checkpoint; a folder of checkpoints where several are trained
    std::filesystem::path db;             // steps and a recording of held-out text are written here
    std::int64_t validationTokens = 4096; // of each domain held out and recorded at the end
    std::int64_t snapshotTokens = 512;    // of those, what is recorded every config.snapshotEvery steps
    std::string logits = "auto";          // of the recording at the end: auto, f32, f16, none
    std::string commandLine;              // for provenance; may be empty
};

struct TrainedModel {
    std::string run; // its name in the recording
    std::filesystem::path folder;
    std::string strategy;
    std::uint64_t seed = 0;
    std::int64_t steps = 0;
    std::int64_t tokens = 0;
    double loss = 0;          // of the last step, nats
    double validationNll = 0; // mean over the held-out tokens, nats
    double seconds = 0;       // of training in this call
};

// Follows a training. Called from the thread that trains, except reading, which may come from others.
class TrainFollower {
public:
    virtual ~TrainFollower() = default;
    virtual void reading(std::int64_t documents, std::int64_t of) = 0;
    // The model-th of `models` begins; model counts from 1.
    virtual void started(const std::string& run, std::int64_t steps, std::int64_t model, std::int64_t models) = 0;
    virtual void step(const TrainStep& step) = 0;
    virtual void recording(std::int64_t tokens, std::int64_t of) = 0;
};

// Texts -> tokens -> Engine::train, step by step into the recording, now and then with a snapshot: a run RUN@STEP of
// some held-out text -> the held-out text through the trained model.
class TrainService {
public:
    explicit TrainService(Engine& engine) : m_engine(engine) {}

    // Trains what is not trained yet. Throws Error: Cancelled when stopped (a checkpoint is written and `resume` goes
    // on from it), and what reading, training and recording throw.
    std::vector<TrainedModel> train(const TrainRequest& request, TrainFollower& follower, std::stop_token stop);

private:
    Engine& m_engine;
};

} // namespace moescope
