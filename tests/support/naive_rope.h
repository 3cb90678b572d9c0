#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "engine/checkpoint/rope_config.h"

namespace moescope::test {

// What the i-th of dim/2 pairs turns by from one position to the next, in a sequence of `length` tokens.
inline double naiveTurn(const RopeConfig& rope, std::int64_t i, std::int64_t dim, std::int64_t length) {
    const double share = 2.0 * double(i) / double(dim);
    const double plain = std::pow(rope.theta, -share);
    const auto trained = double(rope.originalMaxPosition);
    switch (rope.kind) {
    case RopeConfig::Kind::Linear:
        return plain / rope.factor;
    case RopeConfig::Kind::DynamicNtk: {
        const double seen = std::max(double(length), trained);
        const double base =
            rope.theta * std::pow(rope.factor * seen / trained - (rope.factor - 1), double(dim) / double(dim - 2));
        return std::pow(base, -share);
    }
    case RopeConfig::Kind::Yarn: {
        const auto turnsBelong = [&](double turns) { // to which pair
            return double(dim) * std::log(trained / (turns * 2 * std::numbers::pi)) / (2 * std::log(rope.theta));
        };
        double low = turnsBelong(rope.betaFast);
        double high = turnsBelong(rope.betaSlow);
        if (rope.truncate) {
            low = std::floor(low);
            high = std::ceil(high);
        }
        low = std::max(0.0, low);
        high = std::min(double(dim - 1), high);
        const double ramp = std::clamp((double(i) - low) / (high == low ? 0.001 : high - low), 0.0, 1.0);
        return plain / rope.factor * ramp + plain * (1 - ramp);
    }
    case RopeConfig::Kind::LongRope:
        return plain / (length > rope.originalMaxPosition ? rope.longFactor : rope.shortFactor)[std::size_t(i)];
    case RopeConfig::Kind::Llama3: {
        const double wavelength = 2 * std::numbers::pi / plain;
        if (wavelength < trained / rope.highFreqFactor)
            return plain;
        if (wavelength > trained / rope.lowFreqFactor)
            return plain / rope.factor;
        const double smooth = (trained / wavelength - rope.lowFreqFactor) / (rope.highFreqFactor - rope.lowFreqFactor);
        return (1 - smooth) * plain / rope.factor + smooth * plain;
    }
    default:
        return plain;
    }
}

// What cosines and sines are multiplied with.
inline double naiveMagnitude(const RopeConfig& rope, std::int64_t length) {
    const auto mscale = [&](double m) { return rope.factor > 1 ? 0.1 * m * std::log(rope.factor) + 1 : 1.0; };
    if (rope.kind == RopeConfig::Kind::Yarn && !rope.attentionFactor)
        return rope.mscale.value_or(0) != 0 && rope.mscaleAllDim != 0 ? mscale(*rope.mscale) / mscale(rope.mscaleAllDim)
                                                                      : mscale(1);
    if (rope.kind == RopeConfig::Kind::Yarn)
        return *rope.attentionFactor;
    if (rope.kind != RopeConfig::Kind::LongRope)
        return 1;
    const auto& given = length > rope.originalMaxPosition ? rope.longMscale : rope.shortMscale;
    if (given || rope.attentionFactor)
        return given ? *given : *rope.attentionFactor;
    const double stretch = double(rope.maxPosition) / double(rope.originalMaxPosition);
    return stretch > 1 ? std::sqrt(1 + std::log(stretch) / std::log(double(rope.originalMaxPosition))) : 1;
}

// Turns `dim` numbers in place.
inline void naiveRotate(const RopeConfig& rope, std::int64_t dim, std::int64_t position, std::int64_t length,
                        double* x) {
    for (std::int64_t i = 0; i < dim / 2; ++i) {
        const std::int64_t a = rope.interleaved ? 2 * i : i;
        const std::int64_t b = rope.interleaved ? 2 * i + 1 : i + dim / 2;
        const double angle = double(position) * naiveTurn(rope, i, dim, length);
        const double c = std::cos(angle) * naiveMagnitude(rope, length);
        const double s = std::sin(angle) * naiveMagnitude(rope, length);
        const double u = x[a];
        const double v = x[b];
        x[a] = u * c - v * s;
        x[b] = v * c + u * s;
    }
}

} // namespace moescope::test
