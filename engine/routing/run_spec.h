#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/routing/ids.h"
#include "engine/routing/moe_config.h"

namespace moescope {

enum class LogitStorage : std::uint8_t { None, F16, F32 };

// What a run's source could give. Anything that needs more says so instead of showing zeros.
enum class RunContent : std::uint8_t { Full, RoutesOnly, CountsOnly };

enum class RunState : std::uint8_t { Recording, Complete, Interrupted };

// A document of a run: consecutive tokens of one text. Windows of `RunSpec::context` tokens are cut within it.
struct DocumentInfo {
    std::string name;
    std::string domain;
    TokenIndex first = 0;
    std::int64_t tokens = 0;
};

// What a run is, fixed when it starts.
struct RunSpec {
    std::string name; // unique in a file
    std::string model;
    std::string family;
    std::string stack = "decoder"; // "encoder" or "decoder"
    std::vector<MoeLayerInfo> layers;
    std::int32_t vocabulary = 0;
    std::int32_t context = 0; // tokens per window; 0: whole documents
    LogitStorage logits = LogitStorage::F32;
    RunContent content = RunContent::Full;
    bool text = true; // pieces of the vocabulary are stored
    bool nll = false;
    // Ordered key/value facts: model and tokenizer hash, dtype, device, threads, seed, command line, versions,
    // input hash. Shown by `moescope runs`; `resumeKey` below is what must agree to resume.
    std::vector<std::pair<std::string, std::string>> provenance;
    std::string resumeKey; // hash over everything that changes what would be recorded

    // nullptr: the run has no such layer.
    const MoeLayerInfo* findLayer(LayerId layer) const {
        const auto at = std::ranges::find(layers, layer, &MoeLayerInfo::layer);
        return at == layers.end() ? nullptr : &*at;
    }
};

} // namespace moescope
