#include "ui/models/layer_table_model.h"

#include <algorithm>

#include <QPointF>

#include "analysis/none.h"
#include "ui/charts/number_format.h"

namespace moescope {

namespace {

double leastRatio(const LayerFacts& layer) {
    double least = layer.balance.maxVio + 1;
    for (std::int32_t e = 0; e < layer.summary.experts; ++e) {
        least = std::min(least, layer.ratioOf(e));
    }
    return least;
}

} // namespace

void LayerTableModel::setFacts(std::shared_ptr<const RunFacts> facts) {
    beginResetModel();
    m_facts = std::move(facts);
    m_overflow.clear();
    endResetModel();
}

void LayerTableModel::addOverflow(std::shared_ptr<const LayerCurve> curve) {
    const int row = rowOf(curve->layer);
    m_overflow[curve->layer] = std::move(curve);
    if (row >= 0) {
        Q_EMIT dataChanged(index(row, Dropped), index(row, Notes));
    }
}

double LayerTableModel::droppedAt(int row, double factor) const {
    const auto at = m_overflow.find(layerAt(row));
    return at == m_overflow.end() ? kNone : droppedShareAt(*at->second, factor);
}

ColumnInfo LayerTableModel::column(int column) const {
    switch (column) {
    case Layer:
        return {tr("Layer"), tr("The decoder layer's index in the model; dense layers have no row")};
    case Profile:
        return {tr("Load by expert"), tr("Load ratio of each expert; the grey band is what chance alone shows"), false};
    case Cv:
        return {tr("CV"), tr("Population standard deviation over mean of the experts' loads; 0 is perfectly even")};
    case MaxVio:
        return {tr("MaxVio"), tr("(largest load − mean load) / mean load, over the whole run (arXiv 2408.15664)")};
    case Entropy:
        return {tr("Entropy"), tr("Entropy of the load over its largest value, ln E; 1 is perfectly even")};
    case Busiest:
        return {tr("Busiest"), tr("The expert with most assignments and its load ratio (1 is its fair share)")};
    case Dead:
        return {tr("Dead"), tr("Experts without a single assignment")};
    case Margin:
        return {tr("Margin"),
                tr("Mean router margin: score of rank k minus rank k+1; how close tokens were to another route")};
    case Dropped:
        return {tr("Dropped"), tr("Share of choices without room at capacity factor 1.25, groups of 1,024 tokens")};
    default:
        return {tr("Reading"), tr("What stands out beyond chance"), false};
    }
}

QVariant LayerTableModel::cell(int row, int column) const {
    const LayerFacts& layer = m_facts->layers[std::size_t(row)];
    switch (column) {
    case Layer:
        return layer.layer().value;
    case Cv:
        return layer.balance.cv;
    case MaxVio:
        return layer.balance.maxVio;
    case Entropy:
        return layer.balance.normalizedEntropy;
    case Busiest:
        return layer.balance.busiest;
    case Dead:
        return layer.balance.deadExperts;
    case Margin:
        return layer.meanMargin;
    case Dropped:
        return droppedAt(row, 1.25);
    case Notes: {
        constexpr double kMuch = 0.05;
        const double dropped = droppedAt(row, 1.25);
        return dropped > kMuch ? notesOf(layer) + QStringLiteral("; ") + tr("overflows at 1.25") : notesOf(layer);
    }
    default:
        return {};
    }
}

QString LayerTableModel::text(int row, int column) const {
    const LayerFacts& layer = m_facts->layers[std::size_t(row)];
    switch (column) {
    case Cv:
    case MaxVio:
    case Entropy:
    case Margin:
        return significant(cell(row, column).toDouble());
    case Dropped: {
        const double dropped = droppedAt(row, 1.25);
        return dropped == dropped ? percent(dropped) : QStringLiteral("–");
    }
    case Busiest:
        return QStringLiteral("E%1 · %2").arg(layer.balance.busiest).arg(times(layer.balance.maxVio + 1));
    default:
        return cell(row, column).toString();
    }
}

QString LayerTableModel::toolTip(int row, int column) const {
    const LayerFacts& layer = m_facts->layers[std::size_t(row)];
    switch (column) {
    case Cv:
        return tr("CV %1; random routing of as many tokens: %2 (95 %: %3 to %4)")
            .arg(shortNumber(layer.balance.cv, 6), shortNumber(layer.chance.cv), shortNumber(layer.chance.cvBand.low),
                 shortNumber(layer.chance.cvBand.high));
    case MaxVio:
        return tr("MaxVio %1; random routing: %2 (95 %: %3 to %4)")
            .arg(shortNumber(layer.balance.maxVio, 6), shortNumber(layer.chance.maxVio.mean),
                 shortNumber(layer.chance.maxVio.low), shortNumber(layer.chance.maxVio.high));
    case Dead:
        return tr("%1 dead; by chance %2").arg(layer.balance.deadExperts).arg(expectedCount(layer.chance.dead));
    case Dropped: {
        QString out = this->column(column).definition.toHtmlEscaped();
        for (const double factor : {1.0, 1.25, 1.5, 2.0}) {
            out += QStringLiteral("<br>") +
                   tr("factor %1: <b>%2</b>").arg(shortNumber(factor), percent(droppedAt(row, factor), 2));
        }
        return out;
    }
    default:
        return this->column(column).definition;
    }
}

QVariant LayerTableModel::extra(int row, int column, int role) const {
    const LayerFacts& layer = m_facts->layers[std::size_t(row)];
    if (role == kProfileRole && column == Profile) {
        QList<double> ratios;
        for (std::int32_t e = 0; e < layer.summary.experts; ++e) {
            const auto& only = m_facts->filter.experts;
            const bool there = only.empty() || std::find(only.begin(), only.end(), ExpertId(e)) != only.end();
            ratios << (there ? layer.ratioOf(e) : -1);
        }
        return QVariant::fromValue(ratios); // below zero: the filter leaves it out
    }
    if (role == Qt::AccessibleTextRole && column == Profile) {
        return tr("load ratios from %1 to %2").arg(shortNumber(leastRatio(layer)), times(layer.balance.maxVio + 1));
    }
    if (role == kChanceRole) {
        return QPointF(layer.chance.loadRatioLow, layer.chance.loadRatioHigh);
    }
    if (role == kWarnRole) {
        return layer.balance.deadExperts > layer.chance.dead + 0.5 || layer.balance.maxVio > 1.0;
    }
    return {};
}

QString LayerTableModel::notesOf(const LayerFacts& layer) {
    QStringList notes;
    if (layer.balance.deadExperts > layer.chance.dead + 0.5) {
        notes << tr("dead experts: %1").arg(layer.balance.deadExperts);
    }
    if (layer.balance.maxVio > 1.0) {
        notes << tr("E%1 over twice its share").arg(layer.balance.busiest);
    }
    if (notes.isEmpty()) {
        notes << (layer.balance.cv > layer.chance.cvBand.high  ? tr("uneven beyond chance")
                  : layer.balance.cv < layer.chance.cvBand.low ? tr("evener than chance: actively balanced")
                                                               : tr("as even as chance"));
    }
    return notes.join(QStringLiteral("; "));
}

} // namespace moescope
