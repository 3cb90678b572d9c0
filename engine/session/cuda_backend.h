#pragma once

#include <memory>
#include <string>

#include <c10/core/Device.h>

#include "engine/model/device_backend.h"

namespace moescope {

// The project's own kernels on that GPU; null in a build without them.
std::shared_ptr<DeviceBackend> makeCudaBackend(c10::Device device);

// What this build or machine lacks for --device cuda, and the remedy.
std::string whyNoCuda();

} // namespace moescope
