#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/model/rotary_embedding.h"

namespace moescope {

namespace {

using Frequencies = std::vector<float>;

// theta^(-2i/dim). Angles are products of f32 numbers in every published implementation; models were trained with that
// rounding.
Frequencies plain(double theta, std::int64_t dim) {
    Frequencies frequency(static_cast<std::size_t>(dim / 2));
    for (std::size_t i = 0; i < frequency.size(); ++i)
        frequency[i] = float(1.0 / std::pow(theta, 2.0 * double(i) / double(dim)));
    return frequency;
}

// "NTK-aware" scaling: the base grows with the length beyond what the model was trained on.
Frequencies dynamicNtk(const RopeConfig& config, std::int64_t dim, std::int64_t length) {
    const auto trained = double(std::max<std::int64_t>(1, config.originalMaxPosition));
    const double stretch = config.factor * std::max(double(length), trained) / trained - (config.factor - 1);
    return plain(config.theta * std::pow(stretch, double(dim) / double(dim - 2)), dim);
}

// YaRN (Peng et al., arXiv 2309.00071): pairs that turn often keep their frequency, slow ones are divided by the
// factor, with a ramp between beta_fast and beta_slow turns over the trained length.
Frequencies yarn(const RopeConfig& config, std::int64_t dim) {
    const auto pairOf = [&](double turns) {
        return double(dim) * std::log(double(config.originalMaxPosition) / (turns * 2 * std::numbers::pi)) /
               (2 * std::log(config.theta));
    };
    double low = pairOf(config.betaFast);
    double high = pairOf(config.betaSlow);
    if (config.truncate) {
        low = std::floor(low);
        high = std::ceil(high);
    }
    low = std::max(low, 0.0);
    high = std::min(high, double(dim - 1));
    if (low == high)
        high += 0.001;
    Frequencies frequency = plain(config.theta, dim);
    for (std::size_t i = 0; i < frequency.size(); ++i) {
        const double slow = std::clamp((double(i) - low) / (high - low), 0.0, 1.0);
        frequency[i] = float(double(frequency[i]) * ((1 - slow) + slow / config.factor));
    }
    return frequency;
}

double yarnMagnitude(const RopeConfig& config) {
    if (config.attentionFactor)
        return *config.attentionFactor;
    const auto mscale = [&](double m) { return config.factor <= 1 ? 1.0 : 0.1 * m * std::log(config.factor) + 1.0; };
    if (config.mscale.value_or(0) != 0 && config.mscaleAllDim != 0)
        return mscale(*config.mscale) / mscale(config.mscaleAllDim);
    return mscale(1.0);
}

// Llama 3.1: slow pairs are divided by the factor, fast ones kept, those between blended.
Frequencies llama3(const RopeConfig& config, std::int64_t dim) {
    Frequencies frequency = plain(config.theta, dim);
    for (float& f : frequency) {
        const double turns = double(config.originalMaxPosition) * double(f) / (2 * std::numbers::pi);
        const double keep =
            std::clamp((turns - config.lowFreqFactor) / (config.highFreqFactor - config.lowFreqFactor), 0.0, 1.0);
        f = float((1 - keep) * double(f) / config.factor + keep * double(f));
    }
    return frequency;
}

// LongRoPE (Ding et al., arXiv 2402.13753): a factor for each pair, one list for sequences within the trained length
// and one beyond.
RotaryFrequencies longRope(const RopeConfig& config, std::int64_t dim, std::int64_t length) {
    const bool beyond = length > config.originalMaxPosition;
    const std::vector<double>& factor = beyond ? config.longFactor : config.shortFactor;
    RotaryFrequencies result{plain(config.theta, dim), 1.0};
    for (std::size_t i = 0; i < result.frequency.size(); ++i)
        result.frequency[i] = float(double(result.frequency[i]) / factor[i]);
    const double stretch = config.maxPosition > 0 && config.originalMaxPosition > 0
                               ? double(config.maxPosition) / double(config.originalMaxPosition)
                               : config.factor;
    if (const auto& given = beyond ? config.longMscale : config.shortMscale)
        result.magnitude = *given;
    else if (config.attentionFactor)
        result.magnitude = *config.attentionFactor;
    else if (stretch > 1)
        result.magnitude = std::sqrt(1 + std::log(stretch) / std::log(double(config.originalMaxPosition)));
    return result;
}

} // namespace

RotaryFrequencies rotaryFrequencies(const RopeConfig& config, std::int64_t dim, std::int64_t length) {
    switch (config.kind) {
    case RopeConfig::Kind::Default:
        return {plain(config.theta, dim), 1.0};
    case RopeConfig::Kind::Linear: {
        Frequencies frequency = plain(config.theta, dim);
        for (float& f : frequency)
            f = float(double(f) / config.factor);
        return {std::move(frequency), 1.0};
    }
    case RopeConfig::Kind::DynamicNtk:
        return {dynamicNtk(config, dim, length), 1.0};
    case RopeConfig::Kind::Yarn:
        return {yarn(config, dim), yarnMagnitude(config)};
    case RopeConfig::Kind::LongRope:
        return longRope(config, dim, length);
    case RopeConfig::Kind::Llama3:
        return {llama3(config, dim), 1.0};
    case RopeConfig::Kind::None:
        break;
    }
    return {};
}

} // namespace moescope
