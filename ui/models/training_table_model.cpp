#include "ui/models/training_table_model.h"

#include <cmath>

#include "ui/charts/chart_style.h"
#include "ui/charts/number_format.h"

namespace moescope {

namespace {

using Figure = double TrainingRun::*;

Figure figureOf(int column) {
    switch (column) {
    case TrainingTableModel::Loss:
        return &TrainingRun::finalLoss;
    case TrainingTableModel::MaxVio:
        return &TrainingRun::finalMaxVio;
    case TrainingTableModel::Cv:
        return &TrainingRun::finalCv;
    case TrainingTableModel::Dead:
        return &TrainingRun::finalDead;
    default:
        return nullptr;
    }
}

} // namespace

void TrainingTableModel::setStrategies(std::vector<TrainingStrategy> strategies, const Theme& theme) {
    beginResetModel();
    m_strategies = std::move(strategies);
    m_theme = &theme;
    endResetModel();
}

ColumnInfo TrainingTableModel::column(int column) const {
    switch (column) {
    case Strategy:
        return {tr("Strategy"), tr("How the router was balanced while it was trained"), false};
    case Loss:
        return {tr("Loss"),
                tr("The language model's training loss in nats a token, mean over the last tenth of steps")};
    case MaxVio:
        return {tr("MaxVio"),
                tr("(largest load − mean load) / mean load of a batch, mean over layers and the last tenth "
                   "of steps")};
    case Cv:
        return {tr("CV"), tr("Standard deviation over mean of the loads of a batch, likewise")};
    case Dead:
        return {tr("Dead"),
                tr("Experts without a token in a batch, over all layers, mean over the last tenth of steps")};
    case Seeds:
        return {tr("Seeds"), tr("Trainings of this strategy; ± is half of their range")};
    default:
        return {tr("Steps"), tr("Optimiser steps trained")};
    }
}

QVariant TrainingTableModel::cell(int row, int column) const {
    const TrainingStrategy& strategy = at(row);
    if (const Figure figure = figureOf(column)) {
        return strategy.mean(figure);
    }
    switch (column) {
    case Strategy:
        return QString::fromStdString(strategy.name);
    case Seeds:
        return qlonglong(strategy.seeds.size());
    default:
        return qlonglong(strategy.furthest().front()->steps);
    }
}

QString TrainingTableModel::text(int row, int column) const {
    const Figure figure = figureOf(column);
    if (!figure) {
        const QVariant value = cell(row, column);
        return value.typeId() == QMetaType::LongLong ? count(value.toLongLong()) : value.toString();
    }
    const TrainingStrategy& strategy = at(row);
    const QString mean = shortNumber(strategy.mean(figure));
    const double half = (strategy.high(figure) - strategy.low(figure)) / 2;
    return strategy.furthest().size() > 1 ? QStringLiteral("%1 ± %2").arg(mean, shortNumber(half, 2)) : mean;
}

QString TrainingTableModel::toolTip(int row, int column) const {
    const Figure figure = figureOf(column);
    QString out = this->column(column).definition.toHtmlEscaped();
    if (!figure) {
        return out;
    }
    for (const auto& run : at(row).seeds) {
        out += QStringLiteral("<br>%1 <b>%2</b>")
                   .arg(QString::fromStdString(run->run.spec.name).toHtmlEscaped(), shortNumber((*run).*figure, 6));
    }
    if (column == Loss) {
        out += QStringLiteral("<br>") + tr("perplexity %1").arg(shortNumber(std::exp(at(row).mean(figure)), 5));
    }
    return out;
}

QVariant TrainingTableModel::extra(int row, int column, int role) const {
    return role == Qt::DecorationRole && column == Strategy ? QVariant(roleColor(Role::Series, *m_theme, row))
                                                            : QVariant();
}

} // namespace moescope
