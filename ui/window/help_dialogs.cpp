#include "ui/window/help_dialogs.h"

#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QTableView>
#include <QVBoxLayout>

#include "app/service/version.h"
#include "ui/models/fact_table_model.h"
#include "ui/pages/table_view.h"
#include "ui/window/main_window.h"

namespace moescope {

namespace {

struct Help {
    Q_DECLARE_TR_FUNCTIONS(Help)
};

std::vector<QVariantList> shortcutRows(const MainWindow& window) {
    std::vector<QVariantList> rows;
    for (const QAction* top : window.menuBar()->actions()) {
        for (const QAction* action : top->menu() ? top->menu()->actions() : QList<QAction*>()) {
            if (!action->shortcut().isEmpty()) {
                rows.push_back({QString(action->text()).remove(QLatin1Char('&')),
                                action->shortcut().toString(QKeySequence::NativeText)});
            }
        }
    }
    rows.push_back({Help::tr("Text: walk the tokens"), Help::tr("arrow keys")});
    rows.push_back({Help::tr("Text: next or previous token of the expert"), QStringLiteral("N, Shift+N")});
    rows.push_back({Help::tr("Text: larger or smaller"), Help::tr("Ctrl+wheel")});
    rows.push_back({Help::tr("Heatmap: move the cursor, select"), Help::tr("arrow keys, Enter")});
    rows.push_back(
        {Help::tr("Heatmap: zoom, pan, show all"), Help::tr("Ctrl+wheel or + and -, drag, 0 or double click")});
    rows.push_back(
        {Help::tr("Table: copy the row"), QKeySequence(QKeySequence::Copy).toString(QKeySequence::NativeText)});
    rows.push_back({Help::tr("Prompt: show its routing"), QStringLiteral("Ctrl+Enter")});
    return rows;
}

} // namespace

void showShortcuts(MainWindow& window) {
    auto* dialog = new QDialog(&window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(Help::tr("Shortcuts"));
    dialog->resize(620, 560);
    auto* model = new FactTableModel({{Help::tr("What"), {}, false}, {Help::tr("Keys"), {}, false}}, dialog);
    model->setRows(shortcutRows(window));
    auto* table = makeTable(*model, false);
    table->setColumnWidth(0, 320);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto* column = new QVBoxLayout(dialog);
    column->addWidget(table, 1);
    column->addWidget(buttons);
    dialog->show();
}

void showAbout(MainWindow& window) {
    QMessageBox::about(
        &window, Help::tr("About MoEScope"),
        Help::tr(
            "<b>MoEScope %1</b><br>What the routers of mixture-of-experts models do.<br><br>Apache License 2.0. Qt %2.")
            .arg(QString::fromStdString(std::string(programVersion())), QLatin1String(qVersion())));
}

} // namespace moescope
