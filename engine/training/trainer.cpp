#include "engine/training/trainer.h"

#include <chrono>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "engine/routing/error.h"
#include "engine/training/adamw.h"
#include "engine/training/batch_sampler.h"
#include "engine/training/train_model.h"
#include "engine/training/training_checkpoint.h"

namespace moescope {
namespace {

using Clock = std::chrono::steady_clock;

// Activations are megabytes each and come and go every step: keep their pages instead of asking the kernel for zeroed
// ones every time.
void keepFreedMemory() {
#if defined(__GLIBC__)
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 2047 << 20);
#endif
}

at::Tensor asTensor(std::vector<std::int64_t>& values) {
    return at::from_blob(values.data(), {std::int64_t(values.size())}, at::kLong);
}

// Means over layers.
void reportLosses(const TrainModel& model, const std::vector<RoutedLayer>& routing, TrainStep& report) {
    for (const std::string& name : model.strategy().lossNames())
        report.losses.emplace_back(name, 0.0);
    for (const RoutedLayer& layer : routing) {
        report.auxLoss += layer.auxLoss / double(routing.size());
        report.zLoss += layer.zLoss / double(routing.size());
        for (std::size_t i = 0; i < layer.losses.size(); ++i)
            report.losses[i].second += layer.losses[i] / double(routing.size());
        report.load.push_back(layer.load);
        report.importance.push_back(layer.importance);
    }
}

// One optimiser step; fills everything of the report except its speed.
TrainStep runStep(const TrainModel& model, AdamW& optimizer, const BatchSampler& sampler, std::int64_t step) {
    BatchSampler::Batch batch = sampler.batch(step);
    const TrainModel::Result result = model.forward(asTensor(batch.inputs), asTensor(batch.targets), step);
    result.loss.backward();
    TrainStep report;
    report.step = step;
    report.tokens = step * std::int64_t(batch.inputs.size());
    report.loss = double(result.loss.item<float>());
    reportLosses(model, result.routing, report);
    report.learningRate = learningRateAt(model.config(), step);
    report.gradientNorm = optimizer.apply(step, report.learningRate);
    model.strategy().endStep(report.load);
    return report;
}

} // namespace

void trainModel(const TrainConfig& config, const TrainData& data, TrainObserver& observer, std::stop_token stop) {
    keepFreedMemory();
    if (config.threads > 0)
        at::set_num_threads(config.threads);
    const TrainModel model(config);
    AdamW optimizer(model);
    const BatchSampler sampler(data, config.context, config.batchTokens, config.seed);
    std::filesystem::create_directories(config.out);
    const std::int64_t done = config.resume ? readTrainerState(model, optimizer, config.out) : 0;
    const auto save = [&](std::int64_t step) {
        writeModel(model, config.out, data.bos.value_or(-1));
        writeTrainerState(model, optimizer, step, config.out);
        observer.checkpoint(step, config.out);
    };
    for (std::int64_t step = done + 1; step <= config.steps; ++step) {
        const Clock::time_point begin = Clock::now();
        TrainStep report = runStep(model, optimizer, sampler, step);
        const std::chrono::duration<double> seconds = Clock::now() - begin;
        report.tokensPerSecond = double(sampler.sequences() * config.context) / seconds.count();
        observer.step(report);
        const bool last = step == config.steps || stop.stop_requested();
        const bool snapshot = config.snapshotEvery > 0 && step % config.snapshotEvery == 0;
        if (last || snapshot || (config.checkpointEvery > 0 && step % config.checkpointEvery == 0))
            save(step);
        if (snapshot)
            observer.snapshot(step, config.out);
        if (stop.stop_requested())
            throw Error(ErrorCode::Cancelled,
                        "training stopped at step " + std::to_string(step) + "; go on with --resume");
    }
}

} // namespace moescope
