#include "ui/models/route_table_model.h"

#include <cmath>

#include "ui/charts/number_format.h"

namespace moescope {

void RouteTableModel::setRoute(std::shared_ptr<const TokenRoute> route) {
    beginResetModel();
    m_route = std::move(route);
    endResetModel();
}

int RouteTableModel::rowOf(LayerId layer) const {
    for (int r = 0; r < rows(); ++r) {
        if (layerAt(r) == layer) {
            return r;
        }
    }
    return -1;
}

ColumnInfo RouteTableModel::column(int column) const {
    switch (column) {
    case Layer:
        return {tr("Layer"), tr("Decoder layer")};
    case Experts:
        return {tr("Experts"), tr("The chosen experts, strongest first"), false};
    case Weights:
        return {tr("Weights"), tr("What multiplies the experts' outputs"), false};
    case RunnerUp:
        return {tr("Next"), tr("The best expert that was not chosen, and its probability"), false};
    default:
        return {tr("Margin"), tr("Score of the last chosen expert minus that of the next: how close it was")};
    }
}

QVariant RouteTableModel::cell(int row, int column) const {
    const TokenLayerRoute& route = m_route->layers[std::size_t(row)];
    QStringList parts;
    switch (column) {
    case Layer:
        return route.layer.value;
    case Experts:
        for (const std::uint16_t id : route.ids) {
            parts << (id == kNoExpert ? QStringLiteral("–") : QStringLiteral("E%1").arg(id));
        }
        return parts.join(QStringLiteral("  "));
    case Weights:
        for (const float weight : route.weights) {
            parts << QString::number(double(weight), 'f', 2);
        }
        return parts.join(QStringLiteral("  "));
    case RunnerUp:
        return route.runnerUp < 0 ? QString()
                                  : QStringLiteral("E%1 (%2)")
                                        .arg(route.runnerUp)
                                        .arg(percent(double(route.probs[std::size_t(route.runnerUp)]), 0));
    default:
        return double(route.margin);
    }
}

QString RouteTableModel::text(int row, int column) const {
    const QVariant value = cell(row, column);
    return column == Margin ? shortNumber(value.toDouble(), 2) : value.toString();
}

QVariant RouteTableModel::extra(int row, int column, int role) const {
    const TokenLayerRoute& route = m_route->layers[std::size_t(row)];
    if (role == kExpertRole && column == Experts && !route.ids.empty() && route.ids.front() != kNoExpert) {
        return int(route.ids.front());
    }
    return {};
}

} // namespace moescope
