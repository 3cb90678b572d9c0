#pragma once

#include "app/service/recording.h"

namespace moescope {

// The filter with the vocabulary ids that its tokenText asks for: "#N" is an id, "/PATTERN/" a regular expression that
// a token's text must match somewhere, anything else a text that it must hold. Unchanged where tokenText is empty.
// Throws Error: InvalidArgument for a pattern that is none, Unsupported for text in a run that keeps none.
RunFilter withTokenIds(const Recording& recording, const RunInfo& run, const RunFilter& filter);

} // namespace moescope
