#include "app/service/train_setup.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/service/auto_logits.h"
#include "app/service/provenance.h"
#include "app/service/train_corpus.h"
#include "app/service/version.h"
#include "engine/routing/error.h"
#include "engine/tokenizer/tokenizer.h"
#include "engine/training/strategies/make_strategy.h"

namespace moescope {

namespace fs = std::filesystem;

namespace {

LogitStorage logitStorage(const TrainRequest& request) {
    if (request.logits == "none")
        return LogitStorage::None;
    if (request.logits == "auto")
        return autoLogits(std::int32_t(request.config.experts));
    return request.logits == "f16" ? LogitStorage::F16 : LogitStorage::F32;
}

void addConfig(Provenance& p, const TrainConfig& c) {
    p.fixed("strategy", c.strategy);
    p.fixed("seed", std::to_string(c.seed));
    p.fixed("layers", std::to_string(c.layers));
    p.fixed("width", std::to_string(c.width));
    p.fixed("heads", fmt::format("{} ({} for keys and values)", c.heads, c.kvHeads > 0 ? c.kvHeads : c.heads));
    p.fixed("experts", fmt::format("{}, top {}, intermediate size {}", c.experts, c.topK, c.ffn));
    p.fixed("aux coefficient", fmt::format("{}", c.auxCoefficient));
    p.fixed("z coefficient", fmt::format("{}", c.zCoefficient));
    p.fixed("noisy coefficient", fmt::format("{}", c.noisyCoefficient));
    p.fixed("bias", fmt::format("rate {}, {} scores", c.biasRate, c.sigmoidScore ? "sigmoid" : "softmax"));
    p.fixed("capacity factor", fmt::format("{}", c.capacityFactor));
    p.fixed("groups", fmt::format("{}, {} for a token", c.groups, c.topkGroups));
    p.fixed("shared experts", std::to_string(c.sharedExperts));
    p.fixed("router jitter", fmt::format("{}", c.routerJitter));
    p.fixed("context", std::to_string(c.context));
    p.fixed("batch tokens", std::to_string(c.batchTokens));
    p.fixed("steps", std::to_string(c.steps));
    p.fixed("learning rate",
            fmt::format("{}, {} steps of warm-up, cosine to {} of it", c.learningRate, c.warmup, c.finalLearningRate));
    p.fixed("weight decay", fmt::format("{}", c.weightDecay));
    p.fixed("compute", c.compute);
    p.fixed("threads", c.threads > 0 ? std::to_string(c.threads) : "one for each core");
}

} // namespace

std::vector<TrainJob> trainJobs(const TrainRequest& request, std::int32_t vocabulary) {
    std::vector<TrainJob> jobs;
    const bool single = request.strategies.size() == 1 && request.seeds == 1;
    for (const std::string& strategy : request.strategies)
        for (std::int64_t i = 0; i < request.seeds; ++i) {
            TrainJob job{folderName(request.out.string()), request.config};
            job.config.vocabulary = vocabulary;
            job.config.strategy = strategy;
            job.config.seed = request.config.seed + std::uint64_t(i);
            job.config.out = request.out;
            if (!single) {
                job.run = fmt::format("{}-s{}", strategy, job.config.seed);
                job.config.out /= job.run;
            }
            jobs.push_back(std::move(job));
        }
    return jobs;
}

RunDescription describeTraining(const TrainRequest& request, const TrainJob& job, const TrainCorpus& corpus,
                                const Tokenizer& tokenizer, const std::string& engineVersions) {
    Provenance p;
    p.fact("made by", "training; the tokens are held-out text, routed by the trained model");
    p.fact("data", request.data.string());
    p.fixed("data hash", corpus.hash);
    p.fact("training tokens", std::to_string(corpus.tokens));
    p.fixed("tokenizer hash", tokenizer.contentHash());
    addConfig(p, job.config);
    p.fixed("held out", fmt::format("{} tokens a domain", request.validationTokens));
    p.fixed("moescope", std::string(programVersion()));
    p.fixed("engine", engineVersions);
    p.fact("command line", request.commandLine);

    RunDescription run;
    run.spec.name = job.run;
    run.spec.model = folderName(job.config.out.string());
    run.spec.family = "mixtral";
    run.spec.layers = trainedGates(job.config);
    run.spec.vocabulary = job.config.vocabulary;
    run.spec.context = job.config.context;
    run.spec.logits = logitStorage(request);
    run.spec.nll = true;
    run.spec.resumeKey = p.resumeKey();
    run.resume = run.spec;
    run.spec.provenance = p.facts();
    run.resume.provenance = p.fixedFacts();
    return run;
}

RunDescription describeSnapshot(const RunDescription& training, std::int64_t step) {
    RunDescription run = training;
    for (RunSpec* spec : {&run.spec, &run.resume}) {
        spec->name += fmt::format("@{}", step);
        spec->logits = LogitStorage::None;
        spec->text = false;
        spec->provenance.emplace_back("training step", std::to_string(step));
    }
    return run;
}

std::vector<TokenDocument> firstTokens(std::vector<TokenDocument> documents, std::int64_t tokens) {
    for (TokenDocument& document : documents)
        document.tokens.resize(std::min(document.tokens.size(), std::size_t(tokens)));
    return documents;
}

fs::path tokenizerFile(const TrainRequest& request) {
    const fs::path given = request.tokenizer.empty() ? request.data : request.tokenizer;
    std::error_code ignored;
    if (!fs::exists(request.data, ignored))
        throw Error(ErrorCode::NotFound, request.data.string() + ": no such folder of texts; name one with --data");
    fs::path file = fs::is_directory(given, ignored) ? given / "tokenizer.json" : given;
    if (!fs::exists(file, ignored))
        throw Error(ErrorCode::NotFound, file.string() + ": no such tokenizer; name one with --tokenizer");
    return file;
}

} // namespace moescope
