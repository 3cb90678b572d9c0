#include "engine/kernels/inference/int8_matrix.h"

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "engine/kernels/inference/loops.h"
#include "engine/kernels/inference/onednn_product.h"
#include "engine/kernels/parallel.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

using dnnl::memory;

// Without VNNI oneDNN adds pairs of products in 16 bits, which may overflow.
bool libraryIsExact() {
    const auto needed = unsigned(dnnl::cpu_isa::avx512_core_vnni);
    return (unsigned(dnnl::get_effective_cpu_isa()) & needed) == needed;
}

memory::desc packedLayout(std::int64_t n, std::int64_t k) {
    constexpr std::int64_t typicalRows = 256;
    const memory::desc x({typicalRows, k}, memory::data_type::s8, memory::format_tag::ab);
    const memory::desc w({k, n}, memory::data_type::s8, memory::format_tag::any);
    const memory::desc y({typicalRows, n}, memory::data_type::s32, memory::format_tag::ab);
    return describeProduct(x, w, y).weights_desc();
}

// Compiled kernels are kept for each thread and shape: matrices of one shape share them.
CompiledProduct& productFor(std::int64_t m, std::int64_t n, std::int64_t k, const memory::desc& packed) {
    thread_local std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t, int>, CompiledProduct> products;
    const auto key = std::make_tuple(m, n, k, threadCount());
    const auto found = products.find(key);
    if (found != products.end())
        return found->second;
    const memory::desc x({m, k}, memory::data_type::s8, memory::format_tag::ab);
    const memory::desc y({m, n}, memory::data_type::s32, memory::format_tag::ab);
    CompiledProduct product{dnnl::matmul(describeProduct(x, packed, y)), memory(x, cpuEngine(), nullptr),
                            memory(packed, cpuEngine(), nullptr), memory(y, cpuEngine(), nullptr)};
    return products.emplace(key, std::move(product)).first->second;
}

} // namespace

struct Int8Matrix::Impl {
    std::int64_t n = 0;
    std::int64_t k = 0;
    memory packed;                  // where oneDNN is exact
    std::vector<std::int8_t> codes; // elsewhere
};

Int8Matrix::Int8Matrix() = default;
Int8Matrix::~Int8Matrix() = default;
Int8Matrix::Int8Matrix(Int8Matrix&&) noexcept = default;
Int8Matrix& Int8Matrix::operator=(Int8Matrix&&) noexcept = default;

Int8Matrix::Int8Matrix(std::int64_t n, std::int64_t k, const std::int8_t* codes) : m_impl(std::make_unique<Impl>()) {
    if (k > kMostColumns)
        throw Error(ErrorCode::Unsupported, "a matrix of " + std::to_string(k) + " columns is too wide for int8 (" +
                                                std::to_string(kMostColumns) +
                                                " at most); leave the experts in the dtype");
    m_impl->n = n;
    m_impl->k = k;
    if (!libraryIsExact()) {
        m_impl->codes.assign(codes, codes + n * k);
        return;
    }
    m_impl->packed = memory(packedLayout(n, k), cpuEngine());
    const memory::desc plain({k, n}, memory::data_type::s8, memory::dims{1, k});
    memory source(plain, cpuEngine(), const_cast<std::int8_t*>(codes));
    dnnl::reorder(source, m_impl->packed).execute(cpuStream(), source, m_impl->packed);
    cpuStream().wait();
}

std::size_t Int8Matrix::bytes() const {
    if (!m_impl)
        return 0;
    return m_impl->codes.empty() ? m_impl->packed.get_desc().get_size() : m_impl->codes.size();
}

void Int8Matrix::multiply(std::int64_t m, const std::int8_t* x, std::int32_t* y) const {
    if (m == 0)
        return;
    if (!m_impl->codes.empty()) {
        commonLoops().multiplyInt8(m, m_impl->n, m_impl->k, x, m_impl->codes.data(), y);
        return;
    }
    CompiledProduct& product = productFor(m, m_impl->n, m_impl->k, m_impl->packed.get_desc());
    product.x.set_data_handle(const_cast<std::int8_t*>(x));
    product.w.set_data_handle(m_impl->packed.get_data_handle());
    product.y.set_data_handle(y);
    product.primitive.execute(cpuStream(),
                              {{DNNL_ARG_SRC, product.x}, {DNNL_ARG_WEIGHTS, product.w}, {DNNL_ARG_DST, product.y}});
    cpuStream().wait();
}

} // namespace moescope
