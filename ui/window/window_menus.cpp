#include "ui/window/window_menus.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QDockWidget>
#include <QFileInfo>
#include <QMenu>
#include <QMenuBar>

#include "ui/pages/page_factory.h"
#include "ui/window/filter_bar.h"
#include "ui/window/help_dialogs.h"
#include "ui/window/main_window.h"
#include "ui/window/selection_bar.h"

namespace moescope {

namespace {

struct Menus {
    Q_DECLARE_TR_FUNCTIONS(Menus)
};

template <class Call>
QAction* add(QMenu& menu, const QString& text, const QKeySequence& keys, MainWindow& window, Call call) {
    QAction* action = menu.addAction(text);
    action->setShortcut(keys);
    QObject::connect(action, &QAction::triggered, &window, call);
    return action;
}

void buildFile(MainWindow& window) {
    QMenu& menu = *window.menuBar()->addMenu(Menus::tr("&File"));
    add(menu, Menus::tr("&Open recording…"), QKeySequence::Open, window, [&window] { window.chooseFile(); });
    QMenu* recent = menu.addMenu(Menus::tr("Open &recent"));
    QObject::connect(&window, &MainWindow::recentChanged, recent, [recent, &window](const QStringList& files) {
        recent->clear();
        for (const QString& file : files) {
            QAction* action = recent->addAction(QFileInfo(file).fileName());
            action->setToolTip(file);
            QObject::connect(action, &QAction::triggered, &window, [&window, file] { window.openFile(file); });
        }
        recent->setEnabled(!files.isEmpty());
    });
    menu.addSeparator();
    add(menu, Menus::tr("&Record a model…"), QKeySequence(Qt::CTRL | Qt::Key_R), window,
        [&window] { window.record(); });
    add(menu, Menus::tr("&Train small models…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_T), window,
        [&window] { window.train(); });
    add(menu, Menus::tr("&Import routing…"), QKeySequence(Qt::CTRL | Qt::Key_I), window,
        [&window] { window.importFiles(); });
    add(menu, Menus::tr("Route a &prompt"), QKeySequence(Qt::CTRL | Qt::Key_P), window,
        [&window] { window.focusPrompt(); });
    menu.addSeparator();
    add(menu, Menus::tr("&Save page as picture…"), QKeySequence::Save, window, [&window] { window.savePage(); });
    add(menu, Menus::tr("&Export page as CSV…"), QKeySequence(Qt::CTRL | Qt::Key_E), window,
        [&window] { window.exportPage(); });
    add(menu, Menus::tr("Export all &tables as CSV…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E), window,
        [&window] { window.exportTables(); });
    menu.addSeparator();
    add(menu, Menus::tr("&Close recording"), QKeySequence::Close, window, [&window] { window.closeFile(); });
    add(menu, Menus::tr("&Quit"), QKeySequence::Quit, window, [&window] { window.close(); });
}

void buildEdit(MainWindow& window) {
    QMenu& menu = *window.menuBar()->addMenu(Menus::tr("&Edit"));
    add(menu, Menus::tr("&Copy page as picture"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C), window,
        [&window] { window.copyPage(); });
    add(menu, Menus::tr("&Find in the text…"), QKeySequence::Find, window, [&window] { window.focusSearch(); });
    add(menu, Menus::tr("Copy &link to this view"), QKeySequence(Qt::CTRL | Qt::Key_L), window,
        [&window] { window.copyLink(); });
    add(menu, Menus::tr("&Open the link in the clipboard"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L), window,
        [&window] { window.pasteLink(); });
    menu.addSeparator();
    add(menu, Menus::tr("Filter by &token text"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F), window,
        [&window] { window.filterBar().focusText(); });
    add(menu, Menus::tr("&Clear the filter"), QKeySequence(Qt::CTRL | Qt::Key_D), window,
        [&window] { window.filterBar().clearFilter(); });
}

void buildGo(MainWindow& window) {
    QMenu& menu = *window.menuBar()->addMenu(Menus::tr("&Go"));
    Selection& selection = window.workspace().selection();
    add(menu, Menus::tr("&Back"), QKeySequence(Qt::ALT | Qt::Key_Left), window, [&selection] { selection.back(); });
    add(menu, Menus::tr("&Forward"), QKeySequence(Qt::ALT | Qt::Key_Right), window,
        [&selection] { selection.forward(); });
    add(menu, Menus::tr("&Command…"), QKeySequence(Qt::CTRL | Qt::Key_K), window, [&window] { window.showPalette(); });
    menu.addSeparator();
    int number = 1;
    for (const QString& name : pageNames()) {
        add(menu, pageTitle(name), QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_0 + number++ % 10)), window,
            [&window, name] { window.showPage(name); });
    }
    menu.addSeparator();
    add(menu, Menus::tr("&Previous layer"), QKeySequence(Qt::CTRL | Qt::Key_BracketLeft), window,
        [&window] { window.selectionBar().stepLayer(-1); });
    add(menu, Menus::tr("&Next layer"), QKeySequence(Qt::CTRL | Qt::Key_BracketRight), window,
        [&window] { window.selectionBar().stepLayer(1); });
    add(menu, Menus::tr("Previous &expert"), QKeySequence(Qt::CTRL | Qt::Key_Comma), window,
        [&window] { window.selectionBar().stepExpert(-1); });
    add(menu, Menus::tr("Next e&xpert"), QKeySequence(Qt::CTRL | Qt::Key_Period), window,
        [&window] { window.selectionBar().stepExpert(1); });
}

void buildView(MainWindow& window) {
    QMenu& menu = *window.menuBar()->addMenu(Menus::tr("&View"));
    for (QDockWidget* dock : window.docks()) {
        menu.addAction(dock->toggleViewAction());
    }
    add(menu, Menus::tr("&Restore default layout"), {}, window, [&window] { window.restoreDefaultLayout(); });
    menu.addSeparator();
    auto* looks = new QActionGroup(&window);
    const std::pair<LookChoice, QString> choices[] = {{LookChoice::Desktop, Menus::tr("Look of the &desktop")},
                                                      {LookChoice::Light, Menus::tr("&Light")},
                                                      {LookChoice::Dark, Menus::tr("D&ark")}};
    for (const auto& [look, name] : choices) {
        QAction* action = add(menu, name, {}, window, [&window, chosen = look] { window.setLook(chosen); });
        action->setCheckable(true);
        action->setActionGroup(looks);
    }
    QObject::connect(&menu, &QMenu::aboutToShow, looks,
                     [looks, &window] { looks->actions()[int(window.look())]->setChecked(true); });
}

void buildHelp(MainWindow& window) {
    QMenu& menu = *window.menuBar()->addMenu(Menus::tr("&Help"));
    add(menu, Menus::tr("&Shortcuts"), QKeySequence(Qt::Key_F1), window, [&window] { showShortcuts(window); });
    add(menu, Menus::tr("&About MoEScope"), {}, window, [&window] { showAbout(window); });
}

} // namespace

void buildMenus(MainWindow& window) {
    buildFile(window);
    buildEdit(window);
    buildGo(window);
    buildView(window);
    buildHelp(window);
}

} // namespace moescope
