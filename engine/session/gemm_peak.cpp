#include "engine/session/gemm_peak.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "engine/kernels/inference/packed_matrix.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

constexpr std::int64_t kSize = 2048;
constexpr double kSeconds = 0.3; // enough products for the best of them to have had the machine to itself

template <class T>
double measure(T one) {
    std::vector<T> x(std::size_t(kSize * kSize), one);
    std::vector<T> y(std::size_t(kSize * kSize), one);
    const PackedMatrix<T> weight(kSize, kSize, x.data());
    double best = 1e30;
    double spent = 0;
    for (int i = 0; i < 2 || spent < kSeconds; ++i) {
        const auto start = std::chrono::steady_clock::now();
        weight.multiply(kSize, x.data(), kSize, y.data(), kSize);
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        best = std::min(best, seconds);
        spent += seconds;
    }
    return 2.0 * kSize * kSize * kSize / best;
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
