#include "engine/kernels/gemm.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "engine/kernels/parallel.h"

namespace moescope {
namespace {

template <class T>
std::vector<T> noise(std::size_t n, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::vector<T> v(n);
    for (T& x : v) {
        if constexpr (sizeof(T) == 2)
            x = toBf16(normal(random));
        else
            x = normal(random);
    }
    return v;
}

template <class T>
double at(MatrixView<const T> m, std::int64_t i, std::int64_t j) {
    return double(toFloat(m.transposed ? m.data[j * m.ld + i] : m.data[i * m.ld + j]));
}

// Products of every layout against sums in double, with rows that are longer than the matrix is wide.
template <class T>
void checkAllLayouts(double tolerance) {
    for (const auto& [m, n, k] :
         {std::tuple<int, int, int>{1, 1, 1}, {5, 7, 3}, {32, 1, 40}, {33, 16, 64}, {64, 130, 31}})
        for (const bool ta : {false, true})
            for (const bool tb : {false, true}) {
                const std::int64_t lda = (ta ? m : k) + 2;
                const std::int64_t ldb = (tb ? k : n) + 3;
                const auto av = noise<T>(std::size_t(lda * (ta ? k : m)), 1);
                const auto bv = noise<T>(std::size_t(ldb * (tb ? n : k)), 2);
                const MatrixView<const T> a{av.data(), lda, ta};
                const MatrixView<const T> b{bv.data(), ldb, tb};
                std::vector<float> c(std::size_t(m * (n + 1)), 1.0F);
                gemm(m, n, k, a, b, MatrixView<float>{c.data(), n + 1}, true);
                for (std::int64_t i = 0; i < m; ++i)
                    for (std::int64_t j = 0; j < n; ++j) {
                        double sum = 1;
                        for (std::int64_t l = 0; l < k; ++l)
                            sum += at(a, i, l) * at(b, l, j);
                        EXPECT_NEAR(c[std::size_t(i * (n + 1) + j)], sum, tolerance) << m << "x" << n << "x" << k;
                    }
            }
}

TEST(Gemm, F32EveryLayout) {
    checkAllLayouts<float>(1e-4);
}
TEST(Gemm, Bf16EveryLayout) {
    checkAllLayouts<Bf16>(1e-4);
} // operands are exact, sums are f32

TEST(Gemm, EmptyProductsTouchNothing) {
    float c = 3;
    gemm(0, 1, 1, MatrixView<const float>{nullptr, 1}, {nullptr, 1}, MatrixView<float>{&c, 1});
    EXPECT_EQ(c, 3);
}

TEST(ParallelFor, CoversEveryIndexOnceAndPassesExceptionsOn) {
    std::vector<int> hits(1001);
    parallelFor(1001, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i)
            ++hits[std::size_t(i)];
    });
    EXPECT_EQ(std::count(hits.begin(), hits.end(), 1), 1001);
    EXPECT_THROW(parallelFor(8, 1, [](std::int64_t, std::int64_t) { throw std::runtime_error("no"); }),
                 std::runtime_error);
}

} // namespace
} // namespace moescope
