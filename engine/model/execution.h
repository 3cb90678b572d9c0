#pragma once

#include <memory>

#include <ATen/core/Tensor.h>

#include "engine/kernels/bf16.h"

namespace moescope {

// Tensors' names end in their dimensions: T tokens of a batch, D hidden width, E experts, K slots (top-k), I inner
// width of an expert, V vocabulary, N and M any.

class DeviceBackend;

// Where and in what a model computes.
struct Execution {
    at::Device device = at::kCPU;
    at::ScalarType dtype = at::kFloat; // of weights and matrix products: float or bfloat16 on a CPU, half elsewhere too
    bool ownKernels = true;            // the engine's CPU kernels; false: LibTorch operations, which run on any device
    // A GPU's own kernels for routers and experts; null: LibTorch's operations.
    std::shared_ptr<DeviceBackend> backend = nullptr;
    bool int8Experts = false; // their products are of int8, on the engine's CPU kernels

    at::TensorOptions options() const { return at::TensorOptions(device).dtype(dtype); }
    at::TensorOptions floats() const { return at::TensorOptions(device).dtype(at::kFloat); }
};

template <class T>
T* dataOf(const at::Tensor& tensor) {
    return static_cast<T*>(tensor.data_ptr());
}

// Calls f with a zero of the element type the CPU kernels compute in: f(float()) or f(Bf16()).
template <class F>
void withElement(at::ScalarType dtype, F&& f) {
    if (dtype == at::kBFloat16)
        f(Bf16());
    else
        f(float());
}

} // namespace moescope
