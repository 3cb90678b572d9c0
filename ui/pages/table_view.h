#pragma once

class QAbstractItemModel;
class QTableView;

namespace moescope {

// A table in the house's look, one row selected at a time, which Ctrl+C copies; sortable by its raw values.
QTableView* makeTable(QAbstractItemModel& model, bool sortable);
// The row of the source model behind a row of the view.
int sourceRow(const QTableView& view, int viewRow);
// Shows a row of the source model as selected without signalling it as the user's choice; -1: none.
void showRow(QTableView& view, int row);

} // namespace moescope
