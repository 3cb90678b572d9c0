#include "engine/kernels/gemm.h"

#include <cstring>
#include <unordered_map>

#include <oneapi/dnnl/dnnl.hpp>

#include "engine/kernels/dense_column.h"

namespace moescope {
namespace {

using dnnl::memory;

const dnnl::engine& cpuEngine() {
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

// One stream a thread: a stream is not meant to be shared.
dnnl::stream& cpuStream() {
    thread_local dnnl::stream stream(cpuEngine());
    return stream;
}

struct Shape {
    std::int64_t m, n, k, lda, ldb, ldc;
    std::uint32_t types; // operand and result type, transposes, accumulate, width of the pool

    bool operator==(const Shape& o) const {
        return std::memcmp(this, &o, offsetof(Shape, types)) == 0 && types == o.types;
    }
};

struct ShapeHash {
    std::size_t operator()(const Shape& s) const {
        std::size_t h = s.types;
        for (std::int64_t v : {s.m, s.n, s.k, s.lda, s.ldb, s.ldc})
            h = (h ^ std::size_t(v)) * 0x9E3779B97F4A7C15ULL + (h >> 29);
        return h;
    }
};

struct Product {
    dnnl::matmul primitive;
    memory a, b, c;
};

memory::desc describe(std::int64_t rows, std::int64_t cols, memory::data_type type, std::int64_t ld, bool transposed) {
    const memory::dims strides = transposed ? memory::dims{1, ld} : memory::dims{ld, 1};
    return memory::desc({rows, cols}, type, strides);
}

Product makeProduct(const Shape& s, memory::data_type in, memory::data_type out, bool ta, bool tb, bool accumulate) {
    const memory::desc a = describe(s.m, s.k, in, s.lda, ta);
    const memory::desc b = describe(s.k, s.n, in, s.ldb, tb);
    const memory::desc c = describe(s.m, s.n, out, s.ldc, false);
    dnnl::primitive_attr attributes;
    if (accumulate) {
        dnnl::post_ops sum;
        sum.append_sum(1.0F);
        attributes.set_post_ops(sum);
    }
#if DNNL_VERSION_MAJOR >= 3
    const dnnl::matmul::primitive_desc pd(cpuEngine(), a, b, c, attributes);
#else
    const dnnl::matmul::primitive_desc pd(dnnl::matmul::desc(a, b, c), attributes, cpuEngine());
#endif
    return {dnnl::matmul(pd), memory(a, cpuEngine(), nullptr), memory(b, cpuEngine(), nullptr),
            memory(c, cpuEngine(), nullptr)};
}

// Compiled products are kept per thread: no locks, and oneDNN's scratch memory is the thread's own.
Product& productFor(const Shape& s, memory::data_type in, memory::data_type out, bool ta, bool tb, bool accumulate) {
    thread_local std::unordered_map<Shape, Product, ShapeHash> products;
    const auto found = products.find(s);
    if (found != products.end())
        return found->second;
    constexpr std::size_t kept = 4096;
    if (products.size() >= kept)
        products.clear();
    return products.emplace(s, makeProduct(s, in, out, ta, tb, accumulate)).first->second;
}

template <class In, class Out>
void multiply(std::int64_t m, std::int64_t n, std::int64_t k, MatrixView<const In> a, MatrixView<const In> b,
              MatrixView<Out> c, bool accumulate) {
    if (m == 0 || n == 0 || k == 0)
        return;
    if (n == 1 && c.ld != 1) {
        throughDenseColumn(m, c.data, c.ld, accumulate, [&](Out* column) {
            multiply<In, Out>(m, n, k, a, b, {column, 1, c.transposed}, accumulate);
        });
        return;
    }
    constexpr bool inBf16 = sizeof(In) == 2;
    constexpr bool outBf16 = sizeof(Out) == 2;
    const std::uint32_t types = std::uint32_t(inBf16) | std::uint32_t(outBf16) << 1 | std::uint32_t(a.transposed) << 2 |
                                std::uint32_t(b.transposed) << 3 | std::uint32_t(accumulate) << 4;
    Product& p =
        productFor({m, n, k, a.ld, b.ld, c.ld, types}, inBf16 ? memory::data_type::bf16 : memory::data_type::f32,
                   outBf16 ? memory::data_type::bf16 : memory::data_type::f32, a.transposed, b.transposed, accumulate);
    p.a.set_data_handle(const_cast<In*>(a.data));
    p.b.set_data_handle(const_cast<In*>(b.data));
    p.c.set_data_handle(c.data);
    p.primitive.execute(cpuStream(), {{DNNL_ARG_SRC, p.a}, {DNNL_ARG_WEIGHTS, p.b}, {DNNL_ARG_DST, p.c}});
    cpuStream().wait();
}

} // namespace

void gemm(std::int64_t m, std::int64_t n, std::int64_t k, MatrixView<const float> a, MatrixView<const float> b,
          MatrixView<float> c, bool accumulate) {
    multiply(m, n, k, a, b, c, accumulate);
}

void gemm(std::int64_t m, std::int64_t n, std::int64_t k, MatrixView<const Bf16> a, MatrixView<const Bf16> b,
          MatrixView<float> c, bool accumulate) {
    multiply(m, n, k, a, b, c, accumulate);
}

void gemm(std::int64_t m, std::int64_t n, std::int64_t k, MatrixView<const Bf16> a, MatrixView<const Bf16> b,
          MatrixView<Bf16> c) {
    multiply(m, n, k, a, b, c, false);
}

bool hasFastBf16() {
    // The processor alone does not tell: the system may not allow AMX, or the library may be capped.
    return (unsigned(dnnl::get_effective_cpu_isa()) & unsigned(dnnl::cpu_isa::avx512_core_bf16)) ==
           unsigned(dnnl::cpu_isa::avx512_core_bf16);
}

} // namespace moescope
