#pragma once

#include "ui/pages/compare_views.h"
#include "ui/pages/findings_text.h"

namespace moescope {

// Which run is balanced best, in words.
Finding compareFinding(const FactsList& runs);
// What to do where there is nothing to hold a run against.
QString oneRunMessage();
// The part of another run that a filter means; throws Error where the run has no such part.
RunFilter filterFor(const RunInfo& run, const RunFilter& filter);

} // namespace moescope
