#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/routing/ids.h"
#include "engine/routing/layer_summary.h"
#include "engine/routing/routing_block.h"
#include "engine/routing/run_spec.h"

namespace moescope {

// A run as a reader sees it.
struct RunInfo {
    RunId id;
    RunSpec spec;
    RunState state = RunState::Complete;
    TokenIndex tokens = 0; // recorded for every layer
    std::string note;
    std::string created; // ISO 8601, UTC
    std::vector<DocumentInfo> documents;
    std::vector<std::string> domains;          // in order of first appearance
    std::vector<std::int32_t> documentDomains; // [documents] index into domains
};

// What part of a run a page or an export speaks of. Empty lists mean all.
struct RunFilter {
    std::vector<LayerId> layers;
    std::vector<ExpertId> experts;
    std::vector<std::string> domains;
    std::vector<std::int32_t> documents; // indices into RunInfo::documents
    TokenIndex tokenBegin = 0;
    TokenIndex tokenEnd = -1; // -1: to the end

    bool everyToken() const {
        return domains.empty() && documents.empty() && tokenBegin == 0 && tokenEnd < 0;
    }
    friend bool operator==(const RunFilter&, const RunFilter&) = default;
};

struct TokenRecord {
    TokenIndex token = 0;
    std::int32_t document = 0;
    std::int64_t position = 0; // within its document
    std::int32_t tokenId = 0;
    Phase phase = Phase::Prompt;
    float nll = 0;     // NaN: none
    std::string text;  // the token's bytes, possibly part of a character; empty where no text is kept
};

struct TokenRouteLayer {
    LayerId layer;
    std::vector<std::uint16_t> ids; // [topK]
    std::vector<float> weights;     // [topK]
    std::vector<float> logits;      // [experts]; empty where not recorded
};

// An open recording, read only. Never blocks a writer and holds no transaction between calls. Not thread safe: each
// thread opens its own (`reopen`). Throws Error (NotFound, Corruption, Unsupported for a newer schema).
class Recording {
public:
    static std::unique_ptr<Recording> open(const std::filesystem::path& file);
    ~Recording();

    std::unique_ptr<Recording> reopen() const;
    const std::filesystem::path& file() const;

    std::vector<RunInfo> runs() const;
    // By id or name; empty: the latest.
    RunInfo run(std::string_view idOrName) const;

    // One summary per layer of the filter. Reads only the stored sums where the filter takes every token or whole
    // domains' assignments are enough; else it scans the blocks.
    std::vector<LayerSummary> summaries(const RunInfo& run, const RunFilter& filter) const;

    // Blocks in order of layer, then token; a block holds only tokens the filter takes (consecutive ones).
    void eachRouting(const RunInfo& run, const RunFilter& filter, bool logits,
                     const std::function<void(const RoutingBlock&)>& visit) const;

    std::vector<TokenRecord> tokens(const RunInfo& run, TokenIndex begin, TokenIndex end) const;
    std::vector<TokenRouteLayer> route(const RunInfo& run, TokenIndex token) const;
    // The piece of a vocabulary id as recorded; empty where no text is kept.
    std::string piece(const RunInfo& run, std::int32_t tokenId) const;

private:
    struct Impl;
    explicit Recording(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace moescope
