#include "engine/routing/noisy_topk.h"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <random>

#include "engine/routing/squared_cv.h"

namespace moescope {

namespace {

double phi(double z) { // standard normal distribution
    return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

double density(double z) {
    return std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi);
}

// Indices of the k-th and (k+1)-th largest of a token's noisy logits; ties go to the lower id.
struct Thresholds {
    std::size_t last = 0;  // of the k chosen
    std::size_t first = 0; // of the others
};

Thresholds thresholds(std::span<const float> noisy, std::int32_t topK, std::vector<std::size_t>& order) {
    const auto k = std::size_t(topK);
    order.clear();
    for (std::size_t e = 0; e < noisy.size(); ++e) {
        std::size_t place = order.size();
        while (place > 0 && noisy[e] > noisy[order[place - 1]])
            --place;
        if (place > k)
            continue;
        order.insert(order.begin() + std::ptrdiff_t(place), e);
        if (order.size() > k + 1)
            order.pop_back();
    }
    return {order[k - 1], order[k]};
}

// For every token and expert: what e has to beat, visit(index of (t, e), index of the threshold's (t, j)).
template <class Visit>
void eachThreshold(const NoisyLogits& gate, Visit visit) {
    const auto experts = std::size_t(gate.experts);
    std::vector<std::size_t> order;
    for (std::size_t row = 0; row < gate.noisy.size(); row += experts) {
        const auto noisy = gate.noisy.subspan(row, experts);
        const Thresholds limit = thresholds(noisy, gate.topK, order);
        for (std::size_t e = 0; e < experts; ++e) {
            bool chosen = false;
            for (std::size_t i = 0; i < std::size_t(gate.topK); ++i)
                chosen |= order[i] == e;
            visit(row + e, row + (chosen ? limit.first : limit.last));
        }
    }
}

double distance(const NoisyLogits& gate, std::size_t at, std::size_t threshold) {
    return (double(gate.clean[at]) - double(gate.noisy[threshold])) / double(gate.deviation[at]);
}

} // namespace

float noiseDeviation(float raw) {
    return (raw > 20 ? raw : std::log1p(std::exp(raw))) + kNoiseFloor;
}

float noiseDeviationSlope(float raw) {
    return 1 / (1 + std::exp(-raw));
}

std::vector<float> chanceInTopK(const NoisyLogits& gate) {
    std::vector<float> chance(gate.clean.size(), 1.0F);
    if (gate.topK < gate.experts)
        eachThreshold(gate, [&](std::size_t at, std::size_t threshold) {
            chance[at] = float(phi(distance(gate, at, threshold)));
        });
    return chance;
}

std::vector<double> smoothLoad(const NoisyLogits& gate) {
    const std::vector<float> chance = chanceInTopK(gate);
    std::vector<double> load(std::size_t(gate.experts));
    for (std::size_t i = 0; i < chance.size(); ++i)
        load[i % load.size()] += double(chance[i]);
    return load;
}

double smoothLoadLoss(const NoisyLogits& gate, double scale, std::span<float> dClean, std::span<float> dDeviation) {
    const std::vector<double> load = smoothLoad(gate);
    std::vector<double> gradient(load.size());
    const double loss = squaredCv(load, scale, gradient);
    if (dClean.empty() || gate.topK >= gate.experts)
        return loss;
    eachThreshold(gate, [&](std::size_t at, std::size_t j) {
        const double z = distance(gate, at, j);
        const double sigma = double(gate.deviation[at]);
        const double byZ = gradient[at % load.size()] * density(z) / sigma;
        dClean[at] += float(byZ);
        dDeviation[at] -= float(byZ * z);
        // The threshold is H_j = clean_j + normal_j sigma_j.
        const double normal = (double(gate.noisy[j]) - double(gate.clean[j])) / double(gate.deviation[j]);
        dClean[j] -= float(byZ);
        dDeviation[j] -= float(byZ * normal);
    });
    return loss;
}

void normalNumbers(std::uint64_t seed, std::int64_t step, std::int32_t layer, std::span<float> out) {
    std::seed_seq sequence{std::uint32_t(seed),       std::uint32_t(seed >> 32), std::uint32_t(step),
                           std::uint32_t(step >> 32), std::uint32_t(layer),      std::uint32_t(0x6e6f6973)};
    std::mt19937_64 random(sequence);
    for (std::size_t i = 0; i < out.size(); i += 2) { // Box and Muller's pairs
        const double u = double((random() >> 11) + 1) * 0x1.0p-53;
        const double angle = 2 * std::numbers::pi * (double(random() >> 11) * 0x1.0p-53);
        const double radius = std::sqrt(-2 * std::log(u));
        out[i] = float(radius * std::cos(angle));
        if (i + 1 < out.size())
            out[i + 1] = float(radius * std::sin(angle));
    }
}

} // namespace moescope
