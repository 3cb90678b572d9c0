// Experts in int8 against their definition in double, on the tile unit and without it.
#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "engine/kernels/inference/amx/amx_int8.h"
#include "engine/kernels/inference/amx/amx_packed.h"
#include "engine/kernels/inference/int8_matrix.h"
#include "engine/kernels/inference/loops.h"
#include "engine/kernels/inference/packed_expert.h"
#include "tests/engine/kernels/inference/random_values.h"

namespace moescope {
namespace {

std::vector<std::int8_t> randomCodes(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<std::int8_t> codes(count);
    for (std::int8_t& code : codes)
        code = std::int8_t(std::int32_t(random() % 255) - 127);
    return codes;
}

TEST(Int8Matrix, SumsAreExact) {
    for (const std::int64_t k : {1, 5, 64, 100, 1408})
        for (const std::int64_t n : {1, 3, 48, 70})
            for (const std::int64_t m : {0, 1, 16, 33}) {
                const auto x = randomCodes(std::size_t(m * k), 1);
                auto w = randomCodes(std::size_t(n * k), 2);
                std::fill_n(w.begin(), k, std::int8_t(127)); // what overflows first
                const Int8Matrix matrix(n, k, w.data());
                std::vector<std::int32_t> library(std::size_t(m * n), 1), loops(std::size_t(m * n), 1);
                matrix.multiply(m, x.data(), library.data());
                commonLoops().multiplyInt8(m, n, k, x.data(), w.data(), loops.data());
                for (std::int64_t r = 0; r < m; ++r)
                    for (std::int64_t c = 0; c < n; ++c) {
                        std::int32_t want = 0;
                        for (std::int64_t i = 0; i < k; ++i)
                            want += std::int32_t(x[std::size_t(r * k + i)]) * w[std::size_t(c * k + i)];
                        ASSERT_EQ(library[std::size_t(r * n + c)], want) << m << " x " << n << " x " << k;
                        ASSERT_EQ(loops[std::size_t(r * n + c)], want) << m << " x " << n << " x " << k;
                    }
            }
}

TEST(Int8Matrix, LargestSumFits) {
    const std::int64_t k = Int8Matrix::kMostColumns;
    const std::vector<std::int8_t> codes(std::size_t(k), 127);
    std::int32_t sum = 0;
    Int8Matrix(1, k, codes.data()).multiply(1, codes.data(), &sum);
    EXPECT_EQ(sum, std::int32_t(127 * 127 * k));
    commonLoops().multiplyInt8(1, 1, k, codes.data(), codes.data(), &sum);
    EXPECT_EQ(sum, std::int32_t(127 * 127 * k));
}

// A row as codes.
struct Codes {
    std::vector<int> codes;
    float scale = 0;
};

template <class T>
Codes byLoops(const std::vector<T>& x, std::int64_t width, std::int32_t row) {
    std::vector<std::int8_t> codes(std::size_t(width), 99);
    Codes result;
    inferenceLoops<T>().quantizeRows(1, width, &row, x.data(), codes.data(), &result.scale);
    result.codes.assign(codes.begin(), codes.end());
    return result;
}

// Row 17 of a tiled operand.
template <class T>
Codes byTiles(const std::vector<T>& x, std::int64_t width, std::int32_t row) {
    const std::int64_t depth = amxInt8Depth(width);
    auto tiled = TileBuffer<std::int8_t>::uninitialised(std::size_t(32 * depth));
    std::fill_n(tiled.data(), 32 * depth, std::int8_t(99));
    std::vector<std::int32_t> index(18, 0);
    index[17] = row;
    std::vector<float> scales(18);
    amxInt8Quantize(TileOperand<T>::rowMajor(x.data(), width), index.data(), 18, width, tiled.data(), scales.data());
    Codes result;
    result.scale = scales[17];
    for (std::int64_t i = 0; i < depth; ++i) {
        const int code = tiled.data()[16 * depth + i / 64 * 1024 + 64 + i % 64];
        if (i < width)
            result.codes.push_back(code);
        else
            EXPECT_EQ(code, 0) << "the row is filled up with zeros";
    }
    return result;
}

template <class T>
class Int8Rows : public testing::Test {
protected:
    // Of every way to quantise there is on this machine.
    template <class Check>
    void eachWay(const std::vector<T>& x, std::int64_t width, std::int32_t row, const Check& check) {
        check(byLoops(x, width, row));
        if (hasAmxInt8())
            check(byTiles(x, width, row));
    }
};

using Elements = testing::Types<float, Bf16>;
TYPED_TEST_SUITE(Int8Rows, Elements);

TYPED_TEST(Int8Rows, AreTheNearestCodes) {
    for (const std::int64_t width : {1, 7, 31, 64, 65, 1408}) {
        auto x = randomValues<TypeParam>(std::size_t(5 * width), unsigned(width), 3.0F);
        for (std::int32_t row = 0; row < 5; ++row) {
            double largest = 0;
            for (std::int64_t i = 0; i < width; ++i)
                largest = std::max(largest, std::fabs(double(toFloat(x[std::size_t(row * width + i)]))));
            this->eachWay(x, width, row, [&](const Codes& got) {
                EXPECT_NEAR(got.scale, largest / 127, 1e-6 * largest);
                for (std::int64_t i = 0; i < width; ++i) {
                    const double exact = double(toFloat(x[std::size_t(row * width + i)])) * 127 / largest;
                    ASSERT_LE(std::fabs(exact - got.codes[std::size_t(i)]), 0.5001) << width << " at " << i;
                }
            });
        }
    }
}

TYPED_TEST(Int8Rows, OfZerosAndOfNearlyNothingAreZero) {
    using T = TypeParam;
    const auto value = [](float v) {
        if constexpr (sizeof(T) == 2)
            return toBf16(v);
        else
            return v;
    };
    for (const float tiny : {0.0F, -0.0F, 1e-42F, -1e-31F}) {
        const std::vector<T> x(70, value(tiny));
        this->eachWay(x, 70, 0, [](const Codes& got) {
            EXPECT_EQ(got.scale, 0.0F);
            EXPECT_EQ(got.codes, std::vector<int>(70, 0));
        });
    }
    const std::vector<T> small(70, value(1e-29F));
    this->eachWay(small, 70, 0, [](const Codes& got) { EXPECT_EQ(got.codes, std::vector<int>(70, 127)); });
    const std::vector<T> large(70, value(-3e38F));
    this->eachWay(large, 70, 0, [](const Codes& got) { EXPECT_EQ(got.codes, std::vector<int>(70, -127)); });
}

TYPED_TEST(Int8Rows, ThatAreNotFiniteMakeEverythingNan) {
    for (const float bad :
         {std::nanf(""), std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()}) {
        auto x = randomValues<TypeParam>(200, 3);
        if constexpr (sizeof(TypeParam) == 2)
            x[150] = toBf16(bad);
        else
            x[150] = bad;
        this->eachWay(x, 100, 1, [](const Codes& got) { EXPECT_TRUE(std::isnan(got.scale)); });
        this->eachWay(x, 100, 0, [](const Codes& got) { EXPECT_TRUE(std::isfinite(got.scale)); });
    }
}

double activated(ExpertActivation activation, double limit, double g, double u) {
    const double clamped = std::min(g, limit);
    switch (activation) {
    case ExpertActivation::SwiGlu:
        return g / (1 + std::exp(-g)) * u;
    case ExpertActivation::ClampedSwiGlu:
        return (std::clamp(u, -limit, limit) + 1) * clamped / (1 + std::exp(-1.702 * clamped));
    case ExpertActivation::Relu:
        return std::max(u, 0.0);
    case ExpertActivation::Gelu:
        return 0.5 * u * (1 + std::erf(u * std::sqrt(0.5)));
    case ExpertActivation::GeluTanh:
        return 0.5 * u * (1 + std::tanh(std::sqrt(2 / M_PI) * (u + 0.044715 * u * u * u)));
    case ExpertActivation::Silu:
        return u / (1 + std::exp(-u));
    }
    return 0;
}

// Numbers as codes times their scale, by the definition.
std::vector<double> rounded(const std::vector<double>& x, double& scale) {
    double largest = 0;
    for (const double v : x)
        largest = std::max(largest, std::fabs(v));
    scale = largest / 127;
    std::vector<double> result;
    for (const double v : x)
        result.push_back(largest == 0 ? 0 : std::nearbyint(v / largest * 127) * scale);
    return result;
}

// An expert and all it needs.
template <class T>
struct RandomExpert {
    std::int64_t width, inner;
    std::vector<T> gate, up, down;
    std::vector<float> gateBias, upBias, downBias;
    ExpertMatrices<T> matrices;

    RandomExpert(std::int64_t w, std::int64_t i, ExpertActivation activation)
        : width(w), inner(i), gate(randomValues<T>(std::size_t(i * w), 2, 0.3F)),
          up(randomValues<T>(std::size_t(i * w), 3, 0.3F)), down(randomValues<T>(std::size_t(i * w), 4, 0.3F)) {
        std::fill_n(up.begin(), w, T{}); // a channel of zeros
        matrices.width = w;
        matrices.inner = i;
        matrices.activation = activation;
        matrices.limit = 1.5F;
        matrices.gate = isGated(activation) ? gate.data() : nullptr;
        matrices.up = up.data();
        matrices.down = down.data();
        matrices.int8 = true;
    }

    // `spread` 0: biases that change nothing but keep the tiles from being used.
    void addBiases(float spread) {
        gateBias = randomValues<float>(std::size_t(inner), 5, spread);
        upBias = randomValues<float>(std::size_t(inner), 6, spread);
        downBias = randomValues<float>(std::size_t(width), 7, spread);
        matrices.gateBias = matrices.gate == nullptr ? nullptr : gateBias.data();
        matrices.upBias = upBias.data();
        matrices.downBias = downBias.data();
    }

    std::vector<T> run(const std::vector<T>& x, const std::vector<std::int32_t>& tokens) const {
        std::vector<T> y(tokens.size() * std::size_t(width));
        PackedExpert<T>(matrices).run(std::int64_t(tokens.size()), tokens.data(), x.data(), y.data());
        return y;
    }

    static std::vector<double> rowOf(const std::vector<T>& all, std::int64_t row, std::int64_t k) {
        std::vector<double> values;
        for (std::int64_t i = 0; i < k; ++i)
            values.push_back(toFloat(all[std::size_t(row * k + i)]));
        return values;
    }

    // Of one token, with what a result may be off by: a code of the inner row that is rounded the other way, and with
    // bf16 the rounding of what is in between.
    void expectNear(const std::vector<double>& x, const T* y) const {
        double scale = 0;
        const auto codes = rounded(x, scale);
        const auto dot = [](const std::vector<double>& a, const std::vector<double>& b) {
            return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
        };
        const auto biasOf = [](const std::vector<float>& bias, std::int64_t i) {
            return bias.empty() ? 0.0 : double(bias[std::size_t(i)]);
        };
        std::vector<double> innerRow;
        for (std::int64_t i = 0; i < inner; ++i) {
            const double g = dot(codes, rounded(rowOf(gate, i, width), scale)) + biasOf(gateBias, i);
            const double u = dot(codes, rounded(rowOf(up, i, width), scale)) + biasOf(upBias, i);
            innerRow.push_back(activated(matrices.activation, matrices.limit, g, u));
        }
        double step = 0;
        const auto innerCodes = rounded(innerRow, step);
        for (std::int64_t d = 0; d < width; ++d) {
            const auto column = rounded(rowOf(down, d, inner), scale);
            const double want = dot(innerCodes, column) + biasOf(downBias, d);
            const double size = std::sqrt(dot(column, column));
            const double allowed = sizeof(T) == 4 ? 1e-5 * size + 0.61 * step : 1.5 * step * size + 0.3 * step;
            ASSERT_NEAR(double(toFloat(y[d])), want, allowed + kRounding<T> * std::fabs(want))
                << width << " x " << inner << " column " << d;
        }
    }
};

std::vector<std::int32_t> someTokens(std::int64_t rows) {
    std::vector<std::int32_t> tokens;
    for (std::int64_t r = 0; r < rows; ++r)
        tokens.push_back(std::int32_t((r * 7 + 3) % 300));
    return tokens;
}

template <class T>
class Int8Expert : public testing::Test {};
TYPED_TEST_SUITE(Int8Expert, Elements);

TYPED_TEST(Int8Expert, EqualsTheDefinition) {
    using T = TypeParam;
    struct Size {
        std::int64_t width, inner, rows;
    };
    for (const ExpertActivation activation :
         {ExpertActivation::SwiGlu, ExpertActivation::ClampedSwiGlu, ExpertActivation::Relu, ExpertActivation::Gelu,
          ExpertActivation::GeluTanh, ExpertActivation::Silu})
        for (const bool biased : {false, true})
            for (const Size s : {Size{40, 33, 5}, Size{64, 96, 1}, Size{97, 130, 77}, Size{128, 1408, 256}}) {
                if (s.inner == 1408 && (biased || activation != ExpertActivation::SwiGlu))
                    continue; // seen enough
                RandomExpert<T> expert(s.width, s.inner, activation);
                if (biased)
                    expert.addBiases(0.3F);
                const auto x = randomValues<T>(std::size_t(300 * s.width), 1);
                const auto tokens = someTokens(s.rows);
                const auto y = expert.run(x, tokens);
                for (std::int64_t r = 0; r < s.rows; r += 1 + s.rows / 4)
                    expert.expectNear(RandomExpert<T>::rowOf(x, tokens[std::size_t(r)], s.width),
                                      y.data() + r * s.width);
            }
}

TYPED_TEST(Int8Expert, IsTheSameOnTilesAndWithout) {
    using T = TypeParam;
    if (!hasAmxInt8())
        GTEST_SKIP() << "no int8 tiles on this processor";
    RandomExpert<T> expert(200, 333, ExpertActivation::SwiGlu);
    const auto x = randomValues<T>(std::size_t(300 * 200), 1);
    const auto tokens = someTokens(100);
    const auto tiles = expert.run(x, tokens);
    expert.addBiases(0);
    const auto plain = expert.run(x, tokens);
    double largest = 0;
    double difference = 0;
    for (std::size_t i = 0; i < tiles.size(); ++i) {
        largest = std::max(largest, std::fabs(double(toFloat(tiles[i]))));
        difference = std::max(difference, std::fabs(double(toFloat(tiles[i])) - toFloat(plain[i])));
    }
    EXPECT_GT(largest, 0);
    EXPECT_LE(difference, (sizeof(T) == 4 ? 0.004 : 0.02) * largest);
}

TYPED_TEST(Int8Expert, NothingIsLeftOfOthersWhenPackedAnew) {
    using T = TypeParam;
    if (!canMultiply<T>())
        GTEST_SKIP() << "no bf16 products on this processor";
    RandomExpert<T> one(64, 96, ExpertActivation::SwiGlu);
    RandomExpert<T> other = one;
    std::swap(other.matrices.gate, other.matrices.up);
    RandomExpert<T> asGiven = one;
    asGiven.matrices.int8 = false;
    const auto x = randomValues<T>(std::size_t(300 * 64), 1);
    const auto tokens = someTokens(9);
    PackedExpert<T> expert;
    for (const RandomExpert<T>* before : {&other, &asGiven, &one}) {
        expert.assign(before->matrices);
        expert.assign(one.matrices);
        std::vector<T> y(9 * 64), want(9 * 64);
        expert.run(9, tokens.data(), x.data(), y.data());
        PackedExpert<T>(one.matrices).run(9, tokens.data(), x.data(), want.data());
        for (std::size_t i = 0; i < y.size(); ++i)
            ASSERT_EQ(toFloat(y[i]), toFloat(want[i]));
    }
    EXPECT_LT(expert.bytes(), std::size_t(3 * 64 * 128 * 5 / 4));
}

TYPED_TEST(Int8Expert, ATokenThatIsNotFiniteSpoilsNoOther) {
    using T = TypeParam;
    for (const bool tiles : {true, false}) {
        RandomExpert<T> expert(64, 96, ExpertActivation::SwiGlu);
        if (!tiles)
            expert.addBiases(0);
        auto x = randomValues<T>(std::size_t(300 * 64), 1);
        const std::vector<std::int32_t> tokens{4, 5, 6};
        const auto clean = expert.run(x, tokens);
        if constexpr (sizeof(T) == 2)
            x[5 * 64 + 9] = toBf16(std::nanf(""));
        else
            x[5 * 64 + 9] = std::nanf("");
        const auto spoilt = expert.run(x, tokens);
        for (std::size_t i = 0; i < 64; ++i) {
            EXPECT_EQ(toFloat(spoilt[i]), toFloat(clean[i]));
            EXPECT_TRUE(std::isnan(toFloat(spoilt[64 + i])));
            EXPECT_EQ(toFloat(spoilt[128 + i]), toFloat(clean[128 + i]));
        }
    }
}

} // namespace
} // namespace moescope
