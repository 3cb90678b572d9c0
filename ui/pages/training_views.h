#pragma once

#include <memory>

#include "ui/charts/heatmap_data.h"
#include "ui/charts/line_chart.h"
#include "ui/data/training_runs.h"
#include "ui/data/training_snapshots.h"
#include "ui/pages/findings_text.h"
#include "ui/state/live_training.h"

namespace moescope {

enum class TrainingCurve { MaxVio, Cv, Dead };
enum class TrainingMap { Load, MaxVio, Cv, Dead };

// A line for each strategy, mean over seeds; with several seeds each of them behind it.
std::shared_ptr<const LineChartData> lossCurves(const std::vector<TrainingStrategy>& strategies);
std::shared_ptr<const LineChartData> balanceCurves(const std::vector<TrainingStrategy>& strategies,
                                                   TrainingCurve measure);
// One training over its steps: load of one layer by expert, or a figure by layer.
std::shared_ptr<const HeatmapData> trainingMap(const TrainingRun& run, TrainingMap measure, int layer);
// How routing settles: a line for each layer.
std::shared_ptr<const LineChartData> snapshotCurves(const TrainingSnapshots& snapshots, bool separability);

// Which strategy balances best, at what loss; with a training under way (null: none) first how far that is.
Finding trainingFinding(const std::vector<TrainingStrategy>& strategies, const LiveTraining* live = nullptr);

} // namespace moescope
