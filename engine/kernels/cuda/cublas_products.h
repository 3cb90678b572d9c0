#pragma once

#include <array>
#include <cstddef>

#include "engine/kernels/cuda/cuda_device.h"
#include "engine/kernels/cuda/expert_products.h"
#include "engine/kernels/cuda/owned.h"

struct cublasContext;

namespace moescope::cuda {

// ExpertProducts through cuBLAS: one grouped product (CUDA 12.5 and later), or one after the other where it is too old
// or refuses. For one thread at a time.
class CublasProducts final : public ExpertProducts {
public:
    explicit CublasProducts(CudaDevice& device);
    ~CublasProducts() override;
    CublasProducts(const CublasProducts&) = delete;
    CublasProducts& operator=(const CublasProducts&) = delete;

    void multiply(Element element, const std::vector<ExpertProduct>& products, Stream stream) override;
    void multiplyOneByOne(Element element, const GroupedArguments& arguments, Stream stream);
    bool isGrouped() const { return m_grouped; }

private:
    // Lists of addresses on their way to the device: reused once their copy is done.
    struct AddressLists {
        PinnedMemory pinned;
        DeviceMemory memory;
        OwnedEvent copied;
    };
    bool multiplyGrouped(Element element, const GroupedArguments& arguments, Stream stream);
    const void* const* upload(const GroupedArguments& arguments, Stream stream);

    CudaDevice& m_device;
    cublasContext* m_handle = nullptr;
    std::array<AddressLists, 4> m_lists;
    std::size_t m_nextList = 0;
    bool m_grouped = true;
};

} // namespace moescope::cuda
