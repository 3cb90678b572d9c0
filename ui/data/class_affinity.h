#pragma once

#include <cstdint>
#include <vector>

#include "analysis/token_class.h"
#include "ui/data/expert_tokens.h"

namespace moescope {

// Which kinds of tokens one layer sends where.
struct ClassAffinity {
    LayerId layer;
    std::int32_t experts = 0;
    std::vector<TokenClass> classes;       // those that occur, most frequent first
    std::vector<std::int64_t> occurrences; // [classes] tokens
    std::vector<std::int64_t> counts;      // [classes, experts] tokens that have the expert
    std::vector<std::int64_t> load;        // [experts]
    std::int64_t tokens = 0;

    std::int64_t count(std::size_t kind, std::int32_t expert) const {
        return counts[kind * std::size_t(experts) + std::size_t(expert)];
    }
    // The class's rate of the expert over the rate of all tokens; 1 is no preference. NaN for a dead expert.
    double lift(std::size_t kind, std::int32_t expert) const;
    // 97.5 % of lifts lie below by chance.
    double chanceHigh(std::size_t kind, std::int32_t expert) const;
};

ClassAffinity classAffinity(const Recording& recording, const RunInfo& run, const LayerVocabulary& vocabulary);

} // namespace moescope
