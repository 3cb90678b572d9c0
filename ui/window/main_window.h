#pragma once

#include <QDockWidget>
#include <QHash>
#include <QMainWindow>

#include "ui/pages/page.h"
#include "ui/state/workspace.h"
#include "ui/window.h"
#include "ui/window/record_job.h"

class QLabel;
class QListWidget;
class QSettings;
class QStackedWidget;
class QTimer;

namespace moescope {

class PromptPanel;
class RecordDialog;
class SelectionBar;
class WelcomePage;

enum class LookChoice { Desktop, Light, Dark };

// The frame around the pages: opens recordings, lets pages be chosen, keeps settings. What pages show is theirs.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(WindowServices services, QWidget* parent = nullptr);
    ~MainWindow() override;

    void openFile(const QString& file, const QString& run = {});
    void showPage(const QString& name);
    Page* currentPage() const;
    Workspace& workspace() { return m_workspace; }
    SelectionBar& selectionBar() { return *m_bar; }
    PromptPanel& promptPanel() { return *m_prompt; }
    QList<QDockWidget*> docks() const { return findChildren<QDockWidget*>(); }

    void chooseFile();
    void closeFile();
    void record(const QString& model = {}, const QString& input = {});
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

private:
    void buildCentre();
    void buildDocks();
    void buildStatusBar();
    void connectWorkspace();
    void followDesktop();
    Page* pageNamed(const QString& name); // made on first use
    void onOpened();
    void onFacts();
    void routePrompt(const QString& prompt, const QString& model);
    void offerRecent();
    void restoreSettings();
    QString chosenModel() const; // the last one, else the one that is offered
    void keepSettings();

    WindowServices m_services;
    std::unique_ptr<QSettings> m_settings;
    Workspace m_workspace{Reader::Mode::OwnThread};
    LookChoice m_look = LookChoice::Desktop;
    bool m_desktopDark;
    SelectionBar* m_bar = nullptr;
    QListWidget* m_list = nullptr;
    QStackedWidget* m_stack = nullptr;
    WelcomePage* m_welcome = nullptr;
    QLabel* m_banner = nullptr;
    QLabel* m_facts = nullptr;
    PromptPanel* m_prompt = nullptr;
    QDockWidget* m_pagesDock = nullptr;
    QDockWidget* m_promptDock = nullptr;
    QTimer* m_refresh = nullptr;
    QByteArray m_defaultLayout;
    QHash<QString, Page*> m_pages;
    RecordDialog* m_recordDialog = nullptr;
    std::unique_ptr<RecordJob> m_promptJob;
};

} // namespace moescope
