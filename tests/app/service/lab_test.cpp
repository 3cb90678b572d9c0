// The bundled training lab: its texts are as stated, and a recorded command line gives a recorded curve again.
#include <cmath>
#include <filesystem>
#include <map>
#include <numeric>
#include <sstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/service/group_routing.h"
#include "app/service/recording.h"
#include "app/service/replay_service.h"
#include "app/service/train_service.h"
#include "datasets/manifest.h"
#include "datasets/sha256.h"
#include "engine/routing/error.h"
#include "engine/session/engine_loader.h"

namespace moescope {

namespace fs = std::filesystem;

namespace {

const fs::path kSource = MOESCOPE_SOURCE_DIR;
const fs::path kLab = kSource / "datasets/lab";
constexpr std::int64_t kSteps = 50;

// Collects losses and stops behind the last step that is compared.
class Follower : public TrainFollower {
public:
    void reading(std::int64_t, std::int64_t) override {}
    void started(const std::string&, std::int64_t, std::int64_t, std::int64_t) override {}
    void step(const TrainStep& step) override {
        m_losses.push_back(step.loss);
        if (step.step == kSteps)
            m_source.request_stop();
    }
    void recording(std::int64_t, std::int64_t) override {}

    std::vector<double> m_losses;
    std::stop_source m_source;
};

// "--name value" pairs of a command line.
std::map<std::string, std::string> optionsOf(const std::string& commandLine) {
    std::istringstream words(commandLine);
    std::map<std::string, std::string> options;
    std::string word, name;
    while (words >> word) {
        if (word.starts_with("-"))
            name = word;
        else
            options.emplace(name, word); // the word behind an option, not one behind that
    }
    return options;
}

struct Evenness {
    double importance = 0, load = 0; // CV, mean over layers
};

// Sums over steps of what each expert had, layer by layer.
template <class T>
double meanCv(const std::vector<TrainStep>& steps, std::vector<std::vector<T>> TrainStep::*field) {
    double total = 0;
    const std::size_t layers = (steps.front().*field).size();
    for (std::size_t l = 0; l < layers; ++l) {
        std::vector<double> sums((steps.front().*field)[l].size());
        for (const TrainStep& step : steps)
            for (std::size_t e = 0; e < sums.size(); ++e)
                sums[e] += double((step.*field)[l][e]);
        const double mean = std::accumulate(sums.begin(), sums.end(), 0.0) / double(sums.size());
        double squares = 0;
        for (const double sum : sums)
            squares += (sum - mean) * (sum - mean);
        total += std::sqrt(squares / double(sums.size())) / mean;
    }
    return total / double(layers);
}

Evenness evennessInTraining(const Recording& recording, const std::string& name) {
    const std::vector<TrainStep> all = recording.trainSteps(recording.run(name));
    const std::vector<TrainStep> last(all.end() - 50, all.end());
    return {meanCv(last, &TrainStep::importance), meanCv(last, &TrainStep::load)};
}

TrainRequest requestOf(std::map<std::string, std::string> options, const fs::path& out) {
    const auto number = [&](const char* name) { return std::stoi(options.at(name)); };
    TrainRequest r;
    r.config.layers = number("--layers");
    r.config.width = number("--width");
    r.config.heads = number("--heads");
    r.config.experts = number("--experts");
    r.config.topK = number("--top-k");
    r.config.ffn = number("--ffn");
    r.config.context = number("--context");
    r.config.batchTokens = number("--batch-tokens");
    r.config.steps = number("--steps");
    r.config.warmup = number("--warmup");
    r.config.learningRate = std::stof(options.at("--lr"));
    r.config.biasRate = std::stof(options.at("--bias-rate"));
    r.config.threads = number("--threads");
    r.validationTokens = number("--validation-tokens");
    r.data = kSource / options.at("--data");
    r.tokenizer = kSource / options.at("--tokenizer");
    r.out = out / "model";
    r.db = out / "again.moescope";
    return r;
}

} // namespace

TEST(Lab, FilesAreAsTheManifestSays) {
    for (const ManifestEntry& entry : readManifest(kLab)) {
        EXPECT_EQ(sha256OfFile(kLab / entry.file), entry.sha256) << entry.file;
        EXPECT_TRUE(fs::exists(kSource / "datasets/licences" / (entry.licence + ".txt"))) << entry.licence;
    }
    std::uintmax_t bytes = 0;
    for (const auto& file : fs::recursive_directory_iterator(kLab))
        bytes += file.is_regular_file() ? file.file_size() : 0;
    EXPECT_LE(bytes, 40'000'000U);
}

TEST(Lab, HoldsEightStrategiesOfThreeSeeds) {
    const auto recording = Recording::open(kLab / "lab.moescope");
    std::size_t snapshots = 0;
    for (const char* strategy :
         {"none", "noisy-importance", "noisy-load", "noisy-both", "aux", "aux+z", "aux-free", "expert-choice"})
        for (const char* seed : {"-s1", "-s2", "-s3"}) {
            const RunInfo run = recording->run(std::string(strategy) + seed);
            EXPECT_EQ(run.state, RunState::Complete);
            EXPECT_EQ(recording->trainSteps(run).size(), 300U);
            snapshots += recording->trainSnapshots(run).size();
        }
    EXPECT_EQ(snapshots, 8U * 6U);
}

// The blocks of expert choice have as many slots as the busiest token needs; k is what tokens have on average.
TEST(Lab, ExpertChoiceReplaysFromItsLogits) {
    const fs::path folder = fs::path(testing::TempDir()) / ("lab-replay-" + std::to_string(getpid()));
    fs::create_directories(folder);
    fs::copy_file(kLab / "lab.moescope", folder / "lab.moescope");
    for (const char* strategy : {"topk", "aux-free", "expert-choice", "sinkhorn", "base"}) {
        ReplayOptions options;
        options.strategy = strategy;
        options.learning.passes = 2;
        ReplayObserver observer;
        ReplayService().replay({folder / "lab.moescope", "expert-choice-s1", strategy, options, "test"}, observer);
    }
    const auto recording = Recording::open(folder / "lab.moescope");
    const RunInfo source = recording->run("expert-choice-s1");
    EXPECT_GT(source.spec.layers[0].moe.topK, 2);
    EXPECT_EQ(recording->topK(source, source.spec.layers[0]), 2);
    for (const char* strategy : {"topk", "aux-free", "expert-choice", "sinkhorn", "base"})
        for (const LayerSummary& layer : recording->summaries(recording->run(strategy), {})) {
            const auto all = std::accumulate(layer.assignments.begin(), layer.assignments.end(), std::int64_t{0});
            EXPECT_EQ(all, 2 * 3200) << strategy;
            EXPECT_EQ(layer.topK, 2) << strategy;
        }
    fs::remove_all(folder);
}

// Over the last 50 batches together, as Shazeer et al. report (arXiv 1701.06538, table 6).
TEST(Lab, EachLossBalancesWhatItIsMadeFor) {
    const auto recording = Recording::open(kLab / "lab.moescope");
    for (const char* seed : {"-s1", "-s2", "-s3"}) {
        const Evenness none = evennessInTraining(*recording, std::string("none") + seed);
        const Evenness byImportance = evennessInTraining(*recording, std::string("noisy-importance") + seed);
        const Evenness byLoad = evennessInTraining(*recording, std::string("noisy-load") + seed);
        EXPECT_LT(byImportance.importance, byImportance.load) << seed;
        EXPECT_LT(byLoad.load, byLoad.importance) << seed;
        EXPECT_GT(none.load, 10 * byImportance.load) << seed;
        EXPECT_GT(none.importance, 10 * byLoad.importance) << seed;
    }
}

// On the kind of processor that made it the curve is the same. bf16 products differ a little on others, and f32 stands
// in where there is no fast bf16: that alone moves losses by up to 0.04 once routes begin to differ.
TEST(Lab, TheRecordedCommandLineGivesTheRecordedCurve) {
    const auto recording = Recording::open(kLab / "lab.moescope");
    const RunInfo run = recording->run("aux-s1");
    const fs::path out = fs::path(testing::TempDir()) / ("lab-" + std::to_string(getpid()));
    TrainRequest request = requestOf(optionsOf(std::string(provenanceValue(run, "command line"))), out);
    request.strategies = {"aux"};
    Follower follower;
    EXPECT_THROW(TrainService(loadEngine()).train(request, follower, follower.m_source.get_token()), Error);
    fs::remove_all(out);
    const auto recorded = recording->trainSteps(run);
    ASSERT_EQ(follower.m_losses.size(), std::size_t(kSteps));
    for (std::size_t i = 0; i < std::size_t(kSteps); ++i)
        EXPECT_NEAR(follower.m_losses[i], recorded[i].loss, i < 20 ? 0.01 : 0.1) << "step " << i + 1;
}

} // namespace moescope
