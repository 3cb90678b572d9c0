#include "ui/pages/specialization_views.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <QCoreApplication>

#include "analysis/specialization.h"
#include "ui/charts/number_format.h"
#include "ui/pages/load_views.h"

namespace moescope {

namespace {

struct SpecializationViews {
    Q_DECLARE_TR_FUNCTIONS(SpecializationViews)
};

constexpr std::size_t kDomainsShown = 12; // the heatmap has them all

// 95 % of lifts that a domain of so many tokens shows by chance, about 1.
ChanceBand chanceOf(const LayerFacts& layer, std::int64_t tokens) {
    const double p = double(layer.summary.topK) / layer.summary.experts;
    const double spread = 1.96 * std::sqrt((1 - p) / (p * double(std::max<std::int64_t>(tokens, 1))));
    return {std::max(0.0, 1 - spread), 1 + spread};
}

} // namespace

std::shared_ptr<const HeatmapData> liftHeatmap(const RunInfo& run, const LayerFacts& layer) {
    auto data = std::make_shared<HeatmapData>();
    const LayerSummary& s = layer.summary;
    data->rows = int(std::min(run.domains.size(), s.domainTokens.size()));
    data->columns = s.experts;
    data->rowAxis = SpecializationViews::tr("domain");
    data->columnAxis = SpecializationViews::tr("expert");
    data->valueName = SpecializationViews::tr("lift");
    data->countName = SpecializationViews::tr("assignments");
    data->definition = SpecializationViews::tr(
        "share of the domain's choices over the expert's share of all choices; 1 is no preference");
    std::int64_t fewest = std::numeric_limits<std::int64_t>::max();
    double highest = 0;
    for (int d = 0; d < data->rows; ++d) {
        data->rowLabels << QString::fromStdString(run.domains[std::size_t(d)]);
        fewest = std::min(fewest, std::max<std::int64_t>(1, s.domainTokens[std::size_t(d)]));
        for (std::int32_t e = 0; e < s.experts; ++e) {
            const DomainAffinity affinity = domainAffinity(s, layer.pooled, d, e);
            data->values.push_back(affinity.lift);
            data->counts.push_back(affinity.assignments);
            highest = std::isfinite(affinity.lift) ? std::max(highest, affinity.lift) : highest;
        }
    }
    for (std::int32_t e = 0; e < s.experts; ++e) {
        data->columnLabels << QString::number(e);
    }
    data->scale = ColorScale::ratio(highest > 4.5 ? 3 : 2);
    const ChanceBand chance = chanceOf(layer, fewest);
    data->chanceLow = chance.low;
    data->chanceHigh = chance.high;
    return data;
}

std::shared_ptr<const BarChartData> liftBars(const RunInfo& run, const LayerFacts& layer, ExpertId expert) {
    auto data = std::make_shared<BarChartData>();
    const LayerSummary& s = layer.summary;
    const std::size_t domains = std::min(run.domains.size(), s.domainTokens.size());
    data->orientation = Qt::Horizontal;
    data->valueAxis = SpecializationViews::tr("lift (1: no preference)");
    std::vector<std::int32_t> order(domains);
    std::iota(order.begin(), order.end(), 0);
    const auto lift = [&](std::int32_t d) { return domainAffinity(s, layer.pooled, d, expert.value).lift; };
    std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) { return lift(a) > lift(b); });
    order.resize(std::min<std::size_t>(order.size(), kDomainsShown));
    std::reverse(order.begin(), order.end()); // the axis of lying bars starts below
    std::vector<BarStack> stacks = stacksByChance({}, {});
    for (const std::int32_t d : order) {
        const DomainAffinity affinity = domainAffinity(s, layer.pooled, d, expert.value);
        const ChanceBand chance = chanceOf(layer, s.domainTokens[std::size_t(d)]);
        const auto one = stacksByChance({affinity.lift}, chance);
        for (std::size_t i = 0; i < stacks.size(); ++i) {
            stacks[i].values.push_back(one[i].values.front());
        }
        const QString domain = QString::fromStdString(run.domains[std::size_t(d)]);
        data->categories << domain;
        data->toolTips
            << SpecializationViews::tr(
                   "<b>%1 · expert %2</b><br>lift <b>%3</b> (chance: %4 to %5)<br>%6 of the domain's choices, "
                   "%7 of its tokens<br>%8 assignments")
                   .arg(domain.toHtmlEscaped())
                   .arg(expert.value)
                   .arg(shortNumber(affinity.lift, 5), shortNumber(chance.low), shortNumber(chance.high),
                        percent(affinity.share), percent(affinity.tokenShare), count(affinity.assignments));
    }
    data->stacks = std::move(stacks);
    data->references.push_back({1.0, SpecializationViews::tr("no preference"), Role::Neutral});
    return data;
}

} // namespace moescope
