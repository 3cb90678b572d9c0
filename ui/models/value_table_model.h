#pragma once

#include <QAbstractTableModel>
#include <QString>
#include <QVariant>

namespace moescope {

// A column of a table: its name, what it means, and how its cells stand.
struct ColumnInfo {
    QString name;
    QString definition; // tooltip of the header
    bool numeric = true;
};

// The bookkeeping of a read-only table, done once; a model supplies columns, rows and cells.
// cell() gives the raw value (sorting, CSV), text() what is read on screen.
class ValueTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr int kSortRole = Qt::UserRole;

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const final;
    int columnCount(const QModelIndex& parent = {}) const final;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const final;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const final;

    virtual int rows() const = 0;
    virtual int columns() const = 0;
    virtual ColumnInfo column(int column) const = 0;
    virtual QVariant cell(int row, int column) const = 0;
    virtual QString text(int row, int column) const;
    virtual QString toolTip(int row, int column) const;
    // Anything else a view or delegate asks for (colours, sparklines).
    virtual QVariant extra(int row, int column, int role) const;
};

// The table as it is on screen, header included, in the order of `model`.
QString csvOf(const QAbstractItemModel& model);

} // namespace moescope
