#pragma once

#include <functional>
#include <memory>

#include "ui/state/reader.h"
#include "ui/text/token_text.h"

namespace moescope {

// The text of the run at hand, read once and followed while the run grows.
class RunText {
public:
    // Asks for what is missing; `grew` is called with each part that arrived. True where another text has begun.
    bool follow(Reader& reader, QObject* receiver, const RunInfo& run, std::function<void(const TokenTextPart&)> grew);
    void clear();
    const std::shared_ptr<TokenText>& text() const { return m_text; }

private:
    std::shared_ptr<TokenText> m_text;
    RunId m_run;
    RunState m_state = RunState::Complete;
    TokenIndex m_asked = -1; // tokens of the run when it was asked last
};

} // namespace moescope
