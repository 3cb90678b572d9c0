#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/routing/run_spec.h"
#include "engine/session/engine.h"

namespace moescope {

// A document as token ids.
struct TokenDocument {
    std::string name;
    std::string domain;
    std::vector<std::int32_t> tokens;
};

struct PlanOptions {
    std::int64_t context = 0;     // tokens per window
    std::int64_t batchTokens = 0; // whole windows up to so many tokens make a batch; at least one window
    std::int64_t limit = 0;       // at most so many tokens, cutting the last document; 0: all
    std::optional<std::int32_t> bos;
};

// How the tokens of a run go through the model: documents cut into windows, windows gathered into batches. A pure
// function of its inputs, so that a resumed run forms the same batches and records the same bytes.
class RecordPlan {
public:
    RecordPlan(std::vector<TokenDocument> documents, const PlanOptions& options);
    RecordPlan(RecordPlan&&) = default; // windows point into m_tokens, which a move keeps in place
    RecordPlan& operator=(RecordPlan&&) = default;

    // Empty documents have no place in a run and are left out.
    const std::vector<DocumentInfo>& documents() const { return m_documents; }
    std::span<const std::int32_t> tokens() const { return m_tokens; }
    std::size_t batches() const { return m_batchEnds.size(); }
    std::span<const Window> batch(std::size_t index) const;
    TokenIndex batchBegin(std::size_t index) const;
    TokenIndex batchEnd(std::size_t index) const;

    // The batch that starts at `token`, or nothing where no batch boundary is there. batches() for the end.
    std::optional<std::size_t> batchAt(TokenIndex token) const;

private:
    void addDocument(TokenDocument document, std::int64_t take);
    void cutWindows(const PlanOptions& options);
    void gatherBatches(std::int64_t batchTokens);

    std::vector<DocumentInfo> m_documents;
    std::vector<std::int32_t> m_tokens;
    std::vector<Window> m_windows;
    std::vector<std::size_t> m_batchEnds; // index into m_windows behind each batch
};

} // namespace moescope
