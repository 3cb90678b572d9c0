#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "app/service/recording.h"

namespace moescope {

// One training, its steps gathered into bins so that curves of any length draw at once and batch noise averages out.
struct TrainingRun {
    RunInfo run;
    std::string strategy; // as trained; the run's name where it is not known
    std::string seed;     // empty: not known
    std::int64_t steps = 0, tokens = 0;
    std::int32_t experts = 0;
    std::vector<double> step;                          // [bins] the middle of each
    std::vector<double> loss, auxLoss;                 // [bins] means
    std::vector<std::vector<double>> maxVio, cv, dead; // [layers][bins] means of the steps' figures
    std::vector<std::vector<double>> load;             // [layers][bins, experts] load ratio over the bin
    double finalLoss = 0, finalMaxVio = 0, finalCv = 0, finalDead = 0; // means over the last tenth of the steps

    std::size_t bins() const { return step.size(); }
    // Mean over layers of one of the figures above. [bins]
    std::vector<double> overLayers(const std::vector<std::vector<double>>& figure) const;
};

using TrainingRuns = std::vector<std::shared_ptr<const TrainingRun>>;

// A recording of a model on its way through a training: its name is that of the training, '@' and the step.
bool isSnapshot(const RunInfo& run);

// Every training of the file, in order. Those of `known` that have not gone on are taken from there.
TrainingRuns readTrainingRuns(const Recording& recording, std::span<const RunInfo> runs, const TrainingRuns& known,
                              std::stop_token stop);
TrainingRun summarizeTraining(const RunInfo& run, std::span<const TrainStep> steps, std::size_t bins);

// A strategy over its seeds. Figures are of those that went furthest: one that is still being trained, or was cut off,
// says nothing of where the others ended.
struct TrainingStrategy {
    std::string name;
    TrainingRuns seeds;
    TrainingRuns furthest() const;
    double mean(double TrainingRun::*figure) const;
    double low(double TrainingRun::*figure) const;
    double high(double TrainingRun::*figure) const;
};
std::vector<TrainingStrategy> strategiesOf(const TrainingRuns& runs); // in order of first appearance

} // namespace moescope
