#pragma once

#include <functional>
#include <stop_token>
#include <vector>

#include "app/service/observed_sink.h"
#include "app/service/record_plan.h"

namespace moescope {

class RunWriter;
class Tokenizer;

struct GenerationOptions {
    std::int64_t tokens = 0; // at most so many for each document
    double temperature = 0;  // 0: greedy
    double topP = 1;
    std::uint64_t seed = 0;
    std::int64_t context = 0; // tokens of a window; the last window of a document is the prompt
    std::optional<std::int32_t> bos;
    bool nll = true;
    const Tokenizer* tokenizer = nullptr; // for the pieces of generated tokens; null: none are kept
};

// Records each document of a plan and what the model goes on with, document by document: earlier windows are prefilled,
// the last one is the prompt. Documents grow by what is generated, so that their places are known only as they come.
// Of a decoder beside an encoder, which reads the prompt, documents are what is generated and nothing else.
class GenerationRun {
public:
    // `before`: the documents that the writer holds whole already (a resumed run).
    GenerationRun(InferenceSession& session, RunWriter& writer, const RecordPlan& plan,
                  const GenerationOptions& options, std::vector<DocumentInfo> before,
                  std::function<void(TokenIndex)> progress);

    void run(std::stop_token stop);

    const std::vector<DocumentInfo>& documents() const { return m_documents; }
    std::int64_t generated() const { return m_generated; }

    // What a run over the plan's first document announces before anything is recorded.
    static std::vector<DocumentInfo> announced(const InferenceSession& session, const RecordPlan& plan,
                                               const GenerationOptions& options);

private:
    void runDocument(const DocumentInfo& document, const std::stop_token& stop);
    void prefillEarlier(std::span<const std::int32_t> text, TokenIndex first, const std::stop_token& stop);
    void prefill(const Window& window, RoutingSink& sink, const std::stop_token& stop);
    void announce(const DocumentInfo& document, TokenIndex first, std::int64_t tokens);

    InferenceSession& m_session;
    RunWriter& m_writer;
    const RecordPlan& m_plan;
    GenerationOptions m_options;
    std::vector<DocumentInfo> m_documents; // recorded
    std::int64_t m_generated = 0;
    ObservedSink m_sink;
};

} // namespace moescope
