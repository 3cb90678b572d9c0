#include "app/cli/computing_options.h"

#include "app/cli/validators.h"

namespace moescope::cli {

void addComputingOptions(CLI::App& command, std::string& device, std::string& dtype, std::string& expertWeights) {
    command.add_option("--device", device, "auto, cpu, cuda or cuda:N")->check(deviceName())->capture_default_str();
    command.add_option("--dtype", dtype, "auto, f32, bf16 or f16")
        ->check(CLI::IsMember({"auto", "f32", "bf16", "f16"}))
        ->capture_default_str();
    command
        .add_option("--expert-weights", expertWeights,
                    "auto: as the dtype; int8: experts in 8 bits, faster and less exact (CPU)")
        ->check(CLI::IsMember({"auto", "int8"}))
        ->capture_default_str();
}

} // namespace moescope::cli
