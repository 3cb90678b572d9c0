#include "ui/pages/run_text.h"

#include "ui/data/layer_routing.h"

namespace moescope {

void RunText::clear() {
    m_text.reset();
    m_asked = -1;
}

bool RunText::follow(Reader& reader, QObject* receiver, const RunInfo& run,
                     std::function<void(const TokenTextPart&)> grew) {
    const bool same = m_text && m_run == run.id && m_text->documents().size() == run.documents.size();
    if (same && m_asked == run.tokens && m_state == run.state) {
        return false;
    }
    if (!same) {
        m_text = std::make_shared<TokenText>(run.documents);
    }
    m_run = run.id;
    m_state = run.state;
    m_asked = run.tokens;
    reader.stream<TokenTextPart>(
        QStringLiteral("text"), receiver,
        [run, from = m_text->tokens()](const Recording& recording, std::stop_token stop, const DeliverText& deliver) {
            readTokenText(recording, run, from, stop, deliver);
        },
        [text = m_text, grew](const std::shared_ptr<const TokenTextPart>& part) {
            text->append(*part);
            grew(*part);
        });
    return !same;
}

} // namespace moescope
