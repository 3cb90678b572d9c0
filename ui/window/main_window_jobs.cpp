// Work that takes long: recording, training, importing and exporting as jobs, one after the other.
#include <cmath>

#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QStatusBar>

#include "app/service/export_service.h"
#include "ui/charts/number_format.h"
#include "ui/window/import_dialog.h"
#include "ui/window/jobs_panel.h"
#include "ui/window/main_window.h"
#include "ui/window/pace.h"
#include "ui/window/train_dialog.h"

namespace moescope {

namespace {

const QString kTrainingPage = QStringLiteral("training");

QString text(const std::string& words) {
    return QString::fromStdString(words);
}

class TellRecord : public RecordObserver {
public:
    explicit TellRecord(const JobTell& tell) : m_tell(tell) {}
    void started(const std::string& run, const RecordProgress& now) override {
        m_tell.run(text(run));
        progress(now);
    }
    void progress(const RecordProgress& now) override {
        m_tell.progress(MainWindow::tr("%1 of %2 tokens").arg(count(now.done), count(now.total)), now.done, now.total);
    }

private:
    const JobTell& m_tell;
};

class TellImport : public ImportObserver {
public:
    explicit TellImport(const JobTell& tell) : m_tell(tell) {}
    void started(const std::string& run) override { m_tell.run(text(run)); }
    void progress(TokenIndex done, TokenIndex total) override {
        m_tell.progress(MainWindow::tr("%1 of %2 tokens").arg(count(done), count(total)), done, total);
    }
    void note(const std::string& words) override { m_notes << text(words); }
    const QStringList& notes() const { return m_notes; }

private:
    const JobTell& m_tell;
    QStringList m_notes;
};

class TellTrain : public TrainFollower {
public:
    explicit TellTrain(const JobTell& tell) : m_tell(tell) {}
    void reading(std::int64_t documents, std::int64_t of) override {
        m_tell.progress(MainWindow::tr("reading the texts"), documents, of);
    }
    void started(const std::string& run, std::int64_t steps, std::int64_t model, std::int64_t models) override {
        m_run = models > 1 ? QStringLiteral("%1 (%2/%3)").arg(text(run)).arg(model).arg(models) : text(run);
        m_before = (model - 1) * steps;
        m_steps = steps;
        m_total = models * steps;
        m_tell.run(text(run));
    }
    void step(const TrainStep& step) override {
        m_done = m_before + step.step;
        const double left = m_pace.secondsLeft(m_done, m_total);
        QString words = MainWindow::tr("%1: step %2 of %3, loss %4, %5 tokens/s")
                            .arg(m_run)
                            .arg(step.step)
                            .arg(m_steps)
                            .arg(shortNumber(step.loss), count(std::llround(step.tokensPerSecond)));
        if (left >= 0) {
            words += QStringLiteral(", ") + MainWindow::tr("%1 left").arg(clockTime(left));
        }
        m_tell.progress(words, m_done, m_total);
    }
    void recording(std::int64_t tokens, std::int64_t of) override {
        m_tell.progress(
            MainWindow::tr("%1: recording the held-out text, %2 of %3 tokens").arg(m_run, count(tokens), count(of)),
            m_done, m_total);
    }

private:
    const JobTell& m_tell;
    Pace m_pace;
    QString m_run;
    std::int64_t m_before = 0, m_steps = 0, m_total = 0; // steps of the models before, of this one, of all
    std::int64_t m_done = 0;
};

class TellExport : public ExportObserver {
public:
    explicit TellExport(const JobTell& tell) : m_tell(tell) {}
    void progress(std::string_view table, double done) override {
        m_tell.progress(MainWindow::tr("table %1").arg(text(std::string(table))), qint64(done * 1000), 1000);
    }
    void note(const std::string& line) override { m_notes << text(line); }
    const QStringList& notes() const { return m_notes; }

private:
    const JobTell& m_tell;
    QStringList m_notes;
};

} // namespace

void MainWindow::connectJobs() {
    connect(&m_queue, &JobQueue::over, this, &MainWindow::onJobOver);
    connect(&m_queue, &JobQueue::grew, this, &MainWindow::onGrew);
    connect(m_jobsPanel, &JobsPanel::openWanted, this,
            [this](const QString& file, const QString& run, const QString& page) {
                m_wantedPage = page;
                openFile(file, run);
            });
    connect(&m_queue, &JobQueue::changed, this, &MainWindow::showTraining);
}

void MainWindow::showTraining(qint64 id) {
    const Job* job = m_queue.find(id);
    if (!job || job->page != kTrainingPage || job->state == JobState::Waiting) {
        return;
    }
    if (job->state != JobState::Running) {
        m_workspace.setTraining({});
        return describeRun();
    }
    m_workspace.setTraining(LiveTraining{QFileInfo(job->file).absoluteFilePath(), job->run, job->words, job->done,
                                         job->total, [this, id] { m_queue.cancel(id); }});
}

QString MainWindow::offeredRecording() const {
    const QString open = openRecording();
    return open.isEmpty() ? QDir::home().filePath(QStringLiteral("routing.db")) : open;
}

// A recording that grows shows itself where nothing else is open; where it is open its pages follow it.
void MainWindow::onGrew(const QString& file) {
    constexpr qint64 kEvery = 1000;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (file.isEmpty() || now - m_grewAt < kEvery || !QFileInfo::exists(file)) {
        return;
    }
    m_grewAt = now;
    if (!m_workspace.isOpen()) {
        openFile(file);
    } else if (openRecording() == QFileInfo(file).absoluteFilePath()) {
        m_workspace.refresh();
    }
}

void MainWindow::onJobOver(qint64 id) {
    const Job* job = m_queue.find(id);
    if (!job || job->state == JobState::Failed) {
        m_jobsDock->show();
        return;
    }
    statusBar()->showMessage(job->title + QStringLiteral(": ") + job->words, 8000);
    if (job->file.isEmpty() || job->state != JobState::Done) {
        return;
    }
    const bool isOpen = openRecording() == QFileInfo(job->file).absoluteFilePath();
    if (isOpen) {
        m_workspace.refresh();
    } else if (!m_workspace.isOpen()) {
        openFile(job->file, job->run);
    }
}

void MainWindow::queueRecord(const RecordRequest& request) {
    m_jobsDock->show();
    m_queue.add(tr("Record %1").arg(QFileInfo(text(request.model.string())).fileName()), text(request.db.string()),
                [work = m_services.record, request](const JobTell& tell, std::stop_token stop) {
                    TellRecord observer(tell);
                    const RecordSummary made = work(request, observer, std::move(stop));
                    tell.run(text(made.run));
                    return tr("Recorded %1 tokens as run “%2”.").arg(count(made.tokens), text(made.run));
                });
}

void MainWindow::queueImport(const ImportRequest& request) {
    m_jobsDock->show();
    m_queue.add(tr("Import %1").arg(QFileInfo(text(request.files.front().string())).fileName()),
                text(request.db.string()), [request](const JobTell& tell, std::stop_token stop) {
                    TellImport observer(tell);
                    QStringList names;
                    for (const ImportedRun& run : ImportService().import(request, observer, std::move(stop))) {
                        names << text(run.run);
                    }
                    tell.run(names.back());
                    QStringList words{tr("Imported as run “%1”.").arg(names.join(QStringLiteral("”, “")))};
                    return (words + observer.notes()).join(QLatin1Char('\n'));
                });
}

void MainWindow::queueTrain(const TrainRequest& request) {
    m_queue.add(
        tr("Train %1").arg(QFileInfo(text(request.out.string())).fileName()), text(request.db.string()),
        [work = m_services.train, request](const JobTell& tell, std::stop_token stop) {
            TellTrain follower(tell);
            QStringList words;
            for (const TrainedModel& model : work(request, follower, std::move(stop))) {
                words << tr("%1: held-out nll %2 after %3 steps")
                             .arg(text(model.run), shortNumber(model.validationNll))
                             .arg(model.steps);
            }
            return words.join(QLatin1Char('\n'));
        },
        kTrainingPage);
    if (!m_workspace.isOpen()) {
        m_wantedPage = kTrainingPage; // once its first run is there
    } else if (openRecording() == QFileInfo(text(request.db.string())).absoluteFilePath()) {
        showPage(kTrainingPage);
    } else {
        m_jobsDock->show(); // its page is another file's
    }
}

void MainWindow::importFiles(const QStringList& files) {
    auto* dialog = new ImportDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFiles(files);
    dialog->setRecording(offeredRecording());
    connect(dialog, &ImportDialog::importWanted, this, &MainWindow::queueImport);
    dialog->show();
}

void MainWindow::train() {
    auto* dialog = new TrainDialog(bool(m_services.train), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setData(text(m_services.texts));
    dialog->setTokenizer(m_services.model.empty() ? QString() : text(m_services.model + "/tokenizer.json"));
    dialog->setOutput(QDir::home().filePath(QStringLiteral("moescope-models")), offeredRecording());
    connect(dialog, &TrainDialog::trainWanted, this, &MainWindow::queueTrain);
    dialog->show();
}

// What the filter takes of the run on view, every table but the largest.
void MainWindow::exportTables(const QString& chosen) {
    if (!m_workspace.isOpen() || !m_workspace.run()) {
        return showError(tr("Open a recording first; then its tables can be exported."));
    }
    const QString folder =
        chosen.isEmpty() ? QFileDialog::getExistingDirectory(this, tr("Folder for the tables")) : chosen;
    if (folder.isEmpty()) {
        return;
    }
    ExportRequest request;
    request.table = "all";
    request.skip = {"logits"};
    request.runs = {m_workspace.run()->spec.name};
    request.output = folder.toStdString();
    request.filter = m_workspace.selected().filter;
    m_jobsDock->show();
    m_queue.add(tr("Export to %1").arg(QFileInfo(folder).fileName()), {},
                [request, file = openRecording().toStdString()](const JobTell& tell, std::stop_token stop) {
                    const auto recording = Recording::open(file);
                    TellExport observer(tell);
                    const auto tables = ExportService(*recording).run(request, observer, std::move(stop));
                    QStringList words{
                        tr("%1 tables written to %2").arg(tables.size()).arg(text(request.output.string()))};
                    return (words + observer.notes()).join(QLatin1Char('\n'));
                });
}

} // namespace moescope
