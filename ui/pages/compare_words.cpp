#include "ui/pages/compare_words.h"

#include <algorithm>

#include <QCoreApplication>

#include "app/service/group_routing.h"
#include "engine/routing/error.h"
#include "ui/charts/number_format.h"
#include "ui/data/compared_metrics.h"

namespace moescope {

namespace {

struct CompareWords {
    Q_DECLARE_TR_FUNCTIONS(CompareWords)
};

QString nameOf(const RunFacts& run) {
    return strong(QString::fromStdString(run.run.spec.name));
}

// Experts of a token.
int choicesOf(const RunFacts& run) {
    return run.layers.empty() ? 0 : run.layers.front().summary.topK;
}

// Whether MaxVio and its like mean the same of both.
bool sameCounts(const RunFacts& a, const RunFacts& b) {
    return a.mostExperts() == b.mostExperts() && choicesOf(a) == choicesOf(b);
}

bool allSameCounts(const FactsList& runs) {
    return std::all_of(runs.begin(), runs.end(), [&](const auto& run) { return sameCounts(*runs.front(), *run); });
}

// Of runs that are even over other groups of tokens than a capacity counts in.
QString cautionOfCapacity(const FactsList& runs) {
    QStringList names;
    for (const auto& run : runs) {
        if (evenOverOtherGroups(run->run, CapacityOptions().groupTokens)) {
            names << nameOf(*run);
        }
    }
    return names.isEmpty()
               ? QString()
               : QLatin1Char(' ') + CompareWords::tr("%1: assigned over other groups than those of 1,024 tokens in "
                                                     "which overflow is counted; loads need not be even there.")
                                        .arg(names.join(QStringLiteral(", ")));
}

// What the runs do not share, and what that means for reading them.
QString caution(const FactsList& runs) {
    const RunFacts& first = *runs.front();
    const auto other = std::find_if(runs.begin(), runs.end(), [&](const auto& run) {
        return run->layers.size() != first.layers.size() || !sameCounts(first, *run);
    });
    if (other != runs.end() && first.layers.size() == (*other)->layers.size() &&
        first.mostExperts() == (*other)->mostExperts()) {
        return CompareWords::tr(
                   "%1 gives a token %2 experts, %3 gives it %4: entropy, Gini and shares compare; MaxVio, "
                   "CV and dead experts do not.")
            .arg(nameOf(first))
            .arg(choicesOf(first))
            .arg(nameOf(**other))
            .arg(choicesOf(**other));
    }
    if (other != runs.end()) {
        const QString words =
            allSameCounts(runs)
                ? CompareWords::tr(
                      "%1 has %2 layers of %3 experts, %4 has %5 of %6: ratios and metrics compare, single "
                      "experts do not.")
                : CompareWords::tr("%1 has %2 layers of %3 experts, %4 has %5 of %6: entropy, Gini and shares compare; "
                                   "MaxVio, CV, dead experts and single experts do not.");
        return words.arg(nameOf(first))
            .arg(first.layers.size())
            .arg(first.mostExperts())
            .arg(nameOf(**other))
            .arg((*other)->layers.size())
            .arg((*other)->mostExperts());
    }
    return CompareWords::tr("MaxVio is how far the busiest expert lies above its fair share, mean over layers. All "
                            "heatmaps share one scale.");
}

} // namespace

QString oneRunMessage() {
    return CompareWords::tr(
        "There is no second run to compare with. `moescope replay` adds one under another strategy, "
        "`moescope record --db` another recording, `moescope merge` joins files.");
}

Finding compareFinding(const FactsList& runs) {
    if (runs.size() < 2) {
        return {CompareWords::tr("This file holds one run only."), oneRunMessage()};
    }
    if (!allSameCounts(runs)) {
        const auto [least, most] = std::minmax_element(
            runs.begin(), runs.end(), [](const auto& a, const auto& b) { return meanEntropy(*a) < meanEntropy(*b); });
        return {CompareWords::tr("%1 is nearest to even: entropy %2 of the most there can be, against %3 of %4.")
                    .arg(nameOf(**most), strong(percent(meanEntropy(**most))), strong(percent(meanEntropy(**least))),
                         nameOf(**least)),
                caution(runs) + cautionOfCapacity(runs)};
    }
    const auto [best, worst] = std::minmax_element(
        runs.begin(), runs.end(), [](const auto& a, const auto& b) { return meanMaxVio(*a) < meanMaxVio(*b); });
    const double low = meanMaxVio(**best), high = meanMaxVio(**worst);
    if (!(high > low)) {
        return {CompareWords::tr("All runs are balanced alike: MaxVio %1.").arg(shortNumber(low)),
                caution(runs) + cautionOfCapacity(runs)};
    }
    return {CompareWords::tr("%1 balances best: MaxVio %2, against %3 of %4.")
                .arg(nameOf(**best), strong(shortNumber(low)), strong(shortNumber(high)), nameOf(**worst)),
            caution(runs) + cautionOfCapacity(runs)};
}

RunFilter filterFor(const RunInfo& run, const RunFilter& filter) {
    for (const std::string& domain : filter.domains) {
        if (std::find(run.domains.begin(), run.domains.end(), domain) == run.domains.end()) {
            throw Error(ErrorCode::NotFound, "run " + run.spec.name + " has no domain " + domain +
                                                 ", which the filter asks for; clear the filter or choose another run");
        }
    }
    RunFilter out = filter;
    std::erase_if(out.layers, [&run](LayerId layer) { return !run.spec.findLayer(layer); });
    return out;
}

} // namespace moescope
