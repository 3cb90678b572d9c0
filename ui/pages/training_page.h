#pragma once

#include "ui/data/training_runs.h"
#include "ui/data/training_snapshots.h"
#include "ui/pages/page.h"

class QComboBox;
class QStackedWidget;
class QTableView;
class QTimer;

namespace moescope {

class HeatmapWidget;
class LineChart;
class LiveStrip;
class TrainingTableModel;

// Trainings side by side: what each balancing strategy does to loss and load over the steps. Follows those that are
// under way, in this window or another process: the file is looked at every second, and read where it has changed.
class TrainingPage : public Page {
    Q_OBJECT
public:
    explicit TrainingPage(Workspace& workspace, QWidget* parent = nullptr);

protected:
    QString beyondFilter(const RunFilter& filter) const override;
    void showFacts() override;
    void showSelection(const Selected& now, const Selected& before) override;
    void clear() override;
    void changeEvent(QEvent* event) override;

private:
    void build();
    void poll();
    void readTrainings();
    void showTraining();
    void followTraining();
    void buildCurves(QWidget& row);
    QWidget* buildDetail();
    void gotRuns(std::shared_ptr<const TrainingRuns> runs);
    void showCurves();
    void showDetail();
    void showMap();
    void askSnapshots();
    void showSnapshots();
    // The selected run's training; where nobody has chosen it, or it is no training's, the first that shows something.
    std::shared_ptr<const TrainingRun> shown() const;
    int layerRow(const TrainingRun& run) const;

    LiveStrip* m_live;
    QTimer* m_poll = nullptr; // none where pictures are made without a window
    LineChart* m_loss = nullptr;
    LineChart* m_balance = nullptr;
    QComboBox* m_measure = nullptr;
    QComboBox* m_detail = nullptr;
    HeatmapWidget* m_map = nullptr;
    LineChart* m_settling = nullptr;
    QStackedWidget* m_stack = nullptr;
    TrainingTableModel* m_model;
    QTableView* m_table = nullptr;
    Panel* m_balancePanel = nullptr;
    Panel* m_lossPanel = nullptr;
    Panel* m_detailPanel = nullptr;
    Panel* m_tablePanel = nullptr;
    std::shared_ptr<const TrainingRuns> m_runs;
    std::vector<TrainingStrategy> m_strategies;
    std::shared_ptr<const TrainingSnapshots> m_snapshots; // of the shown run
    std::int64_t m_version = -1;                          // of the file when it was read last
    RunId m_followed;                                     // the run under way that was selected for the user
};

} // namespace moescope
