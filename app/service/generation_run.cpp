#include "app/service/generation_run.h"

#include <algorithm>

#include "app/service/record_setup.h"
#include "db/run_writer.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

// Lets the nll of a window through and nothing else: generate() routes the prompt itself.
class NllOnly : public RoutingSink {
public:
    explicit NllOnly(RoutingSink& target) : m_target(target) {}
    void tokens(const TokenBlock&) override {}
    void routing(const RoutingBlock&) override {}
    void nll(TokenIndex first, std::span<const float> values) override { m_target.nll(first, values); }
    void commit(TokenIndex) override {}

private:
    RoutingSink& m_target;
};

} // namespace

GenerationRun::GenerationRun(InferenceSession& session, RunWriter& writer, const RecordPlan& plan,
                             const GenerationOptions& options, std::vector<DocumentInfo> before,
                             std::function<void(TokenIndex)> progress)
    : m_session(session), m_writer(writer), m_plan(plan), m_options(options), m_documents(std::move(before)),
      m_sink(writer, std::int64_t(session.info().moeLayers.size()), std::move(progress)) {}

std::vector<DocumentInfo> GenerationRun::announced(const InferenceSession& session, const RecordPlan& plan,
                                                   const GenerationOptions& options) {
    DocumentInfo first = plan.documents().front();
    first.tokens = (session.info().start ? 0 : first.tokens) + options.tokens;
    return {first};
}

void GenerationRun::run(std::stop_token stop) {
    m_sink.startAt(m_writer.committed());
    for (std::size_t d = m_documents.size(); d < m_plan.documents().size(); ++d)
        runDocument(m_plan.documents()[d], stop);
}

void GenerationRun::announce(const DocumentInfo& document, TokenIndex first, std::int64_t tokens) {
    std::vector<DocumentInfo> all = m_documents;
    all.push_back({document.name, document.domain, first, tokens});
    m_writer.setDocuments(all);
}

void GenerationRun::prefill(const Window& window, RoutingSink& sink, const std::stop_token& stop) {
    m_session.prefill(std::span(&window, 1), {m_options.nll}, sink, stop);
}

void GenerationRun::prefillEarlier(std::span<const std::int32_t> text, TokenIndex first, const std::stop_token& stop) {
    for (std::size_t at = 0; at < text.size(); at += std::size_t(m_options.context)) {
        const Window window{first + TokenIndex(at), text.subspan(at, std::size_t(m_options.context)), m_options.bos};
        m_sink.tokens({window.first, window.tokens, Phase::Prompt});
        prefill(window, m_sink, stop);
    }
}

void GenerationRun::runDocument(const DocumentInfo& document, const std::stop_token& stop) {
    if (stop.stop_requested())
        throw Error(ErrorCode::Cancelled, "stopped");
    const bool beside = m_session.info().start.has_value();
    const TokenIndex first = m_documents.empty() ? 0 : m_documents.back().first + m_documents.back().tokens;
    const std::int64_t recorded = beside ? 0 : document.tokens; // of the text itself
    announce(document, first, recorded + m_options.tokens);
    const auto text = m_plan.tokens().subspan(std::size_t(document.first), std::size_t(document.tokens));
    const std::int64_t prompt = (document.tokens - 1) / m_options.context * m_options.context;
    if (!beside)
        prefillEarlier(text.first(std::size_t(prompt)), first, stop);
    const Window last{beside ? first : first + prompt, text.subspan(std::size_t(prompt)), m_options.bos};
    const auto output = m_session.generate(
        last, {std::int32_t(m_options.tokens), m_options.temperature, m_options.topP, m_options.seed, m_options.nll},
        m_sink, stop);
    if (m_options.nll && !beside) {
        NllOnly nll(m_sink);
        prefill(last, nll, stop);
    }
    const std::int64_t tokens = recorded + std::int64_t(output.size());
    announce(document, first, tokens);
    if (m_options.tokenizer)
        m_writer.addPieces(piecesOf(output, *m_options.tokenizer));
    m_documents.push_back({document.name, document.domain, first, tokens});
    m_generated += std::int64_t(output.size());
    m_sink.commit(first + tokens);
}

} // namespace moescope
