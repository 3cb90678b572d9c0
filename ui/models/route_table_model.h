#pragma once

#include <memory>

#include "ui/data/token_route.h"
#include "ui/models/value_table_model.h"

namespace moescope {

// A token's route: a row per layer.
class RouteTableModel : public ValueTableModel {
    Q_OBJECT
public:
    enum Column { Layer, Experts, Weights, RunnerUp, Margin, ColumnCount };
    static constexpr int kExpertRole = Qt::UserRole + 1; // int: the strongest expert

    using ValueTableModel::ValueTableModel;
    void setRoute(std::shared_ptr<const TokenRoute> route);
    LayerId layerAt(int row) const { return m_route->layers[std::size_t(row)].layer; }
    int rowOf(LayerId layer) const;

    int rows() const override { return m_route ? int(m_route->layers.size()) : 0; }
    int columns() const override { return ColumnCount; }
    ColumnInfo column(int column) const override;
    QVariant cell(int row, int column) const override;
    QString text(int row, int column) const override;
    QVariant extra(int row, int column, int role) const override;

private:
    std::shared_ptr<const TokenRoute> m_route;
};

} // namespace moescope
