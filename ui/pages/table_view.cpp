#include "ui/pages/table_view.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QShortcut>
#include <QSignalBlocker>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QTimer>

#include "ui/models/value_table_model.h"

namespace moescope {

namespace {

// The selected row as text, cells apart by tabs: what a spreadsheet takes.
void copyRow(const QTableView& view) {
    QStringList cells;
    for (int c = 0; c < view.model()->columnCount(); ++c) {
        if (!view.isColumnHidden(c) && view.currentIndex().isValid()) {
            cells << view.model()->index(view.currentIndex().row(), c).data().toString();
        }
    }
    QApplication::clipboard()->setText(cells.join(QLatin1Char('\t')));
}

} // namespace

QTableView* makeTable(QAbstractItemModel& model, bool sortable) {
    auto* view = new QTableView;
    if (sortable) {
        auto* sorted = new QSortFilterProxyModel(view);
        sorted->setSortRole(ValueTableModel::kSortRole);
        sorted->setSourceModel(&model);
        view->setModel(sorted);
        view->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
        view->setSortingEnabled(true);
    } else {
        view->setModel(&model);
    }
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setShowGrid(false);
    view->setWordWrap(false);
    view->setTabKeyNavigation(false);
    view->verticalHeader()->hide();
    view->verticalHeader()->setDefaultSectionSize(26);
    view->horizontalHeader()->setHighlightSections(false);
    view->horizontalHeader()->setMinimumSectionSize(36);
    view->horizontalHeader()->setStretchLastSection(true);
    auto* copy = new QShortcut(QKeySequence::Copy, view);
    copy->setContext(Qt::WidgetShortcut);
    QObject::connect(copy, &QShortcut::activated, view, [view] { copyRow(*view); });
    view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    return view;
}

int sourceRow(const QTableView& view, int viewRow) {
    const auto* sorted = qobject_cast<const QSortFilterProxyModel*>(view.model());
    const QModelIndex index = view.model()->index(viewRow, 0);
    return (sorted ? sorted->mapToSource(index) : index).row();
}

void showRow(QTableView& view, int row) {
    const auto* sorted = qobject_cast<const QSortFilterProxyModel*>(view.model());
    QModelIndex index = (sorted ? sorted->sourceModel() : view.model())->index(row, 0);
    index = sorted ? sorted->mapFromSource(index) : index;
    const QSignalBlocker quiet(view.selectionModel());
    view.selectionModel()->clear();
    if (index.isValid()) {
        view.selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        // Later: a model that has just been filled has no layout yet to scroll in.
        QTimer::singleShot(0, &view, [&view, shown = QPersistentModelIndex(index)] { view.scrollTo(shown); });
    }
    view.viewport()->update();
}

} // namespace moescope
