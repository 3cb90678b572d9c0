#include <algorithm>
#include <cmath>
#include <numeric>

#include <QCoreApplication>

#include "ui/charts/number_format.h"
#include "ui/pages/dossier_text.h"
#include "ui/pages/load_views.h"
#include "ui/pages/specialization_views.h"

namespace moescope {

namespace {

struct ClassViews {
    Q_DECLARE_TR_FUNCTIONS(ClassViews)
};

QString nameOf(TokenClass kind) {
    return tokenClassName(std::string(kTokenClassNames[std::size_t(kind)]));
}

} // namespace

std::shared_ptr<const HeatmapData> classHeatmap(const ClassAffinity& classes) {
    auto data = std::make_shared<HeatmapData>();
    data->rows = int(classes.classes.size());
    data->columns = classes.experts;
    data->rowAxis = ClassViews::tr("kind of token");
    data->columnAxis = ClassViews::tr("expert");
    data->valueName = ClassViews::tr("lift");
    data->countName = ClassViews::tr("tokens");
    data->definition = ClassViews::tr(
        "share of this kind's tokens that have the expert, over the share of all tokens; 1 is no preference");
    double highest = 0;
    for (std::size_t c = 0; c < classes.classes.size(); ++c) {
        data->rowLabels << nameOf(classes.classes[c]);
        for (std::int32_t e = 0; e < classes.experts; ++e) {
            data->values.push_back(classes.lift(c, e));
            data->counts.push_back(classes.count(c, e));
            highest = std::isfinite(data->values.back()) ? std::max(highest, data->values.back()) : highest;
        }
    }
    for (std::int32_t e = 0; e < classes.experts; ++e) {
        data->columnLabels << QString::number(e);
    }
    data->scale = ColorScale::ratio(highest > 4.5 ? 3 : 2);
    return data;
}

std::shared_ptr<const BarChartData> classBars(const ClassAffinity& classes, ExpertId expert) {
    auto data = std::make_shared<BarChartData>();
    data->orientation = Qt::Horizontal;
    data->valueAxis = ClassViews::tr("lift (1: no preference)");
    std::vector<std::size_t> order(classes.classes.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return classes.lift(a, expert.value) < classes.lift(b, expert.value); // lying bars start below
    });
    std::vector<BarStack> stacks = stacksByChance({}, {});
    for (const std::size_t c : order) {
        const double lift = classes.lift(c, expert.value), high = classes.chanceHigh(c, expert.value);
        const auto one = stacksByChance({lift}, {std::max(0.0, 2 - high), high});
        for (std::size_t i = 0; i < stacks.size(); ++i) {
            stacks[i].values.push_back(one[i].values.front());
        }
        data->categories << nameOf(classes.classes[c]);
        data->toolTips << ClassViews::tr(
                              "<b>%1 · expert %2</b><br>lift <b>%3</b> (chance: up to %4)<br>%5 of %6 tokens")
                              .arg(nameOf(classes.classes[c]))
                              .arg(expert.value)
                              .arg(shortNumber(lift, 5), shortNumber(high), count(classes.count(c, expert.value)),
                                   count(classes.occurrences[c]));
    }
    data->stacks = std::move(stacks);
    data->references.push_back({1.0, ClassViews::tr("no preference"), Role::Neutral});
    return data;
}

// The pair that says most: the kind makes up much of the expert's tokens, and far more than of all tokens.
Finding classFinding(const ClassAffinity& classes) {
    double best = 0;
    std::size_t kind = 0;
    std::int32_t expert = -1;
    for (std::size_t c = 0; c < classes.classes.size(); ++c) {
        for (std::int32_t e = 0; e < classes.experts; ++e) {
            const double lift = classes.lift(c, e);
            const double share = double(classes.count(c, e)) / double(classes.load[std::size_t(e)]);
            if (std::isfinite(lift) && lift > classes.chanceHigh(c, e) && share * std::log2(lift) > best) {
                best = share * std::log2(lift);
                kind = c;
                expert = e;
            }
        }
    }
    if (expert < 0) {
        return {ClassViews::tr("In layer %1 no expert prefers a kind of token beyond chance.")
                    .arg(strong(classes.layer.value)),
                {}};
    }
    const double share = double(classes.count(kind, expert)) / double(classes.load[std::size_t(expert)]);
    return {
        ClassViews::tr("In layer %1, expert %2 goes by the surface: %3 of its tokens are %4, %5 their due.")
            .arg(strong(classes.layer.value), strong(std::int64_t(expert)), strong(percent(share, 0)),
                 strong(nameOf(classes.classes[kind])), times(classes.lift(kind, expert))),
        ClassViews::tr("Kinds are told by a token's bytes alone: what an expert that follows the surface of the text, "
                       "not its meaning, goes by.")};
}

} // namespace moescope
