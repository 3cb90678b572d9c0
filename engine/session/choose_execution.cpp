#include "engine/session/choose_execution.h"

#include <ATen/Context.h>

#include "engine/kernels/gemm.h"
#include "engine/kernels/inference/packed_matrix.h"
#include "engine/routing/error.h"
#include "engine/session/cuda_backend.h"

namespace moescope {

namespace {

at::Device chooseDevice(const std::string& name) {
    if (name == "cpu" || (name == "auto" && !at::hasCUDA()))
        return at::kCPU;
    if (name != "auto" && name != "cuda" && name.rfind("cuda:", 0) != 0)
        throw Error(ErrorCode::InvalidArgument,
                    "device \"" + name + "\" is unknown; auto, cpu, cuda and cuda:N are known");
    if (!at::hasCUDA())
        throw Error(ErrorCode::Unsupported, "--device " + name + ": " + whyNoCuda());
    int index = 0;
    if (name.size() > 5) {
        const std::string digits = name.substr(5);
        if (digits.find_first_not_of("0123456789") != std::string::npos || digits.size() > 3)
            throw Error(ErrorCode::InvalidArgument, "device \"" + name + "\": N must be a number, as in cuda:0");
        index = std::stoi(digits);
    }
    if (index >= int(at::getNumGPUs()))
        throw Error(ErrorCode::NotFound,
                    "--device " + name + ": this machine has " + std::to_string(at::getNumGPUs()) + " GPUs");
    return {at::kCUDA, at::DeviceIndex(index)};
}

std::string chooseDtype(const std::string& asked, DType stored, bool cpu) {
    if (asked == "f32" || asked == "bf16" || asked == "f16")
        return asked;
    if (asked != "auto")
        throw Error(ErrorCode::InvalidArgument,
                    "dtype \"" + asked + "\" is unknown; auto, f32, bf16 and f16 are known");
    if (stored == DType::BF16 && (!cpu || hasFastBf16()))
        return "bf16";
    return stored == DType::F16 && !cpu ? "f16" : "f32";
}

} // namespace

namespace {

bool chooseInt8(const std::string& asked, const std::string& device, bool cpu) {
    if (asked != "auto" && asked != "int8")
        throw Error(ErrorCode::InvalidArgument,
                    "expert weights \"" + asked + "\" are unknown; auto and int8 are known");
    if (asked == "int8" && !cpu)
        throw Error(ErrorCode::Unsupported, "--expert-weights int8: " + device +
                                                " has no int8 experts, only the CPU has; add --device cpu, or leave "
                                                "it out");
    return asked == "int8";
}

} // namespace

ChosenExecution chooseExecution(const SessionOptions& options, const ModelConfig& config) {
    ChosenExecution chosen;
    chosen.execution.device = chooseDevice(options.device);
    const bool cpu = chosen.execution.device.is_cpu();
    chosen.dtype = chooseDtype(options.dtype, config.dtype, cpu);
    if (chosen.dtype == "bf16" && cpu && !canMultiplyBf16())
        throw Error(ErrorCode::Unsupported, "--dtype bf16: this processor lacks AVX-512, which bf16 products need; use "
                                            "--dtype f32");
    if (chosen.dtype == "f16" && cpu)
        chosen.dtype = "f32"; // no processor multiplies f16 faster, and f32 holds every f16 value
    chosen.execution.ownKernels = cpu;
    chosen.execution.dtype = chosen.dtype == "bf16" ? at::kBFloat16 : chosen.dtype == "f16" ? at::kHalf : at::kFloat;
    chosen.device = chosen.execution.device.str();
    chosen.execution.int8Experts = chooseInt8(options.expertWeights, chosen.device, cpu);
    if (!cpu)
        chosen.execution.backend = makeCudaBackend(chosen.execution.device);
    return chosen;
}

} // namespace moescope
