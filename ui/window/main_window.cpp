#include "ui/window/main_window.h"

#include <utility>

#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QListWidget>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTimer>
#include <QVBoxLayout>

#include "engine/routing/error.h"
#include "ui/charts/number_format.h"
#include "ui/charts/picture.h"
#include "ui/charts/theme.h"
#include "ui/pages/page_factory.h"
#include "ui/pages/tokens_page.h"
#include "ui/window/filter_bar.h"
#include "ui/window/jobs_panel.h"
#include "ui/window/prompt_panel.h"
#include "ui/window/recent_files.h"
#include "ui/window/record_dialog.h"
#include "ui/window/selection_bar.h"
#include "ui/window/settings.h"
#include "ui/window/welcome_page.h"
#include "ui/window/window_menus.h"

namespace moescope {

namespace {
constexpr int kRefreshMs = 1000; // of a run that is being recorded
}

MainWindow::MainWindow(WindowServices services, QWidget* parent)
    : QMainWindow(parent), m_services(std::move(services)), m_settings(std::make_unique<Settings>()),
      m_desktopDark(desktopPrefersDark()) {
    setWindowTitle(tr("MoEScope"));
    setAcceptDrops(true);
    setDockNestingEnabled(true);
    m_bar = new SelectionBar(m_workspace, this);
    addToolBar(Qt::TopToolBarArea, m_bar);
    m_bar->setMovable(false);
    addToolBarBreak(Qt::TopToolBarArea);
    m_filter = new FilterBar(m_workspace, this);
    addToolBar(Qt::TopToolBarArea, m_filter);
    m_filter->setMovable(false);
    buildCentre();
    buildDocks();
    buildStatusBar();
    buildMenus(*this);
    connectWorkspace();
    connectJobs();
    followDesktop();
    fitScreen();
    qApp->installEventFilter(this);
    m_defaultLayout = saveState();
    restoreSettings();
    offerRecent();
}

MainWindow::~MainWindow() = default;

void MainWindow::buildCentre() {
    m_stack = new QStackedWidget;
    m_welcome = new WelcomePage;
    m_stack->addWidget(m_welcome);
    m_banner = new QLabel;
    m_banner->setObjectName(QStringLiteral("warningLine"));
    m_banner->setWordWrap(true);
    m_banner->setContentsMargins(20, 10, 20, 0);
    m_banner->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_banner->hide();
    auto* centre = new QWidget;
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addWidget(m_stack, 1);
    setCentralWidget(centre);
    connect(m_welcome, &WelcomePage::openWanted, this, &MainWindow::chooseFile);
    connect(m_welcome, &WelcomePage::recordWanted, this, [this] { record(); });
    connect(m_welcome, &WelcomePage::fileWanted, this, [this](const QString& file) { openFile(file); });
}

void MainWindow::buildDocks() {
    m_list = new QListWidget;
    m_list->setObjectName(QStringLiteral("pageList"));
    m_list->setAccessibleName(tr("Pages"));
    m_list->setMinimumWidth(150);
    m_list->setMaximumWidth(190);
    for (const QString& name : pageNames()) {
        auto* item = new QListWidgetItem(pageTitle(name), m_list);
        item->setData(Qt::UserRole, name);
    }
    m_list->setCurrentRow(0);
    connect(m_list, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* now) {
        if (now) {
            showPage(now->data(Qt::UserRole).toString());
        }
    });
    m_pagesDock = addDock(tr("Pages"), "pagesDock", m_list, Qt::LeftDockWidgetArea);
    m_prompt = new PromptPanel;
    m_promptDock = addDock(tr("Prompt"), "promptDock", m_prompt, Qt::BottomDockWidgetArea);
    m_jobsPanel = new JobsPanel(m_queue);
    m_jobsDock = addDock(tr("Jobs"), "jobsDock", m_jobsPanel, Qt::BottomDockWidgetArea);
    resizeDocks({m_promptDock, m_jobsDock}, {150, 150}, Qt::Vertical);
    m_promptDock->hide();
    m_jobsDock->hide();
    connect(m_prompt, &PromptPanel::routeWanted, this, &MainWindow::routePrompt);
    connect(m_prompt, &PromptPanel::cancelWanted, this, [this] {
        if (m_promptJob) {
            m_promptJob->cancel();
        }
    });
    connect(m_prompt, &PromptPanel::modelChanged, this,
            [this](const QString& model) { m_settings->setValue(QStringLiteral("model"), model); });
}

QDockWidget* MainWindow::addDock(const QString& title, const char* name, QWidget* body, Qt::DockWidgetArea area) {
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(QLatin1String(name));
    dock->setWidget(body);
    addDockWidget(area, dock);
    return dock;
}

void MainWindow::buildStatusBar() {
    m_facts = new QLabel;
    statusBar()->addPermanentWidget(m_facts);
    m_refresh = new QTimer(this);
    m_refresh->setInterval(kRefreshMs);
    connect(m_refresh, &QTimer::timeout, &m_workspace, &Workspace::refresh);
}

void MainWindow::connectWorkspace() {
    connect(&m_workspace, &Workspace::opened, this, &MainWindow::onOpened);
    connect(&m_workspace, &Workspace::factsChanged, this, &MainWindow::onFacts);
    connect(&m_workspace, &Workspace::failed, this, &MainWindow::showError);
    connect(&m_workspace, &Workspace::closed, this, [this] {
        m_stack->setCurrentWidget(m_welcome);
        m_facts->clear();
        m_refresh->stop();
        setWindowTitle(tr("MoEScope"));
    });
}

Page* MainWindow::pageNamed(const QString& name) {
    Page*& page = m_pages[name];
    if (!page) {
        page = makePage(name, m_workspace);
        if (!page) {
            m_pages.remove(name);
            return nullptr;
        }
        m_stack->addWidget(page);
        connect(page, &Page::failed, this, &MainWindow::showError);
        connect(page, &Page::pageWanted, this, &MainWindow::showPage);
        std::vector<RunId> others;
        for (const RunInfo& run : m_workspace.runs()) {
            if (m_wantedOthers.contains(QString::fromStdString(run.spec.name)) ||
                m_wantedOthers.contains(QString::number(run.id.value))) {
                others.push_back(run.id);
            }
        }
        if (!others.empty()) {
            page->prepareRuns(others);
        }
    }
    return page;
}

Page* MainWindow::currentPage() const {
    return qobject_cast<Page*>(m_stack->currentWidget());
}

void MainWindow::showPage(const QString& name) {
    const auto row = pageNames().indexOf(name);
    if (row < 0) {
        return;
    }
    const QSignalBlocker quiet(m_list);
    m_list->setCurrentRow(int(row));
    m_settings->setValue(QStringLiteral("page"), name);
    if (!m_workspace.facts() && !m_workspace.isOpen()) {
        return; // the welcome page stays
    }
    Page* page = pageNamed(name);
    if (Page* before = currentPage(); before && before != page) {
        before->setActive(false);
    }
    m_stack->setCurrentWidget(page);
    page->setActive(true);
}

void MainWindow::openFile(const QString& file, const QString& run) {
    m_banner->hide();
    m_welcome->setError({});
    statusBar()->showMessage(tr("Opening %1…").arg(QFileInfo(file).fileName()));
    m_workspace.openFile(file.toStdString(), run.toStdString());
}

void MainWindow::onOpened() {
    const QString file = QString::fromStdString(m_workspace.recording()->file().string());
    setWindowTitle(tr("%1 – MoEScope").arg(QFileInfo(file).fileName()));
    setWindowFilePath(file);
    rememberFile(*m_settings, file);
    offerRecent();
}

void MainWindow::describeRun() {
    if (!m_workspace.facts()) {
        return;
    }
    const RunFacts& facts = *m_workspace.facts();
    const RunInfo& run = facts.run;
    const QString state = m_workspace.isTrained(run)           ? tr(" · being trained")
                          : run.state == RunState::Recording   ? tr(" · being recorded")
                          : run.state == RunState::Interrupted ? tr(" · interrupted")
                                                               : QString();
    m_facts->setText(tr("%1 · %2 tokens · %3 layers × %4 experts%5")
                         .arg(QString::fromStdString(run.spec.model), count(run.tokens))
                         .arg(facts.layers.size())
                         .arg(facts.mostExperts())
                         .arg(state));
}

void MainWindow::onFacts() {
    statusBar()->clearMessage();
    describeRun();
    m_workspace.facts()->run.state == RunState::Recording ? m_refresh->start() : m_refresh->stop();
    if (!m_wantedPage.isEmpty()) {
        showPage(std::exchange(m_wantedPage, {}));
    } else if (!currentPage()) {
        showPage(m_list->currentItem()->data(Qt::UserRole).toString());
    }
}

void MainWindow::showError(const QString& message) {
    statusBar()->clearMessage();
    if (m_stack->currentWidget() == m_welcome) {
        return m_welcome->setError(message);
    }
    m_banner->setText(message);
    m_banner->show();
    QTimer::singleShot(12000, m_banner, &QWidget::hide);
}

void MainWindow::chooseFile() {
    const QString file =
        QFileDialog::getOpenFileName(this, tr("Open recording"), m_settings->value(QStringLiteral("folder")).toString(),
                                     tr("Recordings (*.db *.moescope *.sqlite);;All files (*)"));
    if (!file.isEmpty()) {
        m_settings->setValue(QStringLiteral("folder"), QFileInfo(file).absolutePath());
        openFile(file);
    }
}

void MainWindow::closeFile() {
    m_workspace.close();
}

void MainWindow::savePage() {
    Page* page = currentPage();
    if (!page) {
        return showError(tr("Open a recording first; then its pages can be saved."));
    }
    const QString file =
        QFileDialog::getSaveFileName(this, tr("Save page"), fileNameOf(page->fileWords(), QStringLiteral("png")),
                                     tr("Pictures (*.png *.svg *.pdf)"));
    if (file.isEmpty()) {
        return;
    }
    try {
        savePicture(*page, file);
        statusBar()->showMessage(tr("Saved %1").arg(file), 5000);
    } catch (const Error& error) {
        showError(QString::fromUtf8(error.what()));
    }
}

void MainWindow::copyPage() {
    if (Page* page = currentPage()) {
        QApplication::clipboard()->setImage(imageOf(*page));
        statusBar()->showMessage(tr("Copied the page as a picture"), 4000);
    }
}

void MainWindow::exportPage() {
    Page* page = currentPage();
    const QString folder =
        page ? QFileDialog::getExistingDirectory(this, tr("Folder for the page's CSV files")) : QString();
    if (folder.isEmpty()) {
        return;
    }
    int written = 0;
    for (const Panel* panel : page->panels()) {
        if (!panel->hasCsv()) {
            continue;
        }
        const QString file =
            folder + QLatin1Char('/') +
            fileNameOf(page->fileWords() + QLatin1Char(' ') + panel->fileWords(), QStringLiteral("csv"));
        try {
            saveText(panel->csv(), file);
            ++written;
        } catch (const Error& error) {
            return showError(QString::fromUtf8(error.what()));
        }
    }
    statusBar()->showMessage(tr("CSV files written: %1").arg(written), 5000);
}

void MainWindow::focusSearch() {
    showPage(QStringLiteral("tokens"));
    if (auto* tokens = qobject_cast<TokensPage*>(currentPage())) {
        tokens->focusSearch();
    }
}

void MainWindow::offerRecent() {
    const QStringList files = recentFiles(*m_settings);
    m_welcome->setRecent(files);
    Q_EMIT recentChanged(files);
}

} // namespace moescope
