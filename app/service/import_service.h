#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/routing/ids.h"
#include "engine/routing/run_spec.h"

namespace moescope {

enum class ImportFormat : std::uint8_t {
    Detect,
    Counts,      // CSV: layer,expert,count or layer,expert,domain,count
    Safetensors, // router_logits.I, topk_ids.I, topk_weights.I, input_ids
};

struct ImportRequest {
    std::vector<std::filesystem::path> files; // a run each
    std::filesystem::path db;
    ImportFormat format = ImportFormat::Detect;
    std::string name;            // of the run, for a single file; empty: the file's name
    std::filesystem::path model; // a model's folder: its gate and tokenizer; empty: not known
    std::int32_t topK = 0;       // experts for each token where the file does not say; 0: not known
    std::int32_t experts = 0;    // of a layer where the file does not say; 0: the largest id + 1
    std::string commandLine;     // for provenance; may be empty
};

// Follows an import. Called from the thread that imports.
class ImportObserver {
public:
    virtual ~ImportObserver() = default;
    virtual void started(const std::string& /*run*/) {}
    virtual void progress(TokenIndex /*done*/, TokenIndex /*total*/) {}
    virtual void note(const std::string& /*words*/) {} // something the reader of the figures must know
};

struct ImportedRun {
    std::string run;
    RunContent content = RunContent::Full;
    std::int64_t tokens = 0;
    std::int64_t layers = 0;
    std::int32_t experts = 0;
    std::int32_t topK = 0;
};

// "counts", "safetensors"; "auto" detects. Throws Error(InvalidArgument).
ImportFormat importFormatNamed(const std::string& name);

// Brings routing recorded elsewhere into a recording. What a source does not hold is not made up: a run of counts has
// no tokens, one without logits no logits. Synchronous. Throws Error: NotFound, Io, Corruption naming file and place,
// InvalidArgument, Unsupported (a format not known), Conflict (the name is taken), Cancelled.
class ImportService {
public:
    std::vector<ImportedRun> import(const ImportRequest& request, ImportObserver& observer, std::stop_token stop = {});
};

} // namespace moescope
