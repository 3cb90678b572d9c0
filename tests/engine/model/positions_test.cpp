// Rotary frequencies and T5's buckets against values worked out from their definitions.
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "engine/model/relative_bias.h"
#include "engine/model/rotary_embedding.h"

namespace moescope {
namespace {

RopeConfig rope(RopeConfig::Kind kind) {
    RopeConfig config;
    config.kind = kind;
    config.theta = 10000;
    config.factor = 4;
    config.maxPosition = 256;
    config.originalMaxPosition = 64;
    return config;
}

TEST(RotaryFrequencies, ScaleAsTheirKindSays) {
    constexpr std::int64_t dim = 16;
    const auto plain = rotaryFrequencies(rope(RopeConfig::Kind::Default), dim, 10).frequency;
    const auto linear = rotaryFrequencies(rope(RopeConfig::Kind::Linear), dim, 10).frequency;
    ASSERT_EQ(plain.size(), 8U);
    for (std::size_t i = 0; i < plain.size(); ++i) {
        EXPECT_FLOAT_EQ(plain[i], float(std::pow(10000, -double(i) / 8)));
        EXPECT_FLOAT_EQ(linear[i], plain[i] / 4);
    }
    const RopeConfig ntk = rope(RopeConfig::Kind::DynamicNtk);
    EXPECT_EQ(rotaryFrequencies(ntk, dim, 64).frequency, plain);
    const double base = 10000 * std::pow(4.0 * 128 / 64 - 3, 16.0 / 14);
    EXPECT_FLOAT_EQ(rotaryFrequencies(ntk, dim, 128).frequency[3], float(std::pow(base, -3.0 / 8)));
}

TEST(RotaryFrequencies, Llama3KeepsFastPairsAndSlowsSlowOnes) {
    RopeConfig config = rope(RopeConfig::Kind::Llama3);
    config.lowFreqFactor = 1;
    config.highFreqFactor = 4;
    const auto plain = rotaryFrequencies(rope(RopeConfig::Kind::Default), 16, 10).frequency;
    const auto scaled = rotaryFrequencies(config, 16, 10).frequency;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const double length = 2 * std::numbers::pi / double(plain[i]);
        if (length < 64.0 / 4)
            EXPECT_FLOAT_EQ(scaled[i], plain[i]);
        else if (length > 64.0)
            EXPECT_FLOAT_EQ(scaled[i], plain[i] / 4);
        else {
            const double smooth = (64 / length - 1) / 3;
            EXPECT_NEAR(scaled[i], (1 - smooth) * double(plain[i]) / 4 + smooth * double(plain[i]), 1e-7);
        }
    }
}

TEST(RotaryFrequencies, LongRopeChoosesByTotalLength) {
    RopeConfig config = rope(RopeConfig::Kind::LongRope);
    config.shortFactor.assign(8, 1.0);
    config.longFactor.assign(8, 2.0);
    const auto within = rotaryFrequencies(config, 16, 64);
    const auto beyond = rotaryFrequencies(config, 16, 65);
    EXPECT_FLOAT_EQ(beyond.frequency[5], within.frequency[5] / 2);
    EXPECT_NEAR(within.magnitude, std::sqrt(1 + std::log(4.0) / std::log(64.0)), 1e-12);
    config.longMscale = 1.25;
    EXPECT_EQ(rotaryFrequencies(config, 16, 65).magnitude, 1.25);
}

TEST(RelativeBias, BucketsGrowWithTheDistance) {
    const RelativeBiasConfig config{16, 32};
    EXPECT_EQ(RelativeBias::bucketOf(config, true, 0), 0);
    EXPECT_EQ(RelativeBias::bucketOf(config, true, -3), 3);
    EXPECT_EQ(RelativeBias::bucketOf(config, true, 3), 11);
    EXPECT_EQ(RelativeBias::bucketOf(config, true, -1000), 7);
    EXPECT_EQ(RelativeBias::bucketOf(config, false, 5), 0); // the future, which a decoder does not see
    EXPECT_EQ(RelativeBias::bucketOf(config, false, -7), 7);
    EXPECT_EQ(RelativeBias::bucketOf(config, false, -1000), 15);
    std::int64_t last = 0;
    for (std::int64_t distance = 0; distance < 100; ++distance) {
        const std::int64_t bucket = RelativeBias::bucketOf(config, false, -distance);
        EXPECT_GE(bucket, last);
        last = bucket;
    }
}

} // namespace
} // namespace moescope
