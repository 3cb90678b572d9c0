// Settings, looks, dropped files and recording: what the window does beside showing pages.
#include <QApplication>
#include <QCloseEvent>
#include <QDateTime>
#include <QDir>
#include <QDockWidget>
#include <QDropEvent>
#include <QFileInfo>
#include <QListWidget>
#include <QMimeData>
#include <QMouseEvent>
#include <QScreen>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QStyleHints>
#include <QToolTip>

#include "ui/charts/theme.h"
#include "ui/pages/page_factory.h"
#include "ui/window/main_window.h"
#include "ui/window/prompt_panel.h"
#include "ui/window/record_dialog.h"
#include "ui/window/settings.h"

namespace moescope {

void MainWindow::setLook(LookChoice look) {
    m_look = look;
    const bool dark = look == LookChoice::Dark || (look == LookChoice::Desktop && m_desktopDark);
    const Theme& theme = dark ? darkTheme() : lightTheme();
    QApplication::setPalette(paletteOf(theme));
    QToolTip::setPalette(paletteOf(theme));
    qApp->setStyleSheet(styleSheetOf(theme));
    m_settings->setValue(QStringLiteral("look"), int(look));
}

// The desktop may change between light and dark while the window is open (Qt tells from 6.5 on).
void MainWindow::followDesktop() {
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this, [this] {
        m_desktopDark = desktopPrefersDark();
        setLook(m_look);
    });
#endif
}

void MainWindow::restoreSettings() {
    setLook(LookChoice(m_settings->value(QStringLiteral("look"), 0).toInt()));
    restoreGeometry(m_settings->value(QStringLiteral("geometry")).toByteArray());
    restoreState(m_settings->value(QStringLiteral("layout")).toByteArray());
    m_prompt->setModel(chosenModel());
    const auto row = pageNames().indexOf(m_settings->value(QStringLiteral("page")).toString());
    const QSignalBlocker quiet(m_list);
    m_list->setCurrentRow(row < 0 ? 0 : int(row));
}

QString MainWindow::chosenModel() const {
    const QString chosen = m_settings->value(QStringLiteral("model")).toString();
    return QFileInfo::exists(chosen) ? chosen : QString::fromStdString(m_services.model);
}

void MainWindow::keepSettings() {
    m_settings->setValue(QStringLiteral("geometry"), saveGeometry());
    m_settings->setValue(QStringLiteral("layout"), saveState());
}

void MainWindow::restoreDefaultLayout() {
    restoreState(m_defaultLayout);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    keepSettings();
    m_settings->setValue(QStringLiteral("session"), m_workspace.isOpen() ? link().text() : QString());
    m_settings->flush(); // another window may open at once
    QMainWindow::closeEvent(event);
}

// Within the screen, also where that is no larger than a laptop's.
void MainWindow::fitScreen() {
    constexpr QSize kFrame(24, 64); // title bar and a margin
    const QSize room = screen() ? screen()->availableGeometry().size() - kFrame : QSize(1256, 736);
    resize(QSize(1360, 880).boundedTo(room));
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::MouseButtonPress && watched->isWidgetType() &&
        static_cast<QWidget*>(watched)->window() == this) {
        const Qt::MouseButton button = static_cast<QMouseEvent*>(event)->button();
        if (button == Qt::BackButton || button == Qt::ForwardButton) {
            Selection& selection = m_workspace.selection();
            button == Qt::BackButton ? selection.back() : selection.forward();
            return true;
        }
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls()) {
        event->acceptProposedAction();
    }
}

// A folder with a config.json is a model to record with, another folder or a text is what to record, a CSV or
// safetensors file is a trace to import; anything else is a recording.
void MainWindow::dropEvent(QDropEvent* event) {
    if (event->mimeData()->urls().isEmpty()) {
        return;
    }
    const QFileInfo file(event->mimeData()->urls().front().toLocalFile());
    const QString path = file.absoluteFilePath();
    if (file.isDir()) {
        QFileInfo::exists(path + QStringLiteral("/config.json")) ? record(path) : record({}, path);
    } else if (file.suffix() == QLatin1String("csv") || file.suffix() == QLatin1String("safetensors")) {
        QStringList files;
        for (const QUrl& url : event->mimeData()->urls()) {
            files << url.toLocalFile();
        }
        importFiles(files);
    } else if (file.suffix() == QLatin1String("txt") || file.suffix() == QLatin1String("jsonl")) {
        record({}, path);
    } else {
        openFile(path);
    }
    event->acceptProposedAction();
}

void MainWindow::record(const QString& model, const QString& input) {
    if (!m_recordDialog) {
        m_recordDialog = new RecordDialog(m_services.record, this);
        connect(m_recordDialog, &RecordDialog::recorded, this,
                [this](const QString& file, const QString& run) { openFile(file, run); });
        connect(m_recordDialog, &RecordDialog::recordingGrew, this, [this](const QString& file) {
            if (!m_workspace.isOpen() && QFileInfo::exists(file)) {
                openFile(file);
            }
        });
        m_recordDialog->setModel(chosenModel());
        m_recordDialog->setInput(QString::fromStdString(m_services.texts));
        m_recordDialog->setFile(offeredRecording());
        connect(m_recordDialog, &RecordDialog::queueWanted, this, &MainWindow::queueRecord);
    }
    if (!model.isEmpty()) {
        m_recordDialog->setModel(model);
    }
    if (!input.isEmpty()) {
        m_recordDialog->setInput(input);
    }
    m_recordDialog->show();
    m_recordDialog->raise();
}

void MainWindow::focusPrompt() {
    m_promptDock->show();
    m_promptDock->raise();
    m_prompt->setFocus();
}

// Prompts go into a recording of their own, so that nobody's recording changes unasked.
void MainWindow::routePrompt(const QString& prompt, const QString& model) {
    if (!m_services.record) {
        return m_prompt->setMessage(tr("This program was built without the engine, so it cannot run a model."), true);
    }
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    QDir().mkpath(folder);
    RecordRequest request;
    request.model = model.toStdString();
    request.text = prompt.toStdString();
    request.db = (folder + QStringLiteral("/prompts.db")).toStdString();
    request.name =
        tr("prompt %1").arg(QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"))).toStdString();
    m_promptJob = std::make_unique<RecordJob>(m_services.record, request);
    const QString file = QString::fromStdString(request.db.string());
    connect(m_promptJob.get(), &RecordJob::finished, this,
            [this, file](const QString& run, qint64 tokens, double seconds) {
                m_prompt->setRunning(false);
                m_prompt->setMessage(tr("%1 tokens in %2 s").arg(tokens).arg(seconds, 0, 'f', 1));
                openFile(file, run);
                showPage(QStringLiteral("tokens"));
            });
    connect(m_promptJob.get(), &RecordJob::failed, this, [this](const QString& message) {
        m_prompt->setRunning(false);
        m_prompt->setMessage(message, true);
    });
    connect(m_promptJob.get(), &RecordJob::cancelled, this, [this] {
        m_prompt->setRunning(false);
        m_prompt->setMessage(tr("Stopped."));
    });
    m_prompt->setRunning(true);
    m_prompt->setMessage(tr("Loading the model and routing the prompt…"));
    m_promptJob->start();
}

} // namespace moescope
