#include "engine/session/sampler.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/kernels/inference/loops.h"

namespace moescope {

namespace {

constexpr std::size_t kBlock = 512; // weights summed in f32

// Sums of blocks of weights.
std::vector<double> blockSums(std::span<const float> weights) {
    std::vector<double> sums;
    sums.reserve(weights.size() / kBlock + 1);
    for (std::size_t at = 0; at < weights.size(); at += kBlock)
        sums.push_back(
            double(commonLoops().sum(std::int64_t(std::min(kBlock, weights.size() - at)), weights.data() + at)));
    return sums;
}

double total(const std::vector<double>& sums) {
    return std::accumulate(sums.begin(), sums.end(), 0.0);
}

} // namespace

Sampler::Sampler(const GenerateOptions& options, std::uint64_t stream) : m_options(options) {
    std::seed_seq seeds{std::uint32_t(options.seed), std::uint32_t(options.seed >> 32), std::uint32_t(stream),
                        std::uint32_t(stream >> 32)};
    m_random.seed(seeds);
}

std::int32_t Sampler::choose(std::span<const float> logits) {
    if (m_options.temperature <= 0)
        return std::int32_t(std::max_element(logits.begin(), logits.end()) - logits.begin());
    weigh(logits);
    if (m_options.topP < 1)
        keepLikeliest();
    return draw();
}

void Sampler::weigh(std::span<const float> logits) {
    constexpr double steepest = 1e30; // a scale that f32 holds
    const auto count = std::int64_t(logits.size());
    const float top = commonLoops().largest(count, logits.data());
    m_weights.resize(logits.size());
    commonLoops().exponentials(count, logits.data(), top, float(std::min(1 / m_options.temperature, steepest)),
                               m_weights.data());
}

// Only the likeliest tokens that together have the share top-p keep their weight; of equals the lower id comes first.
// Halving the tokens in doubt by their median finds where to cut in linear time, where sorting would cost more than a
// layer of the model.
void Sampler::keepLikeliest() {
    m_order.resize(m_weights.size());
    std::iota(m_order.begin(), m_order.end(), 0);
    const auto weightOf = [&](std::int32_t token) { return m_weights[std::size_t(token)]; };
    const auto likelier = [&](std::int32_t a, std::int32_t b) {
        return weightOf(a) != weightOf(b) ? weightOf(a) > weightOf(b) : a < b;
    };
    double missing = m_options.topP * total(blockSums(m_weights));
    auto begin = m_order.begin(); // all before it are kept
    auto end = m_order.end();     // none from here on is
    while (end - begin > 1) {
        const auto middle = begin + (end - begin) / 2;
        std::nth_element(begin, middle, end, likelier);
        const double mass = std::accumulate(
            begin, middle, 0.0, [&](double sum, std::int32_t token) { return sum + double(weightOf(token)); });
        if (mass >= missing) {
            end = middle;
        } else {
            missing -= mass;
            begin = middle;
        }
    }
    for (auto token = end; token != m_order.end(); ++token)
        m_weights[std::size_t(*token)] = 0;
}

// A token with the probability that its weight is of all weights.
std::int32_t Sampler::draw() {
    const std::vector<double> sums = blockSums(m_weights);
    double left = double(m_random() >> 11) * 0x1p-53 * total(sums);
    std::size_t block = 0;
    while (block + 1 < sums.size() && left >= sums[block])
        left -= sums[block++];
    while (block > 0 && sums[block] == 0) // rounding led behind the last token that is kept
        --block;
    std::size_t drawn = block * kBlock;
    for (std::size_t token = drawn; token < std::min(drawn + kBlock, m_weights.size()) && left >= 0; ++token) {
        if (m_weights[token] == 0)
            continue;
        left -= double(m_weights[token]);
        drawn = token;
    }
    return std::int32_t(drawn);
}

float nllOf(std::span<const float> logits, std::int32_t token) {
    float top = -1e30F;
    float sum = 0;
    commonLoops().logSumExp(std::int64_t(logits.size()), logits.data(), &top, &sum);
    return top + std::log(sum) - logits[std::size_t(token)];
}

} // namespace moescope
