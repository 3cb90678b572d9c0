#include "engine/kernels/cuda/cublas_products.h"

#include <algorithm>

#include "engine/kernels/cuda/cuda_error.h"

namespace moescope::cuda {

namespace {

cudaDataType_t typeOf(Element element) {
    return element == Element::F32 ? CUDA_R_32F : element == Element::F16 ? CUDA_R_16F : CUDA_R_16BF;
}

} // namespace

CublasProducts::CublasProducts(CudaDevice& device) : m_device(device) {
    for (AddressLists& list : m_lists)
        list.copied = OwnedEvent(device);
    device.makeCurrent(); // the handle is of the current device
    check(cublasCreate(&m_handle), "starting");
    check(cublasSetMathMode(m_handle, cublasMath_t(CUBLAS_DEFAULT_MATH | // no TF32
                                                   CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION)),
          "setting its precision");
}

CublasProducts::~CublasProducts() {
    cudaSetDevice(m_device.index());
    cublasDestroy(m_handle);
}

void CublasProducts::multiply(Element element, const std::vector<ExpertProduct>& products, Stream stream) {
    const GroupedArguments arguments(products);
    if (arguments.size() == 0)
        return;
    m_device.makeCurrent();
    check(cublasSetStream(m_handle, static_cast<cudaStream_t>(stream.handle)), "choosing a stream");
    if (!arguments.isAligned(element) || !multiplyGrouped(element, arguments, stream))
        multiplyOneByOne(element, arguments, stream);
}

void CublasProducts::multiplyOneByOne(Element element, const GroupedArguments& arguments, Stream stream) {
    m_device.makeCurrent();
    check(cublasSetStream(m_handle, static_cast<cudaStream_t>(stream.handle)), "choosing a stream");
    const float one = 1.0F;
    const float zero = 0.0F;
    const cudaDataType_t type = typeOf(element);
    for (std::size_t i = 0; i < arguments.size(); ++i)
        check(cublasGemmEx(m_handle, CUBLAS_OP_T, CUBLAS_OP_N, arguments.m[i], arguments.n[i], arguments.k[i], &one,
                           arguments.a[i], type, arguments.lda[i], arguments.b[i], type, arguments.ldb[i], &zero,
                           arguments.c[i], type, arguments.ldc[i], CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT),
              "multiplying an expert");
}

const void* const* CublasProducts::upload(const GroupedArguments& arguments, Stream stream) {
    AddressLists& list = m_lists[m_nextList++ % m_lists.size()];
    m_device.synchronize(Event(list.copied)); // long past, unless the host is that many products ahead
    const std::size_t n = arguments.size();
    const std::size_t bytes = 3 * n * sizeof(void*);
    list.pinned.grow(m_device, bytes);
    list.memory.grow(m_device, bytes);
    const void** addresses = list.pinned.get<const void*>();
    std::copy(arguments.a.begin(), arguments.a.end(), addresses);
    std::copy(arguments.b.begin(), arguments.b.end(), addresses + n);
    std::copy(arguments.c.begin(), arguments.c.end(), addresses + 2 * n);
    m_device.copyToDevice(list.memory.get(), list.pinned.get(), bytes, stream);
    m_device.record(list.copied, stream);
    return list.memory.get<const void*>();
}

#if CUBLAS_VERSION >= 120500
bool CublasProducts::multiplyGrouped(Element element, const GroupedArguments& arguments, Stream stream) {
    if (!m_grouped)
        return false;
    const std::size_t n = arguments.size();
    const std::vector<cublasOperation_t> transposed(n, CUBLAS_OP_T);
    const std::vector<cublasOperation_t> plain(n, CUBLAS_OP_N);
    const std::vector<float> one(n, 1.0F);
    const std::vector<float> zero(n, 0.0F);
    const std::vector<int> alone(n, 1);
    const void* const* addresses = upload(arguments, stream);
    const cudaDataType_t type = typeOf(element);
    const cublasStatus_t status =
        cublasGemmGroupedBatchedEx(m_handle, transposed.data(), plain.data(), arguments.m.data(), arguments.n.data(),
                                   arguments.k.data(), one.data(), addresses, type, arguments.lda.data(), addresses + n,
                                   type, arguments.ldb.data(), zero.data(), const_cast<void* const*>(addresses + 2 * n),
                                   type, arguments.ldc.data(), int(n), alone.data(), CUBLAS_COMPUTE_32F);
    if (status == CUBLAS_STATUS_NOT_SUPPORTED || status == CUBLAS_STATUS_ARCH_MISMATCH ||
        status == CUBLAS_STATUS_INVALID_VALUE) {
        m_grouped = false; // refused by this GPU or version; nothing has been queued
        return false;
    }
    check(status, "multiplying the experts");
    return true;
}
#else
bool CublasProducts::multiplyGrouped(Element, const GroupedArguments&, Stream) {
    m_grouped = false;
    return false;
}
#endif

} // namespace moescope::cuda
