#pragma once

#include "ui/charts/theme.h"
#include "ui/data/training_runs.h"
#include "ui/models/value_table_model.h"

namespace moescope {

// Where each strategy's training ended: a row for each, in the colour of its curves.
class TrainingTableModel : public ValueTableModel {
    Q_OBJECT
public:
    enum Column { Strategy, Loss, MaxVio, Cv, Dead, Seeds, Steps, ColumnCount };
    using ValueTableModel::ValueTableModel;
    void setStrategies(std::vector<TrainingStrategy> strategies, const Theme& theme);
    const TrainingStrategy& at(int row) const { return m_strategies[std::size_t(row)]; }

    int rows() const override { return int(m_strategies.size()); }
    int columns() const override { return ColumnCount; }
    ColumnInfo column(int column) const override;
    QVariant cell(int row, int column) const override;
    QString text(int row, int column) const override;
    QString toolTip(int row, int column) const override;
    QVariant extra(int row, int column, int role) const override;

private:
    std::vector<TrainingStrategy> m_strategies;
    const Theme* m_theme = &lightTheme();
};

} // namespace moescope
