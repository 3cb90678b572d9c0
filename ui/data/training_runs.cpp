#include "ui/data/training_runs.h"

#include <algorithm>

#include "analysis/load_balance.h"
#include "app/service/group_routing.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

constexpr std::size_t kBins = 160;

// Steps [begin, end) of one bin into the run.
void addBin(TrainingRun& out, std::span<const TrainStep> steps) {
    const auto n = double(steps.size());
    double loss = 0, aux = 0;
    for (const TrainStep& step : steps) {
        loss += step.loss / n;
        aux += step.auxLoss / n;
    }
    out.step.push_back(double(steps.front().step + steps.back().step) / 2);
    out.loss.push_back(loss);
    out.auxLoss.push_back(aux);
    for (std::size_t l = 0; l < out.maxVio.size(); ++l) {
        double maxVio = 0, cv = 0, dead = 0;
        std::vector<std::int64_t> sums(std::size_t(out.experts));
        for (const TrainStep& step : steps) {
            const LoadBalance balance = loadBalance(step.load[l]);
            maxVio += balance.maxVio / n;
            cv += balance.cv / n;
            dead += balance.deadExperts / n;
            for (std::size_t e = 0; e < sums.size() && e < step.load[l].size(); ++e) {
                sums[e] += step.load[l][e];
            }
        }
        out.maxVio[l].push_back(maxVio);
        out.cv[l].push_back(cv);
        out.dead[l].push_back(dead);
        const LoadBalance whole = loadBalance(sums);
        for (const std::int64_t sum : sums) {
            out.load[l].push_back(loadRatio(sum, whole.assignments, out.experts));
        }
    }
}

// Means over the last tenth, where a training stands at its end.
void addEnd(TrainingRun& out, std::span<const TrainStep> steps) {
    const auto last = steps.subspan(steps.size() - std::max<std::size_t>(1, steps.size() / 10));
    const auto n = double(last.size());
    for (const TrainStep& step : last) {
        out.finalLoss += step.loss / n;
        for (const auto& load : step.load) {
            const LoadBalance balance = loadBalance(load);
            const double share = 1 / (n * double(step.load.size()));
            out.finalMaxVio += balance.maxVio * share;
            out.finalCv += balance.cv * share;
            out.finalDead += balance.deadExperts / n;
        }
    }
}

} // namespace

bool isSnapshot(const RunInfo& run) {
    const auto at = run.spec.name.rfind('@');
    return at != std::string::npos && at + 1 < run.spec.name.size() &&
           run.spec.name.find_first_not_of("0123456789", at + 1) == std::string::npos;
}

std::vector<double> TrainingRun::overLayers(const std::vector<std::vector<double>>& figure) const {
    std::vector<double> out(bins());
    for (const auto& layer : figure) {
        for (std::size_t b = 0; b < out.size(); ++b) {
            out[b] += layer[b] / double(figure.size());
        }
    }
    return out;
}

TrainingRun summarizeTraining(const RunInfo& run, std::span<const TrainStep> steps, std::size_t bins) {
    TrainingRun out;
    out.run = run;
    out.strategy = provenanceValue(run, kRoutedBy);
    out.strategy = out.strategy.empty() ? run.spec.name : out.strategy;
    out.seed = provenanceValue(run, "seed");
    out.steps = steps.back().step;
    out.tokens = steps.back().tokens;
    const std::size_t layers = steps.front().load.size();
    out.experts = layers == 0 ? 0 : std::int32_t(steps.front().load.front().size());
    for (auto* figure : {&out.maxVio, &out.cv, &out.dead, &out.load}) {
        figure->resize(layers);
    }
    bins = std::min(bins, steps.size());
    for (std::size_t b = 0; b < bins; ++b) {
        const std::size_t begin = b * steps.size() / bins, end = (b + 1) * steps.size() / bins;
        addBin(out, steps.subspan(begin, end - begin));
    }
    addEnd(out, steps);
    return out;
}

TrainingRuns readTrainingRuns(const Recording& recording, std::span<const RunInfo> runs, const TrainingRuns& known,
                              std::stop_token stop) {
    TrainingRuns out;
    for (const RunInfo& run : runs) {
        if (stop.stop_requested()) {
            throw Error(ErrorCode::Cancelled, "reading stopped");
        }
        if (isSnapshot(run) || !provenanceValue(run, kReplayOf).empty()) {
            continue; // what a replay learnt is a bias, without a loss
        }
        const std::int64_t last = recording.lastTrainStep(run);
        const auto before =
            std::find_if(known.begin(), known.end(), [&](const auto& k) { return k->run.id == run.id; });
        if (before != known.end() && (*before)->steps == last && (*before)->run.state == run.state &&
            (*before)->run.spec.name == run.spec.name) {
            out.push_back(*before);
            continue;
        }
        const std::vector<TrainStep> steps = last > 0 ? recording.trainSteps(run) : std::vector<TrainStep>();
        if (!steps.empty()) {
            out.push_back(std::make_shared<const TrainingRun>(summarizeTraining(run, steps, kBins)));
        }
    }
    return out;
}

TrainingRuns TrainingStrategy::furthest() const {
    std::int64_t most = 0;
    for (const auto& run : seeds) {
        most = std::max(most, run->steps);
    }
    TrainingRuns out = seeds;
    std::erase_if(out, [most](const auto& run) { return run->steps < most; });
    return out;
}

double TrainingStrategy::mean(double TrainingRun::*figure) const {
    const TrainingRuns runs = furthest();
    double sum = 0;
    for (const auto& run : runs) {
        sum += (*run).*figure;
    }
    return sum / double(runs.size());
}

double TrainingStrategy::low(double TrainingRun::*figure) const {
    const TrainingRuns runs = furthest();
    double least = (*runs.front()).*figure;
    for (const auto& run : runs) {
        least = std::min(least, (*run).*figure);
    }
    return least;
}

double TrainingStrategy::high(double TrainingRun::*figure) const {
    const TrainingRuns runs = furthest();
    double most = (*runs.front()).*figure;
    for (const auto& run : runs) {
        most = std::max(most, (*run).*figure);
    }
    return most;
}

std::vector<TrainingStrategy> strategiesOf(const TrainingRuns& runs) {
    std::vector<TrainingStrategy> out;
    for (const auto& run : runs) {
        auto at = std::find_if(out.begin(), out.end(), [&](const auto& s) { return s.name == run->strategy; });
        if (at == out.end()) {
            out.push_back({run->strategy, {}});
            at = out.end() - 1;
        }
        at->seeds.push_back(run);
    }
    return out;
}

} // namespace moescope
