#include "ui/data/class_affinity.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace moescope {

namespace {

constexpr std::size_t kClasses = kTokenClassNames.size();

struct Sums {
    std::vector<std::int64_t> occurrences = std::vector<std::int64_t>(kClasses);
    std::vector<std::int64_t> counts; // [kClasses, experts]
    std::vector<std::int64_t> load;
};

Sums sumsOf(const Recording& recording, const RunInfo& run, const LayerVocabulary& vocabulary) {
    Sums sums;
    const auto experts = std::size_t(vocabulary.experts);
    sums.counts.resize(kClasses * experts);
    sums.load.resize(experts);
    std::unordered_map<std::int32_t, std::size_t> known;
    for (std::size_t e = 0; e < experts; ++e) {
        for (const VocabularyCounts::Entry& entry : vocabulary.counts->of(std::int32_t(e))) {
            auto at = known.find(entry.tokenId);
            if (at == known.end()) {
                const auto kind = std::size_t(classOf(recording.piece(run, entry.tokenId)));
                at = known.emplace(entry.tokenId, kind).first;
                sums.occurrences[kind] += entry.occurrences;
            }
            sums.counts[at->second * experts + e] += entry.count;
            sums.load[e] += entry.count;
        }
    }
    return sums;
}

} // namespace

double ClassAffinity::lift(std::size_t kind, std::int32_t expert) const {
    const double rate = double(load[std::size_t(expert)]) / double(tokens);
    return double(count(kind, expert)) / double(occurrences[kind]) / rate;
}

double ClassAffinity::chanceHigh(std::size_t kind, std::int32_t expert) const {
    const double rate = double(load[std::size_t(expert)]) / double(tokens);
    return 1 + 1.96 * std::sqrt(std::max(0.0, 1 - rate) / (rate * double(occurrences[kind])));
}

ClassAffinity classAffinity(const Recording& recording, const RunInfo& run, const LayerVocabulary& vocabulary) {
    const Sums sums = sumsOf(recording, run, vocabulary);
    ClassAffinity out;
    out.layer = vocabulary.layer;
    out.experts = vocabulary.experts;
    out.tokens = vocabulary.tokens;
    out.load = sums.load;
    std::vector<std::size_t> order;
    for (std::size_t kind = 0; kind < kClasses; ++kind) {
        if (sums.occurrences[kind] > 0) {
            order.push_back(kind);
        }
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return sums.occurrences[a] > sums.occurrences[b]; });
    const auto experts = std::ptrdiff_t(out.experts);
    for (const std::size_t kind : order) {
        out.classes.push_back(TokenClass(kind));
        out.occurrences.push_back(sums.occurrences[kind]);
        const auto row = sums.counts.begin() + std::ptrdiff_t(kind) * experts;
        out.counts.insert(out.counts.end(), row, row + experts);
    }
    return out;
}

} // namespace moescope
