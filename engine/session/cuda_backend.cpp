#include "engine/session/cuda_backend.h"

#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAStream.h>

#include "engine/kernels/cuda/cublas_products.h"
#include "engine/kernels/cuda/cuda_device.h"
#include "engine/kernels/cuda/cuda_kernels.h"

namespace moescope {

std::shared_ptr<DeviceBackend> makeCudaBackend(c10::Device device) {
    const int index = device.has_index() ? device.index() : 0;
    auto gpu = std::make_unique<cuda::CudaDevice>(index);
    gpu->whenShort([] { c10::cuda::CUDACachingAllocator::emptyCache(); });
    auto products = std::make_unique<cuda::CublasProducts>(*gpu);
    return std::make_shared<DeviceBackend>(
        DeviceParts{std::move(gpu), std::make_unique<cuda::CudaKernels>(index), std::move(products), [index] {
                        return cuda::Stream{c10::cuda::getCurrentCUDAStream(c10::DeviceIndex(index)).stream()};
                    }});
}

std::string whyNoCuda() {
    return "LibTorch finds no NVIDIA GPU (" + cuda::CudaDevice::absence() +
           "); check nvidia-smi and the driver, or use --device cpu";
}

} // namespace moescope
