#pragma once

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include "engine/kernels/bf16.h"

namespace moescope {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

template <class T>
T* dataOf(const at::Tensor& t) {
    return static_cast<T*>(t.data_ptr());
}

// Calls body with a value of the element type that a compute type stands for: float or Bf16.
template <class Body>
auto withElement(at::ScalarType compute, Body body) {
    return compute == at::kBFloat16 ? body(Bf16{}) : body(float{});
}

// The tensor in `type`, converted by the engine's kernels on the CPU.
at::Tensor inType(const at::Tensor& t, at::ScalarType type);

} // namespace moescope
