#include "app/service/record_service.h"

#include <chrono>
#include <limits>

#include <fmt/format.h>

#include "app/service/generation_run.h"
#include "app/service/intervention_text.h"
#include "app/service/record_input.h"
#include "app/service/record_run.h"
#include "app/service/record_setup.h"
#include "app/service/recording.h"
#include "db/resume_check.h"
#include "db/run_writer.h"
#include "engine/routing/error.h"
#include "engine/session/engine.h"
#include "engine/tokenizer/tokenizer.h"

namespace moescope {

namespace {

using Clock = std::chrono::steady_clock;

// What follows the name in those of an encoder-decoder model's two runs.
constexpr std::string_view kEncoderRun = "/encoder";
constexpr std::string_view kDecoderRun = "/decoder";

void requireSensible(const RecordRequest& request) {
    if (request.context < 1 || request.context > std::numeric_limits<std::int32_t>::max())
        throw Error(ErrorCode::InvalidArgument, "--context: a window holds at least one token");
    if (request.batchTokens < 1 || request.limit < 0 || request.generate < 0)
        throw Error(ErrorCode::InvalidArgument, "--batch-tokens, --limit and --generate cannot be negative or zero");
    if (!(request.temperature >= 0) || !(request.topP > 0 && request.topP <= 1))
        throw Error(ErrorCode::InvalidArgument, "--temperature cannot be negative, --top-p is above 0 and at most 1");
}

// One of two runs that belong together.
struct Stack {
    std::string suffix; // of the run's name
    RunId beside{};     // the other run, where it is there already
};

// The run to go on with, if the file and the run are there: that of the name; without a name the latest that would be
// recorded the same way, else the latest if it was interrupted.
std::optional<RunInfo> findRun(const RecordRequest& request, const Stack& stack, const std::string& resumeKey) {
    std::optional<RunInfo> found;
    if (!std::filesystem::exists(request.db))
        return found;
    const std::vector<RunInfo> runs = Recording::open(request.db)->runs();
    for (const RunInfo& run : runs)
        if (request.name.empty() ? run.spec.resumeKey == resumeKey : run.spec.name == request.name + stack.suffix)
            found = run;
    if (!found && request.name.empty() && !runs.empty() && runs.back().state == RunState::Interrupted)
        found = runs.back();
    return found;
}

// One recording in the making: what is recorded, and where to.
struct Job {
    const RecordRequest& request;
    const RecordInput& input;
    InferenceSession& session;
    const RecordPlan& plan;
    RunDescription run;
    Stack stack = {};
    std::unique_ptr<RunWriter> writer;
    std::vector<DocumentInfo> before; // with --generate: recorded whole by an earlier call

    GenerationOptions generation() const {
        GenerationOptions options;
        options.tokens = request.generate;
        options.temperature = request.temperature;
        options.topP = request.topP;
        options.seed = request.seed;
        options.context = request.context;
        options.bos = input.bos;
        options.nll = run.spec.nll;
        options.tokenizer = run.spec.text ? input.tokenizer.get() : nullptr;
        return options;
    }
    std::vector<DocumentInfo> announced() const {
        return request.generate > 0 ? GenerationRun::announced(session, plan, generation()) : plan.documents();
    }
};

void begin(Job& job) {
    const std::vector<Piece> pieces =
        job.run.spec.text ? piecesOf(job.plan.tokens(), *job.input.tokenizer) : std::vector<Piece>();
    RunWriter::Options options;
    options.linkedTo = job.stack.beside;
    if (!job.request.name.empty()) {
        job.run.spec.name = job.request.name + job.stack.suffix;
        job.writer = std::make_unique<RunWriter>(job.request.db, job.run.spec, job.announced(), pieces, options);
        return;
    }
    for (int number = 1; !job.writer; ++number) {
        job.run.spec.name =
            job.run.spec.model + (number > 1 ? fmt::format("-{}", number) : std::string()) + job.stack.suffix;
        try {
            job.writer = std::make_unique<RunWriter>(job.request.db, job.run.spec, job.announced(), pieces, options);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::Conflict)
                throw;
        }
    }
}

// Whether there is nothing to do. Throws Error(Conflict) where the run is complete, but of other inputs.
bool isDone(const RunInfo& found, const Job& job) {
    if (found.state != RunState::Complete)
        return false;
    if (found.spec.resumeKey != job.run.spec.resumeKey)
        throw Error(ErrorCode::Conflict,
                    fmt::format("run '{}' is complete, but was recorded otherwise: {}; record under another --name",
                                found.spec.name, whatChanged(found, job.run.resume, job.plan.documents())));
    return true;
}

// What a run that was to be resumed, under no name, has instead: the latest of the model differs. Empty: there is none.
std::string whyAnew(const Job& job) {
    std::string why;
    if (std::filesystem::exists(job.request.db))
        for (const RunInfo& run : Recording::open(job.request.db)->runs())
            if (run.spec.model == job.run.spec.model && run.spec.stack == job.run.spec.stack)
                why = fmt::format("no run was recorded this way, so a new one begins; from run '{}' it differs: {}",
                                  run.spec.name, whatChanged(run, job.run.resume, job.plan.documents()));
    return why;
}

void resume(Job& job, const RunInfo& found) {
    job.run.spec.name = job.run.resume.name = found.spec.name;
    job.writer = RunWriter::resume(job.request.db, found.spec.name, job.run.resume, job.plan.documents());
    if (job.request.generate == 0)
        return;
    for (const DocumentInfo& document : found.documents)
        if (document.first + document.tokens <= found.tokens)
            job.before.push_back(document);
}

RecordSummary summaryOf(const Job& job) {
    RecordSummary summary;
    summary.run = job.run.spec.name;
    summary.model = job.run.spec.model;
    summary.device = job.session.info().device;
    summary.dtype = job.session.info().dtype;
    summary.expertWeights = job.session.info().expertWeights;
    if (job.request.intervention.capacity && job.stack.suffix != kDecoderRun)
        summary.capacity = capacityText(*job.request.intervention.capacity);
    summary.documents = std::int64_t(job.plan.documents().size());
    return summary;
}

// Runs everything that is not recorded yet; fills in what the run came to.
void runAll(Job& job, RecordSummary& summary, const std::function<void(TokenIndex)>& progress, std::stop_token stop) {
    if (job.request.generate == 0) {
        RecordRun run(job.session, *job.writer, job.plan, job.run.spec.nll, progress);
        run.run(stop);
        summary.tokens = std::int64_t(job.plan.tokens().size());
        return;
    }
    GenerationRun run(job.session, *job.writer, job.plan, job.generation(), job.before, progress);
    run.run(stop);
    summary.generated = run.generated();
    summary.tokens = run.documents().back().first + run.documents().back().tokens;
}

[[noreturn]] void throwStopped(Job& job, std::int64_t total) {
    job.writer->flush();
    const TokenIndex committed = job.writer->committed();
    if (committed == 0) {
        job.writer.reset(); // takes the empty run away again
        throw Error(ErrorCode::Cancelled, "stopped before a batch was recorded; nothing is kept");
    }
    job.writer->finish(RunState::Interrupted);
    throw Error(ErrorCode::Cancelled,
                fmt::format("stopped: {} of {} tokens are recorded in run {} of {}; --resume goes on with it",
                            committed, total, job.run.spec.name, job.request.db.string()));
}

void runObserved(Job& job, RecordSummary& summary, RecordObserver& observer, std::stop_token stop) {
    const auto start = Clock::now();
    const std::int64_t generated = job.request.generate * std::int64_t(job.plan.documents().size());
    const std::int64_t text = job.request.generate > 0 && job.session.info().start ? 0 : job.plan.tokens().size();
    const std::int64_t total = text + generated; // of generated ones at most
    summary.id = job.writer->run().value;
    summary.resumed = job.writer->committed();
    observer.started(summary.run, {summary.resumed, total, summary.resumed});
    try {
        runAll(
            job, summary,
            [&](TokenIndex done) {
                observer.progress({done, total, summary.resumed});
            },
            stop);
    } catch (const Error& error) {
        if (error.code() == ErrorCode::Cancelled)
            throwStopped(job, total);
        throw;
    }
    job.writer->finish(RunState::Complete);
    summary.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    summary.tokensPerSecond = double(summary.tokens - summary.resumed) / std::max(summary.seconds, 1e-9);
    const auto recording = Recording::open(job.request.db);
    summary.meanNll = recording->meanNll(recording->run(std::to_string(summary.id)));
}

} // namespace

void RecordObserver::planned(const MemoryPlan&, std::int64_t, int) {}
void RecordObserver::beganAnew(const std::string&) {}

RecordSummary RecordService::record(const RecordRequest& request, RecordObserver& observer, std::stop_token stop) {
    requireSensible(request);
    RecordInput input = readRecordInput(request, stop);
    const auto session =
        m_engine.open({request.model, request.device, request.dtype, request.threads, request.expertWeights});
    return record(request, std::move(input), *session, observer, stop);
}

namespace {

// One run, whole.
RecordSummary recordRun(Job job, RecordObserver& observer, std::stop_token stop) {
    const auto found = job.request.resume ? findRun(job.request, job.stack, job.run.spec.resumeKey) : std::nullopt;
    if (found && isDone(*found, job)) {
        job.run.spec.name = found->spec.name;
        RecordSummary summary = summaryOf(job);
        summary.id = found->id.value;
        summary.tokens = summary.resumed = found->tokens;
        summary.meanNll = Recording::open(job.request.db)->meanNll(*found);
        return summary;
    }
    if (found) {
        resume(job, *found);
    } else {
        const std::string why = job.request.resume && job.request.name.empty() ? whyAnew(job) : "";
        if (!why.empty())
            observer.beganAnew(why);
        begin(job);
    }
    RecordSummary summary = summaryOf(job);
    runObserved(job, summary, observer, stop);
    return summary;
}

} // namespace

RecordSummary RecordService::record(const RecordRequest& request, RecordInput input, InferenceSession& session,
                                    RecordObserver& observer, std::stop_token stop) {
    requireSensible(request);
    InferenceSession* const decoder = session.decoder();
    if (request.generate > 0 && session.info().stack == "encoder" && decoder == nullptr)
        throw Error(ErrorCode::Unsupported,
                    request.model.string() + ": an encoder has nothing to generate with; record without --generate");
    session.intervene(request.intervention);
    requireIdsBelow(input.documents, session.info().vocabulary);
    observer.planned(session.info().memory, std::max(request.batchTokens, request.context), session.info().threads);
    const RecordPlan plan(std::move(input.documents), {request.context, request.batchTokens, request.limit, input.bos});
    const auto job = [&](const RecordRequest& part, InferenceSession& stack) {
        return Job{part, input, stack, plan, describeRun(part, input, stack.info(), m_engine.versions()), {}, {}, {}};
    };
    if (decoder == nullptr)
        return recordRun(job(request, session), observer, stop);

    RecordRequest reading = request; // an encoder generates nothing
    reading.generate = 0;
    Job first = job(reading, session);
    first.stack.suffix = kEncoderRun;
    RecordSummary summary = recordRun(std::move(first), observer, stop);
    RecordRequest writing = request;
    writing.name = summary.run.substr(0, summary.run.size() - kEncoderRun.size());
    Job second = job(writing, *decoder);
    second.stack = {std::string(kDecoderRun), RunId{summary.id}};
    summary.linked = std::make_shared<const RecordSummary>(recordRun(std::move(second), observer, stop));
    return summary;
}

} // namespace moescope
