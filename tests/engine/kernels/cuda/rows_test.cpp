// Moving, activating and combining the sorted rows, against formulas in double.
#include <cmath>

#include <gtest/gtest.h>

#include "engine/kernels/cuda/activate_rows.h"
#include "engine/kernels/cuda/combine_rows.h"
#include "engine/kernels/cuda/gather_rows.h"
#include "tests/engine/kernels/cuda/emulated_grid.h"
#include "tests/engine/kernels/cuda/naive_order.h"
#include "tests/engine/kernels/cuda/random_routes.h"
#include "tests/engine/kernels/cuda/rounded.h"

namespace moescope::cuda {
namespace {

using test::randomFloats;
using test::rounded;

template <class T>
constexpr Element elementOf = Element::F32;
template <>
constexpr Element elementOf<HalfBits> = Element::F16;
template <>
constexpr Element elementOf<Bf16Bits> = Element::BF16;

TEST(CudaElement, EveryHalfSurvivesAndHalvesRoundToTheNearest) {
    for (std::uint32_t bits = 0; bits < 0x10000U; ++bits) {
        const HalfBits half{std::uint16_t(bits)};
        HalfBits back{};
        store(toFloat(half), back);
        if (std::isnan(toFloat(half)))
            EXPECT_TRUE(std::isnan(toFloat(back)));
        else
            ASSERT_EQ(back.bits, half.bits);
        if (bits >= 0x7BFFU)
            continue;
        const double next = double(toFloat(HalfBits{std::uint16_t(bits + 1)}));
        const double middle = (double(toFloat(half)) + next) / 2;
        store(float(middle), back);
        ASSERT_EQ(back.bits, bits % 2 == 0 ? bits : bits + 1); // to even
        store(std::nextafter(float(middle), 1e9F), back);
        ASSERT_EQ(back.bits, bits + 1);
    }
    HalfBits largest{};
    store(65519.9F, largest);
    EXPECT_EQ(largest.bits, 0x7BFFU);
    store(65520.0F, largest);
    EXPECT_EQ(largest.bits, 0x7C00U);
}

TEST(CudaElement, Bf16RoundsToNearestEven) {
    Bf16Bits b{};
    store(1.00390625F, b); // halfway
    EXPECT_EQ(toFloat(b), 1.0F);
    store(1.01171875F, b);
    EXPECT_EQ(toFloat(b), 1.015625F);
    store(std::nanf(""), b);
    EXPECT_TRUE(std::isnan(toFloat(b)));
}

TEST(CudaGatherRows, BringsRowsTogetherInUnitsOfEverySize) {
    for (const std::int64_t width : {8, 64, 5, 33}) {
        const std::vector<float> from = randomFloats(std::size_t(20 * width), 1);
        const std::vector<std::uint16_t> ids = test::randomRoutes(6, 2, 20, 2);
        const test::NaiveOrder order = test::naiveOrder(ids, 6, 2);
        std::vector<float> to(ids.size() * std::size_t(width), -1);
        const GatherCall call{
            std::int64_t(ids.size()), &order.begin.back(), order.tokenOf.data(), width * 4, from.data(), to.data()};
        EmulatedLauncher launcher;
        launchGather(launcher, call);
        for (std::size_t i = 0; i < to.size(); ++i) {
            const std::size_t row = i / std::size_t(width);
            const bool exists = row < order.tokenOf.size();
            EXPECT_EQ(to[i], exists ? from[std::size_t(order.tokenOf[row] * width) + i % std::size_t(width)] : -1);
        }
    }
}

double expected(ExpertActivation activation, double limit, double g, double u) {
    const double pi = std::acos(-1.0);
    switch (activation) {
    case ExpertActivation::SwiGlu:
        return g / (1 + std::exp(-g)) * u;
    case ExpertActivation::ClampedSwiGlu:
        g = std::min(g, limit);
        return (std::clamp(u, -limit, limit) + 1) * g / (1 + std::exp(-1.702 * g));
    case ExpertActivation::Relu:
        return std::max(u, 0.0);
    case ExpertActivation::Gelu:
        return u * std::erfc(-u / std::sqrt(2.0)) / 2;
    case ExpertActivation::GeluTanh:
        return u / 2 * (1 + std::tanh(std::sqrt(2 / pi) * (u + 0.044715 * u * u * u)));
    case ExpertActivation::Silu:
        return u / (1 + std::exp(-u));
    }
    return 0;
}

template <class T>
void activateAll(double tolerance) {
    constexpr std::int64_t kInner = 37;
    const std::vector<std::int32_t> begin{0, 3, 3, 10, 10}; // the second and the last without tokens
    for (const auto activation : {ExpertActivation::SwiGlu, ExpertActivation::ClampedSwiGlu, ExpertActivation::Relu,
                                  ExpertActivation::Gelu, ExpertActivation::GeluTanh, ExpertActivation::Silu})
        for (const bool biased : {false, true}) {
            const bool gated = isGated(activation);
            const std::size_t frontWidth = std::size_t(kInner) * (gated ? 2 : 1);
            std::vector<float> values = randomFloats(12 * frontWidth, 3, 3);
            values[0] = -200; // exp overflows
            const std::vector<T> front = rounded<T>(values);
            const std::vector<float> gateBias = randomFloats(4 * kInner, 4);
            const std::vector<float> upBias = randomFloats(4 * kInner, 5);
            std::vector<T> out(12 * kInner, T{});
            EmulatedLauncher launcher;
            launchActivate(launcher, {elementOf<T>, activation, gated, 2.5F, 4, kInner, 12, begin.data(),
                                      biased && gated ? gateBias.data() : nullptr, biased ? upBias.data() : nullptr,
                                      front.data(), out.data()});
            for (std::size_t row = 0; row < 12; ++row)
                for (std::size_t i = 0; i < kInner; ++i) {
                    const std::size_t bias = (row < 3 ? 0 : 2) * kInner + i;
                    const double g = toFloat(front[row * frontWidth + i]) + (biased ? gateBias[bias] : 0.0F);
                    const double u =
                        toFloat(front[row * frontWidth + (gated ? kInner : 0) + i]) + (biased ? upBias[bias] : 0.0F);
                    const double want = row < 10 ? expected(activation, 2.5, g, u) : 0;
                    EXPECT_NEAR(toFloat(out[row * kInner + i]), want, tolerance * (1 + std::fabs(want)))
                        << int(activation);
                }
        }
}

TEST(CudaActivateRows, AgreesWithTheFormulas) {
    activateAll<float>(2e-6);
    activateAll<HalfBits>(1e-3);
    activateAll<Bf16Bits>(5e-3);
}

template <class T>
void combineAll(int experts, int topK, std::int64_t width) {
    constexpr std::int64_t kTokens = 9;
    const std::vector<std::uint16_t> ids = test::randomRoutes(experts, topK, kTokens, 8);
    const test::NaiveOrder order = test::naiveOrder(ids, experts, topK);
    const std::vector<T> rows = rounded<T>(randomFloats(ids.size() * std::size_t(width), 9));
    const std::vector<float> weights = randomFloats(ids.size(), 10);
    const std::vector<float> bias = randomFloats(std::size_t(experts * width), 11);
    const std::vector<float> before = randomFloats(std::size_t(kTokens * width), 12);
    std::vector<float> x = before;
    EmulatedLauncher launcher;
    launchCombine(launcher, {elementOf<T>, topK, kTokens, width, ids.data(), weights.data(), order.rowOf.data(),
                             bias.data(), rows.data(), x.data(), 0.75F});
    for (std::size_t i = 0; i < x.size(); ++i) {
        const std::size_t d = i % std::size_t(width);
        double want = before[i];
        for (std::size_t slot = i / std::size_t(width) * std::size_t(topK), s = 0; s < std::size_t(topK); ++s, ++slot)
            if (ids[slot] != kNoExpert)
                want += 0.75 * double(weights[slot]) *
                        (double(toFloat(rows[std::size_t(order.rowOf[slot]) * std::size_t(width) + d])) +
                         double(bias[ids[slot] * std::size_t(width) + d]));
        EXPECT_NEAR(x[i], want, 1e-5);
    }
}

TEST(CudaCombineRows, AddsTheWeightedRowsOfEachToken) {
    combineAll<float>(1, 1, 3);
    combineAll<float>(8, 2, 200);
    combineAll<HalfBits>(64, 8, 33);
    combineAll<Bf16Bits>(512, 16, 130);
}

} // namespace
} // namespace moescope::cuda
