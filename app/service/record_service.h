#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "datasets/document_reader.h"
#include "db/run_info.h"
#include "engine/routing/intervention.h"

namespace moescope {

class Engine;
class InferenceSession;
struct MemoryPlan;
struct RecordInput;

// What to record: one recording of a model over texts. Exactly one of `inputs`, `text` and `tokenIds` is given.
struct RecordRequest {
    std::filesystem::path model; // a folder in Hugging Face's layout
    std::filesystem::path db;    // created when it does not exist
    std::vector<TextInput> inputs;
    std::optional<std::string> text;
    std::optional<std::filesystem::path> tokenIds; // JSON: an array of arrays of ids, one per document
    std::string name;                              // empty: the model's name, made unique in the file
    std::string device = "auto";                   // auto, cpu, cuda, cuda:N
    std::string dtype = "auto";                    // auto, f32, bf16, f16
    std::string expertWeights = "auto";            // auto: as the dtype; int8
    std::string logits = "auto";                   // auto: f32 up to 64 experts, f16 above; f32, f16, none
    std::int64_t context = 512;                    // tokens per window
    std::int64_t batchTokens = 8192; // tokens the engine runs layer by layer at once, rounded down to whole windows
    std::int64_t limit = 0;          // at most so many tokens; 0: all
    std::int64_t generate = 0;       // tokens to generate after each document; from it, where an encoder reads it
    double temperature = 0;          // of generation; 0: always the likeliest token
    double topP = 1;
    std::uint64_t seed = 0;
    int threads = 0; // 0: one for each core
    bool nll = true;
    bool keepText = true;
    Intervention intervention; // done to the routes, and so to the computation
    bool resume = false;       // go on with the interrupted run of this name (without one: of the same recording)
    std::string commandLine;   // for provenance; may be empty
};

struct RecordProgress {
    std::int64_t done = 0; // tokens recorded
    std::int64_t total = 0;
    std::int64_t resumed = 0; // of those done, how many were there before
};

// Follows a recording. Called from the thread that records.
class RecordObserver {
public:
    virtual ~RecordObserver() = default;
    // Before anything runs: how the model's weights will be held. The default says nothing.
    virtual void planned(const MemoryPlan& plan, std::int64_t batchTokens, int threads);
    // With `resume` and no name: the file holds runs of this model, but none recorded this way, so that a new one
    // begins. `why` says what differs from the latest.
    virtual void beganAnew(const std::string& why);
    virtual void started(const std::string& run, const RecordProgress& progress) = 0;
    virtual void progress(const RecordProgress& progress) = 0;
};

struct RecordSummary {
    std::int64_t id = 0; // of the run in the file
    std::string run;     // its name
    std::string model;
    std::string device;        // as chosen
    std::string dtype;         // as chosen
    std::string expertWeights; // the dtype, or int8
    std::string capacity;      // of an intervention, in words; empty without one
    std::int64_t documents = 0;
    std::int64_t tokens = 0;    // in the run
    std::int64_t resumed = 0;   // of those, recorded before this call
    std::int64_t generated = 0; // by this call
    double seconds = 0;         // from the first batch to the last commit
    double tokensPerSecond = 0;
    MeanNll meanNll;                             // of the whole run, with what was recorded before this call
    std::shared_ptr<const RecordSummary> linked; // of an encoder-decoder model: the decoder's run; null for others
};

// Texts -> tokens -> windows -> batches -> InferenceSession -> the recording. Synchronous; holds no state between
// calls. An encoder-decoder model makes two linked runs, NAME/encoder and then NAME/decoder: the encoder's over the
// texts; the decoder's over the same texts, each window predicted from the encoder's reading of it (teacher forcing),
// or with `generate` over what it generates from each document's last window. Interventions are the encoder's.
class RecordService {
public:
    explicit RecordService(Engine& engine) : m_engine(engine) {}

    // Throws Error: Cancelled when stopped (what is committed stays and `resume` goes on from it), Conflict when a
    // resumed run's inputs or options changed or a name is taken, and whatever reading, computing and storing throw.
    RecordSummary record(const RecordRequest& request, RecordObserver& observer, std::stop_token stop);

    // The same with an input that is read and a model that is open, for callers that go on with both. The session is
    // left with the request's intervention.
    RecordSummary record(const RecordRequest& request, RecordInput input, InferenceSession& session,
                         RecordObserver& observer, std::stop_token stop);

private:
    Engine& m_engine;
};

} // namespace moescope
