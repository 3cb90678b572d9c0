#include "engine/session/gemm_peak.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "engine/kernels/gemm.h"
#include "engine/kernels/inference/packed_matrix.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

constexpr std::int64_t kSize = 2048;
constexpr double kSeconds = 0.3; // enough products for the best of them to have had the machine to itself

template <class Product>
double shortest(const Product& product) {
    double best = 1e30;
    double spent = 0;
    for (int i = 0; i < 2 || spent < kSeconds; ++i) {
        const auto start = std::chrono::steady_clock::now();
        product();
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        best = std::min(best, seconds);
        spent += seconds;
    }
    return best;
}

// The faster of the engine's prepacked product and the library's plain one.
template <class T>
double measure(T one) {
    const std::vector<T> x(std::size_t(kSize * kSize), one);
    std::vector<T> y(x.size(), one);
    const PackedMatrix<T> weight(kSize, kSize, x.data());
    const double packed = shortest([&] { weight.multiply(kSize, x.data(), kSize, y.data(), kSize); });
    const MatrixView<const T> operand{x.data(), kSize};
    const double plain = shortest([&] { gemm(kSize, kSize, kSize, operand, operand, MatrixView<T>{y.data(), kSize}); });
    return 2.0 * kSize * kSize * kSize / std::min(packed, plain);
}

} // namespace

double measureGemmPeak(const std::string& dtype) {
    if (dtype == "bf16")
        return measure(toBf16(0.5F));
    if (dtype == "f32")
        return measure(0.5F);
    throw Error(ErrorCode::InvalidArgument, "the matrix peak is measured in f32 or bf16, not in " + dtype);
}

} // namespace moescope
