#pragma once

#include <array>

#include "app/service/compare_service.h"
#include "ui/data/training_runs.h"
#include "ui/pages/compare_views.h"
#include "ui/pages/page.h"
#include "ui/pages/run_chooser.h"

class QComboBox;
class QStackedWidget;
class QTableView;

namespace moescope {

class ComparedMetricModel;
class HeatmapWidget;

// Two to four runs beside each other: load on one scale, where it differs, and what the figures are worth.
class ComparePage : public Page {
    Q_OBJECT
public:
    explicit ComparePage(Workspace& workspace, QWidget* parent = nullptr);
    void prepareRuns(const std::vector<RunId>& others) override;
    QString fileWords() const override;
    RunChooser& chooser() { return *m_chooser; }

protected:
    QString beyondFilter(const RunFilter& filter) const override;
    void showFacts() override;
    void showSelection(const Selected& now, const Selected& before) override;
    void clear() override;

private:
    enum Detail { Difference, Drops, Changed, Overlap, Separability, Loss, Balance };

    void buildHeatmaps(QWidget& row);
    QWidget* buildDetail();
    QWidget* buildMetrics();
    void askRuns();
    void gotRun(std::size_t place, std::shared_ptr<const RunFacts> facts);
    void showRuns();
    void showHeatmaps();
    void showDifference();
    void showMetrics();
    void showMarks();
    void showDetail();
    void askDrops();
    void askStatistics();
    void showLayers(const char* metric);
    void askTraining();
    void showTraining();
    void onCell(std::size_t place, int row, int column);
    bool isComplete() const;

    RunChooser* m_chooser = nullptr;
    std::array<Panel*, RunChooser::kMost> m_heatPanels{};
    std::array<HeatmapWidget*, RunChooser::kMost> m_heatmaps{};
    QComboBox* m_measure = nullptr;
    QComboBox* m_detailKind = nullptr;
    QComboBox* m_against = nullptr; // whose difference from A is drawn
    QStackedWidget* m_stack = nullptr;
    HeatmapWidget* m_difference = nullptr;
    LineChart* m_lines = nullptr;
    Panel* m_detailPanel = nullptr;
    Panel* m_metricPanel = nullptr;
    QTableView* m_metricTable = nullptr;
    ComparedMetricModel* m_metrics;
    std::shared_ptr<const CompareResult> m_statistics; // of m_runs; null until they are worked out
    std::shared_ptr<const TrainingRuns> m_training;
    FactsList m_runs; // null where not arrived yet
    std::vector<std::vector<std::shared_ptr<const LayerCurve>>> m_curves;
};

} // namespace moescope
