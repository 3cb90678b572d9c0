#include "ui/pages/table_view.h"

#include <algorithm>
#include <numeric>

#include <QAbstractItemDelegate>
#include <QApplication>
#include <QClipboard>
#include <QEvent>
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

// Measured here: Qt's own measure is taken before a table has its size, and knows no bold cells.
class ColumnFit : public QObject {
public:
    ColumnFit(QTableView& view, int spare) : QObject(&view), m_view(view), m_spare(spare) {
        m_later.setSingleShot(true);
        m_later.setInterval(0);
        connect(&m_later, &QTimer::timeout, this, &ColumnFit::fit);
        const auto later = [this] { m_later.start(); };
        connect(view.model(), &QAbstractItemModel::modelReset, this, &ColumnFit::fit);
        connect(view.model(), &QAbstractItemModel::dataChanged, this, later);
        connect(view.model(), &QAbstractItemModel::rowsInserted, this, later);
        view.horizontalHeader()->setStretchLastSection(false);
        view.viewport()->installEventFilter(this);
    }
    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() == QEvent::Resize) {
            place();
        }
        return false;
    }

private:
    static constexpr int kRowsMeasured = 300, kWidest = 420, kPadding = 24, kDecoration = 26;

    int widthOf(int column) const {
        const QAbstractItemModel& model = *m_view.model();
        const QFontMetrics head(m_view.horizontalHeader()->font());
        int width = head.horizontalAdvance(model.headerData(column, Qt::Horizontal).toString());
        if (const auto* drawn = m_view.itemDelegateForColumn(column)) {
            return std::max(width + kPadding, drawn->sizeHint({}, {}).width());
        }
        for (int row = 0; row < std::min(model.rowCount(), kRowsMeasured); ++row) {
            const QModelIndex index = model.index(row, column);
            const QVariant own = index.data(Qt::FontRole);
            const QFontMetrics cell(own.isValid() ? own.value<QFont>().resolve(m_view.font()) : m_view.font());
            const int more = index.data(Qt::DecorationRole).isValid() ? kDecoration : 0;
            width = std::max(width, cell.horizontalAdvance(index.data().toString()) + more);
        }
        return std::min(width, kWidest) + kPadding;
    }
    void fit() {
        m_widths.clear();
        for (int c = 0; c < m_view.model()->columnCount(); ++c) {
            m_widths << (m_view.isColumnHidden(c) ? 0 : widthOf(c));
        }
        place();
    }
    void place() {
        if (m_widths.size() != m_view.model()->columnCount()) {
            return;
        }
        const auto shown = int(m_widths.size() - m_widths.count(0));
        const int spare =
            std::max(0, m_view.viewport()->width() - std::accumulate(m_widths.begin(), m_widths.end(), 0));
        for (int c = 0; c < m_widths.size(); ++c) {
            const int more = m_spare == c ? spare : m_spare == kSpread && shown > 0 ? spare / shown : 0;
            if (m_widths[c] > 0) {
                m_view.setColumnWidth(c, m_widths[c] + more);
            } else {
                hideAgain(c);
            }
        }
    }
    // After a change of layout Qt's header counts a hidden column's width again, and the table scrolls to nothing.
    void hideAgain(int column) const {
        QHeaderView& header = *m_view.horizontalHeader();
        int shown = 0;
        for (int c = 0; c < header.count(); ++c) {
            shown += header.sectionSize(c);
        }
        if (header.length() > shown) {
            header.showSection(column);
            header.hideSection(column);
        }
    }

    QTableView& m_view;
    int m_spare;
    QList<int> m_widths; // 0: hidden
    QTimer m_later;
};

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

void fitColumns(QTableView& view, int spare) {
    new ColumnFit(view, spare); // belongs to the view
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
