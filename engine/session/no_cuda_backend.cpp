#include "engine/session/cuda_backend.h"

namespace moescope {

std::shared_ptr<DeviceBackend> makeCudaBackend(c10::Device) {
    return nullptr;
}

std::string whyNoCuda() {
#if defined(MOESCOPE_TORCH_CUDA)
    return "LibTorch finds no NVIDIA GPU; check nvidia-smi and the driver, or use --device cpu";
#else
    return "this LibTorch computes on the CPU only (Debian's always does). Build against a CUDA LibTorch from "
           "pytorch.org: "
           "cmake --preset cuda -DTorch_DIR=<libtorch>/share/cmake/Torch, with the CUDA toolkit for the project's own "
           "kernels (see README, \"On a GPU\"); or use --device cpu";
#endif
}

} // namespace moescope
