#pragma once

class QAbstractItemModel;
class QTableView;

namespace moescope {

// A table in the house's look, one row selected at a time, which Ctrl+C copies; sortable by its raw values.
QTableView* makeTable(QAbstractItemModel& model, bool sortable);
// Who gets the room that the columns do not need.
enum SpareRoom { kSpread = -1, kLeave = -2 }; // all columns alike, or none; a column's number: that one
// From now on keeps every column as wide as its widest cell. Where that is too wide the table scrolls sideways: no
// figure is cut.
void fitColumns(QTableView& view, int spare = kSpread);
// The row of the source model behind a row of the view.
int sourceRow(const QTableView& view, int viewRow);
// Shows a row of the source model as selected without signalling it as the user's choice; -1: none.
void showRow(QTableView& view, int row);

} // namespace moescope
