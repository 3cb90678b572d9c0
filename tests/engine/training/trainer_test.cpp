#include "engine/training/trainer.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <unistd.h>

#include <gtest/gtest.h>

#include "engine/checkpoint/checkpoint.h"
#include "engine/checkpoint/model_config.h"
#include "engine/routing/error.h"
#include "engine/training/adamw.h"
#include "engine/training/batch_sampler.h"
#include "engine/training/strategies/make_strategy.h"

namespace moescope {
namespace {

class TemporaryFolder {
public:
    TemporaryFolder() {
        m_path = std::filesystem::temp_directory_path() /
                 ("moescope_training_" + std::to_string(::getpid()) + "_" + std::to_string(counter()++));
        std::filesystem::create_directories(m_path);
    }
    ~TemporaryFolder() { std::filesystem::remove_all(m_path); }
    const std::filesystem::path& path() const { return m_path; }

private:
    static int& counter() {
        static int n = 0;
        return n;
    }
    std::filesystem::path m_path;
};

// Two domains with different habits: counting up by one, and by five.
TrainData countingData() {
    TrainData data;
    for (const int stride : {1, 5}) {
        TrainData::Domain domain;
        domain.name = "stride" + std::to_string(stride);
        for (int i = 0; i < 4000; ++i)
            domain.tokens.push_back(1 + (i * stride) % 31);
        data.domains.push_back(std::move(domain));
    }
    data.bos = 0;
    return data;
}

TrainConfig smallConfig(const std::filesystem::path& out) {
    TrainConfig c;
    c.layers = 2;
    c.width = 32;
    c.heads = 4;
    c.kvHeads = 2;
    c.experts = 4;
    c.topK = 2;
    c.ffn = 16;
    c.vocabulary = 32;
    c.context = 16;
    c.batchTokens = 128;
    c.steps = 30;
    c.warmup = 5;
    c.learningRate = 1e-2F;
    c.compute = "f32";
    c.checkpointEvery = 0;
    c.out = out;
    return c;
}

struct Recorder : TrainObserver {
    std::vector<TrainStep> steps;
    int checkpoints = 0;
    std::stop_source stopper;
    std::int64_t stopAfter = 0;

    void step(const TrainStep& s) override {
        steps.push_back(s);
        if (s.step == stopAfter)
            stopper.request_stop();
    }
    void checkpoint(std::int64_t, const std::filesystem::path&) override { ++checkpoints; }
};

std::vector<double> losses(const Recorder& r) {
    std::vector<double> out;
    for (const TrainStep& s : r.steps)
        out.push_back(s.loss);
    return out;
}

TEST(Trainer, LearnsToCount) {
    const TemporaryFolder folder;
    Recorder recorder;
    TrainConfig config = smallConfig(folder.path());
    config.steps = 120;
    trainModel(config, countingData(), recorder, {});
    ASSERT_EQ(recorder.steps.size(), 120U);
    EXPECT_NEAR(recorder.steps.front().loss, std::log(32.0), 0.2);
    EXPECT_LT(recorder.steps.back().loss, 0.6); // the first token of a sequence and its stride cannot be known
    EXPECT_EQ(recorder.checkpoints, 1);
}

TEST(Trainer, SameSeedSameCurveOtherSeedAnother) {
    const TrainData data = countingData();
    const TemporaryFolder a, b, c;
    Recorder first, second, third;
    trainModel(smallConfig(a.path()), data, first, {});
    trainModel(smallConfig(b.path()), data, second, {});
    TrainConfig other = smallConfig(c.path());
    other.seed = 2;
    trainModel(other, data, third, {});
    EXPECT_EQ(losses(first), losses(second));
    EXPECT_NE(losses(first), losses(third));
}

TEST(Trainer, ResumedEqualsUninterrupted) {
    const TrainData data = countingData();
    const TemporaryFolder whole, cut;
    Recorder uninterrupted, before, after;
    trainModel(smallConfig(whole.path()), data, uninterrupted, {});
    before.stopAfter = 11;
    TrainConfig config = smallConfig(cut.path());
    try {
        trainModel(config, data, before, before.stopper.get_token());
        FAIL() << "a stopped training must say so";
    } catch (const Error& e) {
        EXPECT_EQ(e.code(), ErrorCode::Cancelled);
    }
    config.resume = true;
    trainModel(config, data, after, {});
    std::vector<double> joined = losses(before);
    const std::vector<double> rest = losses(after);
    joined.insert(joined.end(), rest.begin(), rest.end());
    EXPECT_EQ(joined, losses(uninterrupted));
}

TEST(Trainer, LoadSumsToTopKTimesTokens) {
    const TemporaryFolder folder;
    Recorder recorder;
    TrainConfig config = smallConfig(folder.path());
    config.steps = 3;
    trainModel(config, countingData(), recorder, {});
    for (const TrainStep& s : recorder.steps) {
        ASSERT_EQ(s.load.size(), 2U);
        for (const auto& layer : s.load)
            EXPECT_EQ(std::accumulate(layer.begin(), layer.end(), std::int64_t{0}), 2 * 128);
    }
}

// The weights of a token sum to 1, so importance sums to the tokens; an expert's weights are below 1 each.
TEST(Trainer, ImportanceSumsToTokens) {
    const TemporaryFolder folder;
    Recorder recorder;
    TrainConfig config = smallConfig(folder.path());
    config.steps = 3;
    trainModel(config, countingData(), recorder, {});
    for (const TrainStep& s : recorder.steps) {
        ASSERT_EQ(s.importance.size(), 2U);
        for (std::size_t l = 0; l < 2; ++l) {
            EXPECT_NEAR(std::accumulate(s.importance[l].begin(), s.importance[l].end(), 0.0), 128, 1e-3);
            for (std::size_t e = 0; e < s.importance[l].size(); ++e)
                EXPECT_LE(s.importance[l][e], float(s.load[l][e]));
        }
    }
}

TEST(Trainer, CheckpointHasMixtralsNames) {
    const TemporaryFolder folder;
    Recorder recorder;
    TrainConfig config = smallConfig(folder.path());
    config.steps = 1;
    trainModel(config, countingData(), recorder, {});
    const Checkpoint checkpoint(folder.path());
    for (const char* name : {"model.embed_tokens.weight", "model.layers.1.self_attn.k_proj.weight",
                             "model.layers.0.block_sparse_moe.gate.weight",
                             "model.layers.1.block_sparse_moe.experts.3.w2.weight", "model.norm.weight"})
        EXPECT_TRUE(checkpoint.contains(name)) << name;
    EXPECT_FALSE(checkpoint.contains("lm_head.weight")) << "embeddings are tied";
    const TensorView w1 = checkpoint.tensor("model.layers.0.block_sparse_moe.experts.0.w1.weight");
    EXPECT_EQ(std::vector<std::int64_t>(w1.shape.begin(), w1.shape.end()), (std::vector<std::int64_t>{16, 32}));
}

TEST(Trainer, HasAKeyValueHeadForEachHeadUnlessTold) {
    const TemporaryFolder folder;
    Recorder recorder;
    TrainConfig config = smallConfig(folder.path());
    config.kvHeads = 0;
    config.steps = 1;
    trainModel(config, countingData(), recorder, {});
    const Checkpoint checkpoint(folder.path());
    EXPECT_EQ(checkpoint.tensor("model.layers.0.self_attn.k_proj.weight").shape[0], 32);
}

TEST(Trainer, RefusesToResumeWithOtherSettings) {
    const TemporaryFolder folder;
    Recorder recorder;
    TrainConfig config = smallConfig(folder.path());
    config.steps = 2;
    trainModel(config, countingData(), recorder, {});
    config.resume = true;
    config.experts = 8;
    EXPECT_THROW(trainModel(config, countingData(), recorder, {}), Error);
}

TEST(Trainer, RefusesSettingsThatCannotWork) {
    const TemporaryFolder folder;
    Recorder recorder;
    TrainConfig config = smallConfig(folder.path());
    config.topK = 5;
    EXPECT_THROW(trainModel(config, countingData(), recorder, {}), Error);
    config = smallConfig(folder.path());
    config.strategy = "magic";
    EXPECT_THROW(trainModel(config, countingData(), recorder, {}), Error);
}

constexpr const char* kStrategies[] = {
    "none",     "aux",      "aux+z",         "switch",   "gshard", "noisy-importance", "noisy-load", "noisy-both",
    "aux-free", "sequence", "expert-choice", "sinkhorn", "base",   "group-limited"};

TrainConfig configOf(const std::string& strategy, const std::filesystem::path& out) {
    TrainConfig config = smallConfig(out);
    config.strategy = strategy;
    config.topK = strategy == "switch" ? 1 : 2;
    config.groups = 2;
    return config;
}

TEST(Trainer, EveryStrategyLearns) {
    for (const char* strategy : kStrategies) {
        SCOPED_TRACE(strategy);
        const TemporaryFolder folder;
        Recorder recorder;
        TrainConfig config = configOf(strategy, folder.path());
        config.steps = 60;
        trainModel(config, countingData(), recorder, {});
        EXPECT_LT(recorder.steps.back().loss, 1.5);
        for (const auto& [name, value] : recorder.steps.back().losses)
            EXPECT_TRUE(std::isfinite(value)) << name;
    }
}

TEST(Trainer, EveryStrategySeesTheSameDataFromTheSameStart) {
    const TrainData data = countingData();
    std::vector<double> first;
    for (const char* strategy : {"none", "aux+z", "sequence", "group-limited"}) {
        const TemporaryFolder folder;
        Recorder recorder;
        TrainConfig config = configOf(strategy, folder.path());
        config.topkGroups = 2;
        config.steps = 1;
        trainModel(config, data, recorder, {});
        first.push_back(recorder.steps[0].loss);
    }
    EXPECT_EQ(std::count(first.begin(), first.end(), first[0]), 4);
}

// What a strategy keeps beside weights (biases), and what its noise depends on, go on too.
TEST(Trainer, ResumedEqualsUninterruptedUnderStrategiesWithState) {
    const TrainData data = countingData();
    for (const char* strategy : {"aux-free", "noisy-both", "gshard"}) {
        SCOPED_TRACE(strategy);
        const TemporaryFolder whole, cut;
        Recorder uninterrupted, before, after;
        trainModel(configOf(strategy, whole.path()), data, uninterrupted, {});
        before.stopAfter = 13;
        TrainConfig config = configOf(strategy, cut.path());
        EXPECT_THROW(trainModel(config, data, before, before.stopper.get_token()), Error);
        config.resume = true;
        trainModel(config, data, after, {});
        std::vector<double> joined = losses(before);
        const std::vector<double> rest = losses(after);
        joined.insert(joined.end(), rest.begin(), rest.end());
        EXPECT_EQ(joined, losses(uninterrupted));
    }
}

TEST(Trainer, CheckpointedActivationsGiveTheSameCurve) {
    const TemporaryFolder a, b;
    Recorder kept, again;
    TrainConfig config = configOf("noisy-both", a.path());
    trainModel(config, countingData(), kept, {});
    config.out = b.path();
    config.checkpointActivations = true;
    trainModel(config, countingData(), again, {});
    EXPECT_EQ(losses(kept), losses(again));
}

TEST(Trainer, JitterAndSharedExpertsTrain) {
    const TemporaryFolder folder;
    Recorder recorder;
    TrainConfig config = configOf("aux", folder.path());
    config.sharedExperts = 2;
    config.routerJitter = 0.1F;
    config.steps = 60;
    trainModel(config, countingData(), recorder, {});
    EXPECT_LT(recorder.steps.back().loss, 1.5);
    const Checkpoint checkpoint(folder.path());
    const TensorView w1 = checkpoint.tensor("model.layers.0.block_sparse_moe.shared_expert.w1.weight");
    EXPECT_EQ(std::vector<std::int64_t>(w1.shape.begin(), w1.shape.end()), (std::vector<std::int64_t>{32, 32}));
    EXPECT_EQ(readModelConfig(folder.path()).sharedIntermediate, 32);
}

// The configuration says what Mixtral's cannot, and reading it gives the gates that were trained.
TEST(Trainer, CheckpointsSayHowTheyRoute) {
    for (const char* strategy : kStrategies) {
        SCOPED_TRACE(strategy);
        const TemporaryFolder folder;
        Recorder recorder;
        TrainConfig config = configOf(strategy, folder.path());
        config.steps = 2;
        trainModel(config, countingData(), recorder, {});
        const ModelConfig read = readModelConfig(folder.path());
        const std::vector<MoeLayerInfo> gates = trainedGates(config);
        ASSERT_EQ(read.moeLayers.size(), gates.size());
        EXPECT_EQ(read.moeLayers[0].moe, gates[0].moe);
        EXPECT_EQ(read.selectionBias, std::string(strategy) == "aux-free");
        EXPECT_EQ(read.expertChoice, std::string(strategy) == "expert-choice" ? 2 : 0);
    }
}

TEST(Trainer, AnnouncesSnapshotsBehindTheirCheckpoint) {
    struct Snapshots : Recorder {
        std::vector<std::int64_t> seen;
        void snapshot(std::int64_t step, const std::filesystem::path& folder) override {
            EXPECT_TRUE(std::filesystem::exists(folder / "model.safetensors"));
            seen.push_back(step);
        }
    };
    const TemporaryFolder folder;
    Snapshots recorder;
    TrainConfig config = smallConfig(folder.path());
    config.snapshotEvery = 12;
    trainModel(config, countingData(), recorder, {});
    EXPECT_EQ(recorder.seen, (std::vector<std::int64_t>{12, 24}));
    EXPECT_EQ(recorder.checkpoints, 3);
}

TEST(BatchSampler, BatchesDependOnSeedAndStepAlone) {
    const TrainData data = countingData();
    const BatchSampler a(data, 16, 128, 7), b(data, 16, 128, 7), c(data, 16, 128, 8);
    EXPECT_EQ(a.batch(5).inputs, b.batch(5).inputs);
    EXPECT_NE(a.batch(5).inputs, a.batch(6).inputs);
    EXPECT_NE(a.batch(5).inputs, c.batch(5).inputs);
}

TEST(BatchSampler, TargetsFollowInputsBehindTheFirstToken) {
    const TrainData data = countingData();
    const BatchSampler sampler(data, 16, 128, 7);
    const BatchSampler::Batch batch = sampler.batch(1);
    ASSERT_EQ(batch.inputs.size(), 128U);
    for (std::size_t s = 0; s < 8; ++s) {
        EXPECT_EQ(batch.inputs[s * 16], 0) << "sequences begin with the BOS token";
        for (std::size_t i = 1; i < 16; ++i)
            EXPECT_EQ(batch.inputs[s * 16 + i], batch.targets[s * 16 + i - 1]);
    }
}

TEST(BatchSampler, DomainsGetTheirWeight) {
    TrainData data = countingData();
    data.domains[0].weight = 3;
    for (std::int32_t& t : data.domains[1].tokens)
        t = 40;
    const BatchSampler sampler(data, 16, 16 * 8, 1);
    std::int64_t second = 0;
    for (std::int64_t step = 1; step <= 50; ++step)
        for (const std::int64_t t : sampler.batch(step).targets)
            second += t == 40 ? 1 : 0;
    EXPECT_NEAR(double(second) / (50 * 128), 0.25, 0.02);
}

TEST(LearningRate, WarmsUpThenFallsAlongACosine) {
    TrainConfig c;
    c.steps = 1000;
    c.warmup = 100;
    c.learningRate = 1.0F;
    c.finalLearningRate = 0.1F;
    EXPECT_NEAR(learningRateAt(c, 50), 0.5, 1e-6);
    EXPECT_NEAR(learningRateAt(c, 100), 1.0, 1e-6);
    EXPECT_NEAR(learningRateAt(c, 550), 0.55, 1e-6);
    EXPECT_NEAR(learningRateAt(c, 1000), 0.1, 1e-6);
}

} // namespace
} // namespace moescope
