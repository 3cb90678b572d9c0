#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/service/record_plan.h"
#include "engine/training/train_config.h"

namespace moescope {

class Tokenizer;

// Texts as a trainer takes them: the token stream of each domain, and its end held out to record what was learnt.
struct TrainCorpus {
    TrainData data;
    std::vector<TokenDocument> validation; // one document a domain, never trained on
    std::string hash;                      // over the texts and the tokenizer
    std::int64_t tokens = 0;               // to train on
};

struct TrainCorpusOptions {
    std::filesystem::path data;           // a folder whose sub-folders name domains, or a file
    std::filesystem::path cache;          // where the token ids are kept between calls
    std::int64_t validationTokens = 4096; // of each domain, at most 5 % of it
    int threads = 0;                      // 0: one for each core
};

// Reads and tokenizes, or takes the ids from the cache where texts and tokenizer are the same. `progress` is told
// (documents done, all documents). Throws Error as readDocuments does, and Cancelled.
TrainCorpus readTrainCorpus(const TrainCorpusOptions& options, const Tokenizer& tokenizer,
                            const std::function<void(std::int64_t, std::int64_t)>& progress, std::stop_token stop);

} // namespace moescope
