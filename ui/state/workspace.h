#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <QObject>

#include "ui/data/run_facts.h"
#include "ui/state/live_training.h"
#include "ui/state/reader.h"
#include "ui/state/selection.h"

namespace moescope {

// The recording that is open, what of it is selected, and the sums that several pages share. Lives in the GUI thread.
class Workspace : public QObject {
    Q_OBJECT
public:
    explicit Workspace(Reader::Mode mode, QObject* parent = nullptr);
    ~Workspace() override;

    // Opens in the background; opened() or failed() follows. An open recording stays until then.
    void openFile(const std::filesystem::path& file, const std::string& run = {}, const Selected& first = {});
    void adopt(std::unique_ptr<Recording> recording, const std::string& run = {}, const Selected& first = {});
    void close();
    // Runs may have been added or grown.
    void refresh();

    bool isOpen() const { return m_recording != nullptr; }
    const Recording* recording() const { return m_recording.get(); }
    const std::vector<RunInfo>& runs() const { return m_runs; }
    const RunInfo* run() const; // the selected one
    // Whether somebody chose it; else it is the latest, which the file was opened at.
    bool isRunChosen() const { return m_runChosen; }
    std::shared_ptr<const RunFacts> facts() const { return m_facts; }
    Selection& selection() { return m_selection; }
    const Selected& selected() const { return m_selection.value(); }
    Reader::Mode readerMode() const { return m_mode; }

    // The training that the window is at work on; null where it writes to another file, or there is none.
    const LiveTraining* training() const;
    void setTraining(std::optional<LiveTraining> training);
    bool isTrained(const RunInfo& run) const; // right now

    // Values from elsewhere than a recording.
    void setFacts(std::shared_ptr<const RunFacts> facts);
    void selectRun(RunId run);

Q_SIGNALS:
    void opened();
    void closed();
    void factsChanged();
    void trainingChanged();
    void failed(const QString& message);

private:
    struct Opened {
        std::unique_ptr<Recording> recording;
        std::vector<RunInfo> runs;
        RunInfo first;       // to show
        bool chosen = false; // it was asked for by name
    };
    static Opened look(std::unique_ptr<Recording> recording, const std::string& run);
    void take(Opened opened, const Selected& wanted);
    void onSelection(const Selected& now, const Selected& before);
    void askFacts();

    Reader::Mode m_mode;
    std::unique_ptr<Recording> m_recording;
    std::unique_ptr<Reader> m_reader;
    std::vector<RunInfo> m_runs;
    std::shared_ptr<const RunFacts> m_facts;
    Selection m_selection;
    std::optional<LiveTraining> m_training;
    qint64 m_openTicket = 0;
    bool m_runChosen = false;
    std::jthread m_opener;
};

} // namespace moescope
