#pragma once

#include <map>
#include <memory>

#include "ui/data/capacity_curves.h"
#include "ui/data/run_facts.h"
#include "ui/models/value_table_model.h"

namespace moescope {

// A row per MoE layer: balance beside what chance would give.
class LayerTableModel : public ValueTableModel {
    Q_OBJECT
public:
    enum Column { Layer, Profile, Cv, MaxVio, Entropy, Busiest, Dead, Margin, Dropped, Notes, ColumnCount };
    static constexpr int kProfileRole = Qt::UserRole + 1; // QList<double>: load ratio by expert
    static constexpr int kChanceRole = Qt::UserRole + 2;  // QPointF: 95 % of load ratios by chance
    static constexpr int kWarnRole = Qt::UserRole + 3;    // bool

    using ValueTableModel::ValueTableModel;
    void setFacts(std::shared_ptr<const RunFacts> facts);
    // What a layer would drop, as it becomes known.
    void addOverflow(std::shared_ptr<const LayerCurve> curve);
    LayerId layerAt(int row) const { return m_facts->layers[std::size_t(row)].layer(); }
    int rowOf(LayerId layer) const { return m_facts ? m_facts->indexOf(layer) : -1; }

    int rows() const override { return m_facts ? int(m_facts->layers.size()) : 0; }
    int columns() const override { return ColumnCount; }
    ColumnInfo column(int column) const override;
    QVariant cell(int row, int column) const override;
    QString text(int row, int column) const override;
    QString toolTip(int row, int column) const override;
    QVariant extra(int row, int column, int role) const override;

    static QString notesOf(const LayerFacts& layer);

private:
    double droppedAt(int row, double factor) const; // NaN: not known yet

    std::shared_ptr<const RunFacts> m_facts;
    std::map<LayerId, std::shared_ptr<const LayerCurve>> m_overflow;
};

} // namespace moescope
