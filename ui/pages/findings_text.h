#pragma once

#include <optional>
#include <utility>
#include <vector>

#include <QString>
#include <QVariantList>

#include "analysis/findings.h"
#include "ui/data/capacity_curves.h"
#include "ui/data/run_facts.h"

namespace moescope {

// What a page found, in words: a sentence, and a quieter line of how to read it.
using Finding = std::pair<QString, QString>;

Finding overviewFinding(const RunFacts& facts);
// What common capacity factors would drop; empty while nothing is known.
QString overflowWords(const std::vector<std::shared_ptr<const LayerCurve>>& curves);
Finding loadFinding(const LayerFacts& layer);
// The cell that says most: the highest lift among those that hold at least a fair share of the domain's choices.
std::optional<DomainFinding> tellingLift(const LayerFacts& layer);
Finding specializationFinding(const RunFacts& facts, const LayerFacts& layer);

std::vector<QVariantList> runFactRows(const RunInfo& run);
std::vector<QVariantList> domainRows(const RunInfo& run);

QString strong(const QString& text); // bold
QString strong(std::int64_t number);

} // namespace moescope
