#include "engine/training/trainer.h"

#include <algorithm>
#include <chrono>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "engine/routing/error.h"
#include "engine/training/adamw.h"
#include "engine/training/balancing.h"
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

struct Weights {
    double auxiliary = 0;
    double z = 0;
};

Weights lossWeights(const TrainConfig& config) {
    if (config.strategy == "none")
        return {};
    if (config.strategy == "aux")
        return {double(config.auxCoefficient), 0};
    if (config.strategy == "aux+z")
        return {double(config.auxCoefficient), double(config.zCoefficient)};
    throw Error(ErrorCode::Unsupported,
                "training: strategy '" + config.strategy + "' is not known (choose none, aux or aux+z)");
}

at::Tensor asTensor(std::vector<std::int64_t>& values) {
    return at::from_blob(values.data(), {std::int64_t(values.size())}, at::kLong);
}

std::vector<std::vector<std::int64_t>> countLoad(const TrainModel::Result& result, std::int64_t experts) {
    std::vector<std::vector<std::int64_t>> load;
    for (const at::Tensor& ids : result.ids) {
        std::vector<std::int64_t> counts(static_cast<std::size_t>(experts));
        const auto* id = static_cast<const std::int64_t*>(ids.data_ptr());
        for (std::int64_t i = 0; i < ids.numel(); ++i)
            ++counts[std::size_t(id[i])];
        load.push_back(std::move(counts));
    }
    return load;
}

// One optimiser step; fills everything of the report except its speed.
TrainStep runStep(const TrainModel& model, AdamW& optimizer, const BatchSampler& sampler, const Weights& weights,
                  std::int64_t step) {
    BatchSampler::Batch batch = sampler.batch(step);
    const TrainModel::Result result = model.forward(asTensor(batch.inputs), asTensor(batch.targets));
    at::Tensor auxiliary = at::zeros({}, at::kFloat);
    at::Tensor z = at::zeros({}, at::kFloat);
    for (std::size_t i = 0; i < result.ids.size(); ++i) {
        auxiliary = auxiliary + auxiliaryLoss(result.routerLogits[i], result.ids[i]);
        z = z + routerZLoss(result.routerLogits[i]);
    }
    const auto layers = double(result.ids.size());
    const at::Tensor total = result.loss + auxiliary * (weights.auxiliary / layers) + z * (weights.z / layers);
    total.backward();
    TrainStep report;
    report.step = step;
    report.tokens = step * std::int64_t(batch.inputs.size());
    report.loss = double(result.loss.item<float>());
    report.auxLoss = double(auxiliary.item<float>()) / layers;
    report.zLoss = double(z.item<float>()) / layers;
    report.learningRate = learningRateAt(model.config(), step);
    report.gradientNorm = optimizer.apply(step, report.learningRate);
    report.load = countLoad(result, model.config().experts);
    return report;
}

} // namespace

void trainModel(const TrainConfig& config, const TrainData& data, TrainObserver& observer, std::stop_token stop) {
    keepFreedMemory();
    if (config.threads > 0)
        at::set_num_threads(config.threads);
    const Weights weights = lossWeights(config);
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
        TrainStep report = runStep(model, optimizer, sampler, weights, step);
        const std::chrono::duration<double> seconds = Clock::now() - begin;
        report.tokensPerSecond = double(sampler.sequences() * config.context) / seconds.count();
        observer.step(report);
        const bool last = step == config.steps || stop.stop_requested();
        if (last || (config.checkpointEvery > 0 && step % config.checkpointEvery == 0))
            save(step);
        if (stop.stop_requested())
            throw Error(ErrorCode::Cancelled,
                        "training stopped at step " + std::to_string(step) + "; go on with --resume");
    }
}

} // namespace moescope
