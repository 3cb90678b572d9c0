#include "engine/kernels/cpu/cpu_kernels.h"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "engine/kernels/cpu/instruction_set.h"

namespace moescope {

#define MOESCOPE_DECLARE(isa)                                                                                          \
    namespace isa {                                                                                                    \
    extern const CpuKernels<float> floatKernels;                                                                       \
    }
MOESCOPE_DECLARE(baseline)
#ifdef MOESCOPE_CPU_VARIANTS
MOESCOPE_DECLARE(avx2)
MOESCOPE_DECLARE(avx512)
#endif

namespace {

struct Variant {
    const char* name;
    const CpuKernels<float>* kernels;
};

// Every instruction set this processor can run, against formulas in double.
std::vector<Variant> variants() {
    std::vector<Variant> all{{"baseline", &baseline::floatKernels}};
#ifdef MOESCOPE_CPU_VARIANTS
    if (instructionSet() >= InstructionSet::Avx2)
        all.push_back({"avx2", &avx2::floatKernels});
    if (instructionSet() >= InstructionSet::Avx512)
        all.push_back({"avx512", &avx512::floatKernels});
#endif
    return all;
}

std::vector<float> noise(std::size_t n, float scale, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, scale);
    std::vector<float> v(n);
    for (float& x : v)
        x = normal(random);
    return v;
}

// Widths around the vector lengths, so that every tail is run.
const std::vector<std::int64_t> widths{1, 3, 15, 16, 17, 31, 64, 100};

TEST(CpuKernels, RmsNorm) {
    for (const Variant& variant : variants())
        for (const std::int64_t width : widths) {
            const auto x = noise(std::size_t(3 * width), 2, 1);
            const auto gain = noise(std::size_t(width), 1, 2);
            std::vector<float> y(x.size()), rstd(3);
            variant.kernels->rmsNorm(3, width, x.data(), gain.data(), 1e-5F, y.data(), rstd.data());
            for (std::int64_t r = 0; r < 3; ++r) {
                double sum = 0;
                for (std::int64_t i = 0; i < width; ++i)
                    sum += std::pow(double(x[std::size_t(r * width + i)]), 2);
                const double s = 1 / std::sqrt(sum / double(width) + 1e-5);
                for (std::int64_t i = 0; i < width; ++i)
                    EXPECT_NEAR(y[std::size_t(r * width + i)],
                                double(x[std::size_t(r * width + i)]) * s * double(gain[std::size_t(i)]), 1e-5)
                        << variant.name << " width " << width;
            }
        }
}

TEST(CpuKernels, SiluMulIncludingExtremes) {
    for (const Variant& variant : variants())
        for (const std::int64_t width : widths) {
            auto x = noise(std::size_t(2 * width), 8, 3);
            x[0] = -200; // silu underflows to -0, not NaN
            std::vector<float> y(static_cast<std::size_t>(width));
            variant.kernels->siluMul(1, width, x.data(), y.data());
            for (std::size_t i = 0; i < std::size_t(width); ++i) {
                const double g = double(x[i]);
                const double expected = g / (1 + std::exp(-g)) * double(x[std::size_t(width) + i]);
                EXPECT_NEAR(y[i], expected, 2e-6 * std::max(1.0, std::abs(expected))) << variant.name;
            }
        }
}

TEST(CpuKernels, CausalExpIsASoftmaxOverWhatARowSees) {
    for (const Variant& variant : variants()) {
        const std::int64_t rows = 5, cols = 40, visible0 = 33;
        const auto scores = noise(std::size_t(rows * cols), 20, 4);
        std::vector<float> probs(scores.size()), lse(rows), inverse(rows);
        variant.kernels->causalExp(rows, cols, visible0, 0.3F, scores.data(), probs.data(), lse.data(), inverse.data());
        for (std::int64_t r = 0; r < rows; ++r) {
            double sum = 0;
            for (std::int64_t i = 0; i < visible0 + r; ++i)
                sum += std::exp(0.3 * double(scores[std::size_t(r * cols + i)]));
            EXPECT_NEAR(lse[std::size_t(r)], std::log(sum), 1e-5) << variant.name;
            for (std::int64_t i = 0; i < cols; ++i) {
                const double expected =
                    i < visible0 + r ? std::exp(0.3 * double(scores[std::size_t(r * cols + i)])) / sum : 0.0;
                EXPECT_NEAR(probs[std::size_t(r * cols + i)] * inverse[std::size_t(r)], expected, 1e-6) << variant.name;
            }
        }
    }
}

TEST(CpuKernels, CrossEntropyAndItsGradient) {
    for (const Variant& variant : variants())
        for (const std::int64_t vocabulary : {2, 17, 333}) {
            const auto logits = noise(std::size_t(vocabulary), 5, 5);
            std::vector<float> scratch = logits;
            std::vector<float> grad(logits.size());
            const float loss = variant.kernels->crossEntropy(vocabulary, scratch.data(), 1, 0.25F, grad.data());
            double sum = 0;
            for (const float l : logits)
                sum += std::exp(double(l));
            EXPECT_NEAR(loss, std::log(sum) - double(logits[1]), 1e-5) << variant.name;
            for (std::size_t i = 0; i < logits.size(); ++i)
                EXPECT_NEAR(grad[i], 0.25 * (std::exp(double(logits[i])) / sum - (i == 1 ? 1.0 : 0.0)), 1e-6)
                    << variant.name;
        }
}

TEST(CpuKernels, RotationByAnAngleAndBack) {
    for (const Variant& variant : variants()) {
        const std::vector<float> cosSin{std::cos(0.5F), std::cos(2.0F), std::sin(0.5F), std::sin(2.0F)};
        const std::vector<float> x{1, 2, 3, 4};
        std::vector<float> y = x;
        variant.kernels->rotate(1, 1, 4, 4, cosSin.data(), 1.0F, y.data());
        EXPECT_NEAR(y[0], 1 * std::cos(0.5) - 3 * std::sin(0.5), 1e-6) << variant.name;
        EXPECT_NEAR(y[3], 4 * std::cos(2.0) + 2 * std::sin(2.0), 1e-6) << variant.name;
        variant.kernels->rotate(1, 1, 4, 4, cosSin.data(), -1.0F, y.data());
        for (std::size_t i = 0; i < 4; ++i)
            EXPECT_NEAR(y[i], x[i], 1e-6) << variant.name;
    }
}

TEST(Bf16, RoundsToNearestEven) {
    EXPECT_EQ(toBf16(1.0F).bits, 0x3F80);
    EXPECT_EQ(toBf16(1.00390625F).bits, 0x3F80); // half-way, to the even neighbour below
    EXPECT_EQ(toBf16(1.01171875F).bits, 0x3F82); // half-way, to the even neighbour above
    EXPECT_EQ(toBf16(-2.5F).bits, 0xC020);
    EXPECT_TRUE(std::isnan(toFloat(toBf16(std::nanf("")))));
}

} // namespace
} // namespace moescope
