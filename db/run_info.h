#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "engine/routing/ids.h"
#include "engine/routing/routing_block.h"
#include "engine/routing/run_spec.h"

namespace moescope {

// A run as a reader sees it.
struct RunInfo {
    RunId id;
    RunSpec spec;
    RunState state = RunState::Complete; // a recording whose writer is gone is Interrupted
    TokenIndex tokens = 0;               // recorded for every layer
    std::string note;
    std::string created;           // ISO 8601, UTC
    RunId linked;                  // the run of the model's other stack; RunId{}: none
    RunId training;                // a snapshot of a training: the run with its steps; else RunId{}
    std::int64_t trainingStep = 0; // the snapshot's step
    std::vector<DocumentInfo> documents;
    std::vector<std::string> domains;          // in order of first appearance
    std::vector<std::int32_t> documentDomains; // [documents] index into domains
};

// What part of a run a page or an export speaks of. Empty lists mean all.
struct RunFilter {
    std::vector<LayerId> layers;
    std::vector<ExpertId> experts; // rows of tables; blocks and sums always hold every expert
    std::vector<std::string> domains;
    std::vector<std::int32_t> documents; // indices into RunInfo::documents
    TokenIndex tokenBegin = 0;
    TokenIndex tokenEnd = -1; // -1: to the end
    // Only tokens of these vocabulary ids (ascending), where tokenText says how they were found; empty: all tokens.
    std::string tokenText;
    std::vector<std::int32_t> tokenIds;

    bool wholeDomains() const { return documents.empty() && tokenBegin == 0 && tokenEnd < 0 && tokenText.empty(); }
    bool everyToken() const { return domains.empty() && wholeDomains(); }
    friend bool operator==(const RunFilter&, const RunFilter&) = default;
};

struct TokenRecord {
    TokenIndex token = 0;
    std::int32_t document = 0;
    std::int64_t position = 0; // within its document
    std::int32_t tokenId = 0;
    Phase phase = Phase::Prompt;
    float nll = 0;    // NaN: none
    std::string text; // the token's bytes, possibly part of a character; empty where no text is kept
};

// Means in nats over a run's tokens that have an nll; NaN: none has.
struct MeanNll {
    double prompt = std::numeric_limits<double>::quiet_NaN(); // of the texts
    double generated = std::numeric_limits<double>::quiet_NaN();
};

struct TokenRouteLayer {
    LayerId layer;
    std::vector<std::uint16_t> ids; // [topK]
    std::vector<float> weights;     // [topK]
    std::vector<float> logits;      // [experts]; empty where not recorded
};

// The bytes a vocabulary id stands for.
struct Piece {
    std::int32_t tokenId = 0;
    std::string bytes;
};

} // namespace moescope
