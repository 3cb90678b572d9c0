#include "engine/session/sampler.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace moescope {

Sampler::Sampler(const GenerateOptions& options, std::uint64_t stream) : m_options(options) {
    std::seed_seq seeds{std::uint32_t(options.seed), std::uint32_t(options.seed >> 32), std::uint32_t(stream),
                        std::uint32_t(stream >> 32)};
    m_random.seed(seeds);
}

std::int32_t Sampler::choose(std::span<const float> logits) {
    if (m_options.temperature > 0)
        return draw(logits);
    return std::int32_t(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

std::int32_t Sampler::draw(std::span<const float> logits) {
    struct Candidate {
        double weight;
        std::int32_t token;
    };
    const float top = *std::max_element(logits.begin(), logits.end());
    std::vector<Candidate> candidates;
    double total = 0;
    for (std::size_t token = 0; token < logits.size(); ++token) {
        const double weight = std::exp((double(logits[token]) - double(top)) / m_options.temperature);
        candidates.push_back({weight, std::int32_t(token)});
        total += weight;
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.weight > b.weight; });
    double kept = 0;
    std::size_t count = 0;
    while (count < candidates.size() && (count == 0 || kept < m_options.topP * total))
        kept += candidates[count++].weight;
    double left = double(m_random() >> 11) * 0x1p-53 * kept;
    for (std::size_t i = 0; i + 1 < count; ++i) {
        left -= candidates[i].weight;
        if (left < 0)
            return candidates[i].token;
    }
    return candidates[count - 1].token;
}

float nllOf(std::span<const float> logits, std::int32_t token) {
    const double top = double(*std::max_element(logits.begin(), logits.end()));
    double sum = 0;
    for (const float logit : logits)
        sum += std::exp(double(logit) - top);
    return float(std::log(sum) + top - double(logits[std::size_t(token)]));
}

} // namespace moescope
