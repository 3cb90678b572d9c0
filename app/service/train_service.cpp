#include "app/service/train_service.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "app/service/record_run.h"
#include "app/service/recording.h"
#include "app/service/train_corpus.h"
#include "app/service/train_setup.h"
#include "db/run_edit.h"
#include "db/run_writer.h"
#include "db/train_log.h"
#include "db/train_snapshots.h"
#include "engine/routing/error.h"
#include "engine/session/engine.h"
#include "engine/tokenizer/tokenizer.h"
#include "engine/training/strategies/make_strategy.h"

namespace moescope {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kRecordBatchTokens = 8192;

// Steps into the recording, and to whoever follows.
class StepRecorder : public TrainObserver {
public:
    StepRecorder(fs::path db, RunId run, TrainFollower& follower, std::function<void(std::int64_t)> takeSnapshot)
        : m_db(std::move(db)), m_run(run), m_follower(follower), m_takeSnapshot(std::move(takeSnapshot)) {}

    void step(const TrainStep& s) override {
        if (!m_log) // a resumed training begins behind its checkpoint
            m_log.emplace(m_db, m_run, s.step);
        m_log->add(s);
        m_follower.step(s);
    }
    void checkpoint(std::int64_t, const fs::path&) override {
        if (m_log)
            m_log->flush();
    }
    void snapshot(std::int64_t step, const fs::path&) override { m_takeSnapshot(step); }

private:
    fs::path m_db;
    RunId m_run;
    TrainFollower& m_follower;
    std::function<void(std::int64_t)> m_takeSnapshot;
    std::optional<TrainLog> m_log;
};

// The run of a name, where file and run are there.
std::optional<RunInfo> findRun(const fs::path& db, const std::string& name) {
    if (!fs::exists(db))
        return std::nullopt;
    for (const RunInfo& run : Recording::open(db)->runs())
        if (run.spec.name == name)
            return run;
    return std::nullopt;
}

// What the models of a request share.
struct Shared {
    const TrainRequest& request;
    fs::path tokenizerPath;
    std::unique_ptr<Tokenizer> tokenizer;
    TrainCorpus corpus;
    std::string versions;
};

// Selection biases are learnt, not asked for: a run goes on with those it has.
RunSpec withBiasOf(const RunInfo& found, RunSpec now) {
    for (std::size_t l = 0; l < std::min(now.layers.size(), found.spec.layers.size()); ++l)
        now.layers[l].selectionBias = found.spec.layers[l].selectionBias;
    return now;
}

PlanOptions planOptions(const Shared& shared, const TrainJob& job) {
    return {job.config.context, kRecordBatchTokens, 0, shared.corpus.data.bos};
}

class ModelTraining {
public:
    ModelTraining(Engine& engine, const Shared& shared, const TrainJob& job, TrainFollower& follower)
        : m_engine(engine), m_shared(shared), m_job(job), m_follower(follower),
          m_run(describeTraining(shared.request, job, shared.corpus, *shared.tokenizer, shared.versions)),
          m_plan(shared.corpus.validation, planOptions(shared, job)) {}

    TrainedModel train(const std::stop_token& stop) {
        const RunId run = openRun();
        if (!m_complete) {
            const auto start = Clock::now();
            trainSteps(run, stop);
            m_result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
            recordHeldOut(stop);
        }
        fillResult(run);
        return m_result;
    }

private:
    // Begins the run, or finds the one to go on with; leaves it without a writer.
    RunId openRun() {
        if (const auto found = findComplete(m_job.run, m_run)) {
            m_complete = true;
            return *found;
        }
        return begin(m_job.run, m_run, m_plan);
    }

    // The run of a name where an earlier call has completed it.
    std::optional<RunId> findComplete(const std::string& name, const RunDescription& description) const {
        const auto found = m_job.config.resume ? findRun(m_shared.request.db, name) : std::nullopt;
        const bool done =
            found && found->state == RunState::Complete && found->spec.resumeKey == description.spec.resumeKey;
        return done ? std::optional(found->id) : std::nullopt;
    }

    RunId begin(const std::string& name, const RunDescription& description, const RecordPlan& plan) {
        const fs::path& db = m_shared.request.db;
        if (const auto found = m_job.config.resume ? findRun(db, name) : std::nullopt)
            return close(*RunWriter::resume(db, name, withBiasOf(*found, description.resume), plan.documents()));
        const auto pieces = description.spec.text ? piecesOf(plan.tokens(), *m_shared.tokenizer) : std::vector<Piece>();
        RunWriter writer(db, description.spec, plan.documents(), pieces);
        return close(writer);
    }
    static RunId close(RunWriter& writer) {
        const RunId run = writer.run();
        writer.finish(RunState::Interrupted); // it is, until the held-out text is recorded
        return run;
    }

    void trainSteps(RunId run, const std::stop_token& stop) {
        const TrainConfig& config = m_job.config;
        fs::create_directories(config.out);
        fs::copy_file(m_shared.tokenizerPath, config.out / "tokenizer.json", fs::copy_options::overwrite_existing);
        {
            StepRecorder recorder(m_shared.request.db, run, m_follower,
                                  [&](std::int64_t step) { recordSnapshot(run, step, stop); });
            m_engine.train(config, m_shared.corpus.data, recorder, stop);
        }
        if (stop.stop_requested())
            throw Error(
                ErrorCode::Cancelled,
                fmt::format("stopped; the checkpoint is in {}, and --resume goes on from it", config.out.string()));
    }

    // The model as it stands, over the first of the held-out text; a stop lets it come to its end.
    void recordSnapshot(RunId training, std::int64_t step, const std::stop_token&) {
        const RunDescription run = describeSnapshot(m_run, step);
        const RecordPlan plan(firstTokens(m_shared.corpus.validation, m_shared.request.snapshotTokens),
                              planOptions(m_shared, m_job));
        if (findComplete(run.spec.name, run))
            return;
        const RunId id = begin(run.spec.name, run, plan);
        addTrainSnapshot(m_shared.request.db, training, {step, id});
        recordText(run, plan, {});
    }

    void recordHeldOut(const std::stop_token& stop) { recordText(m_run, m_plan, stop); }

    void recordText(const RunDescription& run, const RecordPlan& plan, const std::stop_token& stop) {
        const auto session = m_engine.open({m_job.config.out, "auto", "auto", m_job.config.threads});
        const fs::path& db = m_shared.request.db;
        RunInfo found = *findRun(db, run.spec.name);
        if (found.tokens == 0) { // what the router has learnt beside its weights
            found.spec.layers = session->info().moeLayers;
            setSelectionBias(db, found.id, found.spec.layers);
        }
        const auto writer = RunWriter::resume(db, run.spec.name, withBiasOf(found, run.resume), plan.documents());
        const auto total = std::int64_t(plan.tokens().size());
        RecordRun(*session, *writer, plan, true, [&](TokenIndex done) { m_follower.recording(done, total); }).run(stop);
        writer->finish(RunState::Complete);
    }

    void fillResult(RunId run) {
        m_result.run = m_job.run;
        m_result.folder = m_job.config.out;
        m_result.strategy = m_job.config.strategy;
        m_result.seed = m_job.config.seed;
        const auto recording = Recording::open(m_shared.request.db);
        const RunInfo info = recording->run(std::to_string(run.value));
        const auto steps = recording->trainSteps(info);
        if (!steps.empty()) {
            m_result.steps = steps.back().step;
            m_result.tokens = steps.back().tokens;
            m_result.loss = steps.back().loss;
        }
        m_result.validationNll = recording->meanNll(info).prompt;
    }

    Engine& m_engine;
    const Shared& m_shared;
    const TrainJob& m_job;
    TrainFollower& m_follower;
    RunDescription m_run;
    RecordPlan m_plan;
    TrainedModel m_result;
    bool m_complete = false; // by an earlier call
};

Shared readShared(const TrainRequest& request, TrainFollower& follower, std::stop_token stop, std::string versions) {
    const fs::path file = tokenizerFile(request);
    auto tokenizer = Tokenizer::open(file);
    fs::path cache = fs::absolute(request.out).lexically_normal();
    if (!cache.has_filename())
        cache = cache.parent_path();
    cache += ".tokens";
    fs::create_directories(cache.parent_path());
    TrainCorpus corpus = readTrainCorpus(
        {request.data, cache, request.validationTokens, request.config.threads}, *tokenizer,
        [&](std::int64_t done, std::int64_t of) { follower.reading(done, of); }, stop);
    return {request, file, std::move(tokenizer), std::move(corpus), std::move(versions)};
}

} // namespace

std::vector<TrainedModel> TrainService::train(const TrainRequest& request, TrainFollower& follower,
                                              std::stop_token stop) {
    if (request.strategies.empty() || request.seeds < 1 || request.config.steps < 1)
        throw Error(ErrorCode::InvalidArgument,
                    "nothing to train: give --strategy, and --steps and --seeds of at least 1");
    try {
        for (const TrainJob& job : trainJobs(request, 2))
            trainedGates(job.config); // says what is wrong before the texts are read
        const Shared shared = readShared(request, follower, stop, m_engine.versions());
        std::vector<TrainedModel> models;
        const std::vector<TrainJob> jobs = trainJobs(request, shared.tokenizer->vocabularySize());
        for (const TrainJob& job : jobs) {
            follower.started(job.run, job.config.steps, std::int64_t(models.size()) + 1, std::int64_t(jobs.size()));
            models.push_back(ModelTraining(m_engine, shared, job, follower).train(stop));
        }
        return models;
    } catch (const fs::filesystem_error& error) {
        throw Error(ErrorCode::Io, fmt::format("{}: {}", error.path1().string(), error.code().message()));
    }
}

} // namespace moescope
