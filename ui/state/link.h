#pragma once

#include <optional>
#include <vector>

#include <QString>
#include <QStringList>

#include "ui/state/selection.h"

namespace moescope {

// A place in a recording that a text can name: moescope://open?file=...&run=...&page=tokens&layer=5&token=20
struct Link {
    QString file;          // absolute
    QString run;           // name; empty: the latest
    QString page;          // empty: whichever is open
    Selected selected;     // its run is not set
    QStringList otherRuns; // to compare with

    QString text() const;
    // Nothing where the text is no such link, or names no file.
    static std::optional<Link> parse(const QString& text);
};

// The selection without what the run does not have.
Selected fitted(Selected selected, const RunInfo& run);

} // namespace moescope
