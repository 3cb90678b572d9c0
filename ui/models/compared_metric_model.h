#pragma once

#include <vector>

#include "ui/data/compared_metrics.h"
#include "ui/models/value_table_model.h"

namespace moescope {

// Metrics of runs side by side: a row for each metric, for each run its value with the interval, starred where it
// differs from the first run.
class ComparedMetricModel : public ValueTableModel {
    Q_OBJECT
public:
    using ValueTableModel::ValueTableModel;
    void setMetrics(const QStringList& runs, std::vector<ComparedMetric> metrics);

    int rows() const override { return int(m_metrics.size()); }
    int columns() const override { return int(m_runs.size()) + 1; }
    ColumnInfo column(int column) const override;
    QVariant cell(int row, int column) const override;
    QString text(int row, int column) const override;
    QString toolTip(int row, int column) const override;
    QVariant extra(int row, int column, int role) const override;
    bool hasNotes() const; // any value
    // With intervals and marks, a line for each metric and run.
    QString csv() const;

    static QString nameOf(const std::string& key);
    static QString definitionOf(const std::string& key);

private:
    const ComparedValue& value(int row, int column) const {
        return m_metrics[std::size_t(row)].values[std::size_t(column - 1)];
    }

    QStringList m_runs;
    std::vector<ComparedMetric> m_metrics;
};

} // namespace moescope
