#pragma once

#include <functional>

#include <ATen/core/Tensor.h>

namespace moescope {

// body(x), keeping nothing of what is computed on the way: the backward pass runs the body again (activation
// checkpointing; Chen et al., arXiv 1604.06174). The body must give the same result when called again and may use
// parameters, whose gradients are added to them.
at::Tensor checkpointed(const at::Tensor& x, const std::function<at::Tensor(const at::Tensor&)>& body);

} // namespace moescope
