#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "engine/checkpoint/memory_plan.h"
#include "engine/checkpoint/model_config.h"

namespace moescope {

// What `inspect` tells of a model from config.json and, where weights are present, the safetensors headers; no weight
// is read. Parameters count both embeddings unless they are tied; active ones are those a token meets: everything
// but the experts it is not sent to.
struct ModelInspection {
    ModelConfig config;
    std::int64_t totalParameters = 0;
    std::int64_t activeParameters = 0;
    std::int64_t expertParameters = 0;     // all experts of all layers
    double flopsPerToken = 0;              // of a prompt token without the head, attention over short contexts ignored
    double flopsPerTokenWithHead = 0;      // with the head, as for nll or generation
    double attentionFlopsPerKey = 0;       // to be added for each key a token attends to
    std::int64_t kvCacheBytesPerToken = 0; // in 16-bit elements
    std::map<std::string, std::int64_t> weightBytes; // needed by dtype: "f32", "bf16", "f16"
    std::int64_t int8ExpertBytes = 0;                // of all weights in bf16 but the experts, which are in int8
    std::int64_t storedBytes = 0;                    // of the checkpoint's tensors; 0: no weights beside the config
    std::map<std::string, std::int64_t> storedByDtype;
    MemoryPlan plan;            // on this machine, now
    std::string_view planDtype; // what the plan is made for: "bf16" for 16-bit and quantised weights, else "f32"
};

// Throws Error as readModelConfig, Checkpoint and checkTensors do. A folder that holds only config.json is fine.
ModelInspection inspectModel(const std::filesystem::path& folder);
// The figures that follow from a configuration alone.
ModelInspection inspectConfig(const ModelConfig& config);

} // namespace moescope
