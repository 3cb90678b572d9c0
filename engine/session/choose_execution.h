#pragma once

#include <string>

#include "engine/checkpoint/model_config.h"
#include "engine/model/execution.h"
#include "engine/session/engine.h"

namespace moescope {

struct ChosenExecution {
    Execution execution;
    std::string device; // "cpu", "cuda:0"
    std::string dtype;  // "f32", "bf16", "f16"
};

// Resolves `auto` and checks that this machine and this LibTorch can do what is asked. dtype auto is the
// checkpoint's where the device is fast at it: bf16 needs a processor that multiplies it, f16 a GPU; else f32. Experts
// are in int8 only where that is asked for: every processor can, some are slow at it.
// Throws Error (InvalidArgument, Unsupported) with the remedy.
ChosenExecution chooseExecution(const SessionOptions& options, const ModelConfig& config);

} // namespace moescope
