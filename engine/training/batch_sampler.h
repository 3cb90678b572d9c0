#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "engine/training/train_config.h"

namespace moescope {

// Draws training batches: every step takes its sequences from the domains in proportion to their weights, each at a
// random place of the domain's stream. A step's batch depends on the seed and the step alone, so a resumed run and
// runs under other strategies see the same order.
class BatchSampler {
public:
    // Throws Error(InvalidArgument) when a domain is shorter than a sequence.
    BatchSampler(const TrainData& data, std::int32_t context, std::int32_t batchTokens, std::uint64_t seed);

    struct Batch {
        std::vector<std::int64_t> inputs;  // [N] sequences of `context`, each behind the BOS token where there is one
        std::vector<std::int64_t> targets; // [N] the next token of each input
    };
    Batch batch(std::int64_t step) const;

    std::int64_t sequences() const { return m_sequences; }

private:
    const TrainData& m_data;
    std::int32_t m_context;
    std::int64_t m_sequences;
    std::uint64_t m_seed;
    std::vector<double> m_cumulative; // [domains] weights summed up to and with each, last 1
};

} // namespace moescope
