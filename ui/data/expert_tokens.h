#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "analysis/vocabulary.h"
#include "app/service/recording.h"

namespace moescope {

// Which vocabulary ids one layer sends where; read once a layer, asked for any expert.
struct LayerVocabulary {
    LayerId layer;
    std::int32_t experts = 0;
    std::int64_t tokens = 0;
    std::optional<VocabularyCounts> counts; // none: no tokens
};

// A vocabulary id and one expert.
struct ExpertToken {
    std::int32_t tokenId = 0;
    std::string text;
    std::int64_t count = 0;       // occurrences that have the expert among their k
    std::int64_t occurrences = 0; // in the part of the run
    double share = 0;             // count / occurrences
    double surprise = 0; // signed root of the Poisson deviance of count from what the expert's overall rate gives
};

struct ExpertTokens {
    LayerId layer;
    ExpertId expert;
    double overallShare = 0;         // of all tokens, those that have the expert
    std::vector<ExpertToken> tokens; // most surprising first, at most `limit`
    std::shared_ptr<const LayerVocabulary> vocabulary;
};

std::shared_ptr<const LayerVocabulary> readVocabulary(const Recording& recording, const RunInfo& run,
                                                      const RunFilter& filter, LayerId layer, std::stop_token stop);
ExpertTokens expertTokens(const Recording& recording, const RunInfo& run,
                          std::shared_ptr<const LayerVocabulary> vocabulary, ExpertId expert, std::size_t limit);

} // namespace moescope
