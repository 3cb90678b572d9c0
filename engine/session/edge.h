#pragma once

#include <functional>

namespace moescope {

// The one place where LibTorch's and oneDNN's exceptions, and lack of memory, become moescope::Error.
void withoutTorchErrors(const std::function<void()>& work);

} // namespace moescope
