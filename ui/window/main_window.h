#pragma once

#include <QDockWidget>
#include <QHash>
#include <QMainWindow>

#include "app/service/import_service.h"
#include "ui/pages/page.h"
#include "ui/state/link.h"
#include "ui/state/workspace.h"
#include "ui/window.h"
#include "ui/window/job_queue.h"
#include "ui/window/record_job.h"

class QLabel;
class QListWidget;
class QStackedWidget;
class QTimer;

namespace moescope {

class FilterBar;
class JobsPanel;
class PromptPanel;
class RecordDialog;
class SelectionBar;
class Settings;
class WelcomePage;

enum class LookChoice { Desktop, Light, Dark };

// The frame around the pages: opens recordings, lets pages be chosen, keeps settings. What pages show is theirs.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(WindowServices services, QWidget* parent = nullptr);
    ~MainWindow() override;

    void openFile(const QString& file, const QString& run = {});
    // Recordings or links, as the command line names them; of several runs the first, the others to compare with.
    void openArguments(const QStringList& arguments, const QStringList& runs = {});
    void openLink(const Link& link);
    Link link() const; // to what is on view; without a file where nothing is open
    void copyLink();
    void pasteLink();
    // What was open when the window was closed last; false where there is nothing to go back to.
    bool restoreSession();
    void showPage(const QString& name);
    Page* currentPage() const;
    Workspace& workspace() { return m_workspace; }
    SelectionBar& selectionBar() { return *m_bar; }
    FilterBar& filterBar() { return *m_filter; }
    JobQueue& jobs() { return m_queue; }
    PromptPanel& promptPanel() { return *m_prompt; }
    QList<QDockWidget*> docks() const { return findChildren<QDockWidget*>(); }

    void chooseFile();
    void closeFile();
    void record(const QString& model = {}, const QString& input = {});
    void importFiles(const QStringList& files = {});
    void train();
    void exportTables(const QString& folder = {}); // asks for the folder where none is given
    void queueRecord(const RecordRequest& request);
    void queueImport(const ImportRequest& request);
    void queueTrain(const TrainRequest& request);
    void showPalette();
    void savePage();
    void copyPage();
    void exportPage();
    void setLook(LookChoice look);
    LookChoice look() const { return m_look; }
    void restoreDefaultLayout();
    void focusSearch();
    void focusPrompt();
    void showError(const QString& message);

Q_SIGNALS:
    void recentChanged(const QStringList& files);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override; // the mouse's back and forward buttons

private:
    void buildCentre();
    void buildDocks();
    void buildStatusBar();
    void connectWorkspace();
    void connectJobs();
    void fitScreen();
    void onJobOver(qint64 id);
    void onGrew(const QString& file);
    void showTraining(qint64 job);    // to pages, while it is at work
    QString openRecording() const;    // empty: none
    QString offeredRecording() const; // to write to, unless another is chosen
    QDockWidget* addDock(const QString& title, const char* name, QWidget* body, Qt::DockWidgetArea area);
    void followDesktop();
    Page* pageNamed(const QString& name); // made on first use
    void onOpened();
    void onFacts();
    void describeRun(); // in the status bar
    void routePrompt(const QString& prompt, const QString& model);
    void offerRecent();
    void restoreSettings();
    QString chosenModel() const; // the last one, else the one that is offered
    void keepSettings();

    WindowServices m_services;
    std::unique_ptr<Settings> m_settings;
    Workspace m_workspace{Reader::Mode::OwnThread};
    LookChoice m_look = LookChoice::Desktop;
    bool m_desktopDark;
    JobQueue m_queue;
    SelectionBar* m_bar = nullptr;
    FilterBar* m_filter = nullptr;
    QListWidget* m_list = nullptr;
    QStackedWidget* m_stack = nullptr;
    WelcomePage* m_welcome = nullptr;
    QLabel* m_banner = nullptr;
    QLabel* m_facts = nullptr;
    PromptPanel* m_prompt = nullptr;
    QDockWidget* m_pagesDock = nullptr;
    QDockWidget* m_promptDock = nullptr;
    QDockWidget* m_jobsDock = nullptr;
    JobsPanel* m_jobsPanel = nullptr;
    QTimer* m_refresh = nullptr;
    QByteArray m_defaultLayout;
    QString m_wantedPage; // once the recording is there
    QStringList m_wantedOthers;
    qint64 m_grewAt = 0;
    QHash<QString, Page*> m_pages;
    RecordDialog* m_recordDialog = nullptr;
    std::unique_ptr<RecordJob> m_promptJob;
};

} // namespace moescope
