#include "ui/pages/training_views.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>

#include "ui/charts/number_format.h"

namespace moescope {

namespace {

struct TrainingViews {
    Q_DECLARE_TR_FUNCTIONS(TrainingViews)
};

using Values = std::vector<double>;
using ValuesOf = std::function<Values(const TrainingRun&)>;

QList<QPointF> pointsOf(const Values& steps, const Values& values) {
    QList<QPointF> points;
    for (std::size_t i = 0; i < std::min(steps.size(), values.size()); ++i) {
        points << QPointF(steps[i], values[i]);
    }
    return points;
}

// Mean over the seeds that went furthest: their bins are of the same steps.
QList<QPointF> meanOf(const TrainingStrategy& strategy, const ValuesOf& valuesOf) {
    const TrainingRuns runs = strategy.furthest();
    Values sum = valuesOf(*runs.front());
    for (std::size_t s = 1; s < runs.size(); ++s) {
        const Values next = valuesOf(*runs[s]);
        sum.resize(std::min(sum.size(), next.size()));
        for (std::size_t i = 0; i < sum.size(); ++i) {
            sum[i] += next[i];
        }
    }
    for (double& v : sum) {
        v /= double(runs.size());
    }
    return pointsOf(runs.front()->step, sum);
}

std::shared_ptr<LineChartData> curves(const std::vector<TrainingStrategy>& strategies, const ValuesOf& valuesOf) {
    auto data = std::make_shared<LineChartData>();
    data->xAxis = TrainingViews::tr("step");
    data->wholeX = true;
    for (std::size_t s = 0; s < strategies.size(); ++s) {
        LineSeriesData line;
        line.index = int(s);
        line.name = QString::fromStdString(strategies[s].name);
        line.points = meanOf(strategies[s], valuesOf);
        data->lines.push_back(line);
        for (const auto& seed : strategies[s].seeds) {
            if (strategies[s].seeds.size() > 1) {
                data->lines.push_back({QString(), Role::Series, int(s), pointsOf(seed->step, valuesOf(*seed)), true});
            }
        }
    }
    return data;
}

struct MapKind {
    QString value, definition;
    const std::vector<Values>* figure;
};

MapKind kindOf(const TrainingRun& run, TrainingMap measure) {
    switch (measure) {
    case TrainingMap::Load:
        return {TrainingViews::tr("load ratio"),
                TrainingViews::tr("tokens of these steps over the fair share; 1 is fair"), &run.load};
    case TrainingMap::MaxVio:
        return {TrainingViews::tr("MaxVio"), TrainingViews::tr("(largest load − mean load) / mean load of a batch"),
                &run.maxVio};
    case TrainingMap::Cv:
        return {TrainingViews::tr("CV"), TrainingViews::tr("standard deviation over mean of the loads of a batch"),
                &run.cv};
    case TrainingMap::Dead:
        break;
    }
    return {TrainingViews::tr("dead"), TrainingViews::tr("experts without a token in a batch"), &run.dead};
}

void addRows(HeatmapData& data, const TrainingRun& run, const MapKind& kind, TrainingMap measure, std::size_t layer) {
    const std::size_t bins = run.bins();
    if (measure != TrainingMap::Load) {
        data.rows = int(kind.figure->size());
        for (int l = 0; l < data.rows; ++l) {
            data.rowLabels << QString::number(run.run.spec.layers[std::size_t(l)].layer.value);
            data.values.insert(data.values.end(), (*kind.figure)[std::size_t(l)].begin(),
                               (*kind.figure)[std::size_t(l)].end());
        }
        return;
    }
    data.rows = run.experts;
    const auto experts = std::size_t(run.experts);
    for (std::size_t e = 0; e < experts; ++e) {
        data.rowLabels << QString::number(e);
        for (std::size_t b = 0; b < bins; ++b) {
            data.values.push_back(run.load[layer][b * experts + e]);
        }
    }
}

QString endOf(const TrainingStrategy& strategy) {
    return strong(QString::fromStdString(strategy.name));
}

// The loss of strategies that balance alike.
QString lossesOf(double low, double high, const QString& lowest) {
    const QString one = shortNumber(low, 4), other = shortNumber(high, 4);
    return one == other ? TrainingViews::tr("Their loss is alike too: %1.").arg(one)
                        : TrainingViews::tr("The lowest loss is %1 of %2; the highest is %3.").arg(one, lowest, other);
}

// Which of several balances best, at what loss. Figures that read alike are alike.
QString comparisonOf(const std::vector<TrainingStrategy>& strategies) {
    const auto balance = [](const TrainingStrategy& s) { return s.mean(&TrainingRun::finalMaxVio); };
    const auto loss = [](const TrainingStrategy& s) { return s.mean(&TrainingRun::finalLoss); };
    const auto less = [](auto figure) {
        return [figure](const auto& a, const auto& b) { return figure(a) < figure(b); };
    };
    const auto even = std::min_element(strategies.begin(), strategies.end(), less(balance));
    const auto uneven = std::max_element(strategies.begin(), strategies.end(), less(balance));
    const auto [lowest, highest] = std::minmax_element(strategies.begin(), strategies.end(), less(loss));
    const QString best = shortNumber(balance(*even)), worst = shortNumber(balance(*uneven));
    if (best == worst) {
        return TrainingViews::tr("All strategies balance alike: MaxVio %1.").arg(strong(best)) + QLatin1Char(' ') +
               lossesOf(loss(*lowest), loss(*highest), endOf(*lowest));
    }
    const QString first = TrainingViews::tr("%1 balances best: MaxVio %2, against %3 of %4.")
                              .arg(endOf(*even), strong(best), strong(worst), endOf(*uneven));
    const QString own = shortNumber(loss(*even), 4), least = shortNumber(loss(*lowest), 4);
    const QString second =
        even == lowest ? TrainingViews::tr("It also has the lowest loss, %1.").arg(least)
        : own == least ? TrainingViews::tr("No other's loss is lower than its %1.").arg(own)
                       : TrainingViews::tr("Its loss is %1; the lowest is %2 of %3.").arg(own, least, endOf(*lowest));
    return first + QLatin1Char(' ') + second;
}

// How far the run under way is; takes it out of the others. Empty where it is not among them.
QString takeLive(std::vector<TrainingStrategy>& strategies, const QString& name) {
    QString words;
    for (TrainingStrategy& strategy : strategies) {
        std::erase_if(strategy.seeds, [&](const auto& run) {
            const bool live = QString::fromStdString(run->run.spec.name) == name;
            if (live) {
                words = TrainingViews::tr("%1 is being trained: after %2 steps its loss is %3, its MaxVio %4.")
                            .arg(strong(name.toHtmlEscaped()), count(run->steps), strong(shortNumber(run->finalLoss)),
                                 strong(shortNumber(run->finalMaxVio)));
            }
            return live;
        });
    }
    std::erase_if(strategies, [](const TrainingStrategy& s) { return s.seeds.empty(); });
    return words;
}

} // namespace

std::shared_ptr<const LineChartData> lossCurves(const std::vector<TrainingStrategy>& strategies) {
    auto data = curves(strategies, [](const TrainingRun& run) { return run.loss; });
    data->yAxis = TrainingViews::tr("loss (nats)");
    data->fromZero = false;
    return data;
}

std::shared_ptr<const LineChartData> balanceCurves(const std::vector<TrainingStrategy>& strategies,
                                                   TrainingCurve measure) {
    auto data = curves(strategies, [measure](const TrainingRun& run) {
        return run.overLayers(measure == TrainingCurve::MaxVio ? run.maxVio
                              : measure == TrainingCurve::Cv   ? run.cv
                                                               : run.dead);
    });
    data->yAxis = measure == TrainingCurve::MaxVio ? TrainingViews::tr("MaxVio")
                  : measure == TrainingCurve::Cv   ? TrainingViews::tr("CV")
                                                   : TrainingViews::tr("dead experts a layer");
    return data;
}

std::shared_ptr<const HeatmapData> trainingMap(const TrainingRun& run, TrainingMap measure, int layer) {
    auto data = std::make_shared<HeatmapData>();
    const MapKind kind = kindOf(run, measure);
    if (kind.figure->empty()) {
        return data;
    }
    data->columns = int(run.bins());
    data->rowAxis = measure == TrainingMap::Load ? TrainingViews::tr("expert") : TrainingViews::tr("layer");
    data->columnAxis = TrainingViews::tr("step");
    data->valueName = kind.value;
    data->definition = kind.definition;
    for (const double step : run.step) {
        data->columnLabels << QString::number(std::llround(step));
    }
    addRows(*data, run, kind, measure, std::size_t(std::clamp(layer, 0, int(kind.figure->size()) - 1)));
    const double top = data->largest();
    data->scale = measure == TrainingMap::Load ? ColorScale::ratio(top > 4.5 ? 3 : 2)
                                               : ColorScale::sequential(ColorMap::Viridis, 0, niceCeiling(top));
    return data;
}

std::shared_ptr<const LineChartData> snapshotCurves(const TrainingSnapshots& snapshots, bool separability) {
    auto data = std::make_shared<LineChartData>();
    data->xAxis = TrainingViews::tr("step");
    data->wholeX = true;
    data->yAxis = separability ? TrainingViews::tr("separability (bits)") : TrainingViews::tr("saturation");
    data->percentValues = !separability;
    for (std::size_t l = 0; l < snapshots.end.spec.layers.size(); ++l) {
        LineSeriesData line;
        line.index = int(l);
        line.name = TrainingViews::tr("layer %1").arg(snapshots.end.spec.layers[l].layer.value);
        for (const auto& point : snapshots.points) {
            const Values& values = separability ? point.separability : point.saturation;
            if (l < values.size() && std::isfinite(values[l])) {
                line.points << QPointF(double(point.step), values[l]);
            }
        }
        data->lines.push_back(line);
    }
    return data;
}

Finding trainingFinding(const std::vector<TrainingStrategy>& strategies, const LiveTraining* live) {
    if (strategies.empty()) {
        return live ? Finding{TrainingViews::tr("A training begins."),
                              TrainingViews::tr("Its curves appear with its first steps.")}
                    : Finding{TrainingViews::tr("This file holds no training."),
                              TrainingViews::tr(
                                  "`moescope train` trains a small model under balancing strategies and keeps its "
                                  "curves; datasets/models/demo/training.moescope holds the bundled model's.")};
    }
    const QString reading =
        TrainingViews::tr("Means over layers and the last tenth of the steps; thin lines are single "
                          "seeds. Choose a row to see that training's experts over its steps.");
    std::vector<TrainingStrategy> ended = strategies;
    const QString first = live ? takeLive(ended, live->run) : QString();
    if (!first.isEmpty()) {
        return {ended.size() > 1 ? first + QLatin1Char(' ') + comparisonOf(ended) : first, reading};
    }
    if (strategies.size() > 1) {
        return {comparisonOf(strategies), reading};
    }
    const TrainingStrategy& only = strategies.front();
    const TrainingRun& run = *only.furthest().front();
    return {TrainingViews::tr("In %1 steps the loss fell from %2 to %3; MaxVio ended at %4.")
                .arg(count(run.steps), shortNumber(run.loss.front()),
                     strong(shortNumber(only.mean(&TrainingRun::finalLoss))),
                     strong(shortNumber(only.mean(&TrainingRun::finalMaxVio)))),
            reading};
}

} // namespace moescope
