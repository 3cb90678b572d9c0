#include "engine/training/batch_sampler.h"

#include <algorithm>

#include "engine/routing/error.h"

namespace moescope {
namespace {

// A uniform number in [0, 1) from the generator's bits; the standard distributions differ between libraries.
double uniform(std::mt19937_64& random) {
    return double(random() >> 11) * 0x1.0p-53;
}

} // namespace

BatchSampler::BatchSampler(const TrainData& data, std::int32_t context, std::int32_t batchTokens, std::uint64_t seed)
    : m_data(data), m_context(context), m_sequences(batchTokens / context), m_seed(seed) {
    if (data.domains.empty())
        throw Error(ErrorCode::InvalidArgument, "training: there is no text to train on");
    double total = 0;
    for (const TrainData::Domain& domain : data.domains) {
        if (std::int64_t(domain.tokens.size()) <= context + 1)
            throw Error(ErrorCode::InvalidArgument, "training: domain '" + domain.name + "' has " +
                                                        std::to_string(domain.tokens.size()) +
                                                        " tokens, fewer than one sequence (--context)");
        total += domain.weight;
        m_cumulative.push_back(total);
    }
    for (double& c : m_cumulative)
        c /= total;
    m_cumulative.back() = 1.0;
}

BatchSampler::Batch BatchSampler::batch(std::int64_t step) const {
    std::seed_seq sequence{std::uint32_t(m_seed), std::uint32_t(m_seed >> 32), std::uint32_t(step),
                           std::uint32_t(step >> 32)};
    std::mt19937_64 random(sequence);
    Batch batch;
    batch.inputs.reserve(std::size_t(m_sequences * m_context));
    batch.targets.reserve(batch.inputs.capacity());
    const double start = uniform(random); // stratified: each domain's share of a batch varies by at most one sequence
    for (std::int64_t s = 0; s < m_sequences; ++s) {
        double place = start + double(s) / double(m_sequences);
        place -= place >= 1.0 ? 1.0 : 0.0;
        const auto d =
            std::size_t(std::upper_bound(m_cumulative.begin(), m_cumulative.end() - 1, place) - m_cumulative.begin());
        const std::vector<std::int32_t>& tokens = m_data.domains[d].tokens;
        const auto room = double(tokens.size()) - double(m_context) - 1;
        const auto at = std::size_t(uniform(random) * room);
        for (std::int32_t i = 0; i < m_context; ++i) {
            const std::int32_t before = i > 0 ? tokens[at + std::size_t(i)] : m_data.bos.value_or(tokens[at]);
            batch.inputs.push_back(before);
            batch.targets.push_back(tokens[at + std::size_t(i) + 1]);
        }
    }
    return batch;
}

} // namespace moescope
