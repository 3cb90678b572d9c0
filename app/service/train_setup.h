#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/service/record_plan.h"
#include "app/service/record_setup.h"
#include "app/service/train_service.h"

namespace moescope {

class Tokenizer;
struct TrainCorpus;

// One model of a request.
struct TrainJob {
    std::string run; // its name in the recording
    TrainConfig config;
};

// Every strategy with every seed. One model goes into request.out itself, several into folders below it.
std::vector<TrainJob> trainJobs(const TrainRequest& request, std::int32_t vocabulary);

// The run that holds a training's steps and the recording of the held-out text.
RunDescription describeTraining(const TrainRequest& request, const TrainJob& job, const TrainCorpus& corpus,
                                const Tokenizer& tokenizer, const std::string& engineVersions);

// The run of a snapshot after `step`, beside the run of its training: routes and nll alone.
RunDescription describeSnapshot(const RunDescription& training, std::int64_t step);

// The first tokens of each document.
std::vector<TokenDocument> firstTokens(std::vector<TokenDocument> documents, std::int64_t tokens);

// The tokenizer's file: the one given, or data's own. Throws Error(NotFound).
std::filesystem::path tokenizerFile(const TrainRequest& request);

} // namespace moescope
