#include "engine/kernels/inference/packed_matrix.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "engine/kernels/dense_column.h"
#include "engine/kernels/inference/amx/amx_packed.h"
#include "engine/kernels/inference/loops.h"
#include "engine/kernels/inference/onednn_product.h"
#include "engine/kernels/inference/task_loop.h"
#include "engine/kernels/parallel.h"

namespace moescope {

namespace {

using dnnl::memory;

template <class T>
constexpr memory::data_type kType = sizeof(T) == 2 ? memory::data_type::bf16 : memory::data_type::f32;

dnnl::matmul::primitive_desc describe(const memory::desc& x, const memory::desc& w, const memory::desc& y,
                                      bool accumulate) {
    dnnl::primitive_attr attributes;
    if (accumulate) {
        dnnl::post_ops sum;
        sum.append_sum(1.0F);
        attributes.set_post_ops(sum);
    }
    return describeProduct(x, w, y, attributes);
}

// The layout oneDNN wants for a [k, n] right-hand side met by a few hundred rows at a time.
template <class T>
memory::desc packedLayout(std::int64_t n, std::int64_t k) {
    constexpr std::int64_t typicalRows = 256;
    const memory::desc x({typicalRows, k}, kType<T>, memory::format_tag::ab);
    const memory::desc w({k, n}, kType<T>, memory::format_tag::any);
    const memory::desc y({typicalRows, n}, kType<T>, memory::format_tag::ab);
    return describe(x, w, y, false).weights_desc();
}

struct Shape {
    std::int64_t m, n, k, ldx, ldy;
    bool bf16, floatResult, accumulate;
    int threads;

    auto key() const { return std::tie(m, n, k, ldx, ldy, bf16, floatResult, accumulate, threads); }
    friend bool operator<(const Shape& a, const Shape& b) { return a.key() < b.key(); }
};

// Compiled kernels are kept for each thread and shape: matrices of one shape share them.
CompiledProduct& productFor(const Shape& shape, memory::data_type in, const memory::desc& packed) {
    thread_local std::map<Shape, CompiledProduct> products;
    const auto found = products.find(shape);
    if (found != products.end())
        return found->second;
    const auto out = shape.floatResult ? memory::data_type::f32 : in;
    const memory::desc x({shape.m, shape.k}, in, memory::dims{shape.ldx, 1});
    const memory::desc y({shape.m, shape.n}, out, memory::dims{shape.ldy, 1});
    CompiledProduct product{dnnl::matmul(describe(x, packed, y, shape.accumulate)), memory(x, cpuEngine(), nullptr),
                            memory(packed, cpuEngine(), nullptr), memory(y, cpuEngine(), nullptr)};
    return products.emplace(shape, std::move(product)).first->second;
}

} // namespace

template <class T>
struct PackedMatrix<T>::Impl {
    std::int64_t n = 0;
    std::int64_t k = 0;
    memory weights;
    std::optional<AmxPackedMatrix> tiles; // instead of `weights` where this machine has tiles

    template <class Out>
    void run(std::int64_t m, const T* x, std::int64_t ldx, Out* y, std::int64_t ldy, bool accumulate) const {
        if (n == 1 && ldy != 1) {
            throughDenseColumn(m, y, ldy, accumulate, [&](Out* column) { run(m, x, ldx, column, 1, accumulate); });
            return;
        }
        const Shape shape{m, n, k, ldx, ldy, sizeof(T) == 2, sizeof(Out) == 4, accumulate, threadCount()};
        CompiledProduct& product = productFor(shape, kType<T>, weights.get_desc());
        product.x.set_data_handle(const_cast<T*>(x));
        product.w.set_data_handle(weights.get_data_handle());
        product.y.set_data_handle(y);
        product.primitive.execute(
            cpuStream(), {{DNNL_ARG_SRC, product.x}, {DNNL_ARG_WEIGHTS, product.w}, {DNNL_ARG_DST, product.y}});
        cpuStream().wait();
    }

    // Rows go over the threads in blocks of one size, so that few kernels are compiled and each thread's rows and
    // results stay in its cache; few rows are left to oneDNN, which divides the columns.
    template <class Out>
    void multiply(std::int64_t m, const T* x, std::int64_t ldx, Out* y, std::int64_t ldy, bool accumulate) const {
        if constexpr (sizeof(T) == sizeof(Bf16))
            if (tiles) {
                if constexpr (sizeof(Out) == sizeof(float))
                    tiles->multiplyFloat(m, x, ldx, y, ldy, accumulate);
                else
                    tiles->multiply(m, x, ldx, y, ldy);
                return;
            }
        constexpr std::int64_t block = 256;
        if (threadCount() == 1 || m < block * threadCount()) {
            run(m, x, ldx, y, ldy, accumulate);
            return;
        }
        parallelTasks((m + block - 1) / block, [&](std::int64_t task) {
            const std::int64_t begin = task * block;
            run(m - begin < block ? m - begin : block, x + begin * ldx, ldx, y + begin * ldy, ldy, accumulate);
        });
    }
};

template <class T>
PackedMatrix<T>::PackedMatrix() = default;
template <class T>
PackedMatrix<T>::~PackedMatrix() = default;
template <class T>
PackedMatrix<T>::PackedMatrix(PackedMatrix&&) noexcept = default;
template <class T>
PackedMatrix<T>& PackedMatrix<T>::operator=(PackedMatrix&&) noexcept = default;

template <class T>
PackedMatrix<T>::PackedMatrix(std::int64_t n, std::int64_t k, const T* weight) : m_impl(std::make_unique<Impl>()) {
    m_impl->n = n;
    m_impl->k = k;
    if constexpr (sizeof(T) == sizeof(Bf16))
        if (AmxPackedMatrix::suits(k)) {
            m_impl->tiles.emplace(n, k, weight);
            return;
        }
    m_impl->weights = memory(packedLayout<T>(n, k), cpuEngine());
    const memory::desc plain({k, n}, kType<T>, memory::dims{1, k});
    memory source(plain, cpuEngine(), const_cast<T*>(weight));
    dnnl::reorder(source, m_impl->weights).execute(cpuStream(), source, m_impl->weights);
    cpuStream().wait();
}

template <class T>
std::int64_t PackedMatrix<T>::rows() const {
    return m_impl ? m_impl->n : 0;
}

template <class T>
std::int64_t PackedMatrix<T>::columns() const {
    return m_impl ? m_impl->k : 0;
}

template <class T>
std::size_t PackedMatrix<T>::bytes() const {
    if (!m_impl)
        return 0;
    return m_impl->tiles ? m_impl->tiles->bytes() : m_impl->weights.get_desc().get_size();
}

template <class T>
void PackedMatrix<T>::multiply(std::int64_t m, const T* x, std::int64_t ldx, T* y, std::int64_t ldy) const {
    if (m > 0)
        m_impl->multiply(m, x, ldx, y, ldy, false);
}

template <class T>
void PackedMatrix<T>::multiplyFloat(std::int64_t m, const T* x, std::int64_t ldx, float* y, std::int64_t ldy,
                                    bool accumulate) const {
    if (m > 0)
        m_impl->multiply(m, x, ldx, y, ldy, accumulate);
}

template <class T>
void PackedMatrix<T>::tokenLoss(std::int64_t m, const T* x, const std::int32_t* targets, float* loss) const {
    if constexpr (sizeof(T) == sizeof(Bf16))
        if (m_impl->tiles) {
            m_impl->tiles->tokenLoss(m, x, targets, loss);
            return;
        }
    constexpr std::int64_t block = 64;
    const std::int64_t n = rows();
    parallelTasks((m + block - 1) / block, [&](std::int64_t index) {
        thread_local std::vector<float> logits;
        logits.resize(std::size_t(block * n));
        const std::int64_t begin = index * block;
        const std::int64_t end = std::min(begin + block, m);
        m_impl->run(end - begin, x + begin * columns(), columns(), logits.data(), n, false);
        for (std::int64_t r = begin; r < end; ++r) {
            const float* row = logits.data() + (r - begin) * n;
            float top = -1e30F;
            float sum = 0;
            commonLoops().logSumExp(n, row, &top, &sum);
            loss[r] = targets[r] < 0 ? std::nanf("") : top + std::log(sum) - row[targets[r]];
        }
    });
}

bool canMultiplyBf16() {
    const auto needed = unsigned(dnnl::cpu_isa::avx512_core);
    return (unsigned(dnnl::get_effective_cpu_isa()) & needed) == needed;
}

std::string matrixLibraryVersion() {
    const dnnl_version_t* version = dnnl_version();
    return "oneDNN " + std::to_string(version->major) + "." + std::to_string(version->minor) + "." +
           std::to_string(version->patch);
}

template class PackedMatrix<float>;
template class PackedMatrix<Bf16>;

} // namespace moescope
