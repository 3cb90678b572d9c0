#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/computing_options.h"
#include "app/cli/exit_status.h"
#include "app/cli/validators.h"
#include "app/service/verify_service.h"
#include "engine/routing/error.h"
#include "engine/session/engine_loader.h"

namespace moescope::cli {

namespace {

struct VerifyOptions {
    SessionOptions session;
    std::filesystem::path expected;
    VerifyTolerance tolerance;
};

std::string line(const VerifiedTensor& tensor) {
    std::string verdict = tensor.passed() ? "ok" : fmt::format("{} wrong: {}", tensor.mismatches, tensor.where);
    if (tensor.nearTies > 0)
        verdict += fmt::format(" ({} tokens elsewhere, near ties)", tensor.nearTies);
    return fmt::format("{:<22} {:>10} elements  largest error {:<10.3g} {}\n", tensor.name, tensor.elements,
                       tensor.largestError, verdict);
}

int verify(const VerifyOptions& options) {
    const auto session = loadEngine().open(options.session);
    const ModelVerification report = verifyModel(*session, options.expected, options.tolerance);
    std::int64_t wrong = 0;
    for (const VerifiedTensor& tensor : report.tensors) {
        std::cout << line(tensor);
        wrong += tensor.passed() ? 0 : 1;
    }
    if (!report.passed())
        throw Error(ErrorCode::Conflict, fmt::format("{}: {} of {} tensors differ by more than the tolerance allows",
                                                     options.expected.string(), wrong, report.tensors.size()));
    return kSuccess;
}

} // namespace

void addVerify(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<VerifyOptions>();
    options->session.dtype = "f32";
    CLI::App* command = app.add_subcommand("verify", "Compare a model with a reference implementation's results");
    command->add_option("model", options->session.model, "Model folder")->required();
    command->add_option("expected", options->expected, "The reference dump (safetensors)")->required();
    SessionOptions& session = options->session;
    addComputingOptions(*command, session.device, session.dtype, session.expertWeights);
    command->add_option("--atol", options->tolerance.absolute, "Absolute tolerance of logits and hidden states")
        ->check(nonNegativeNumber())
        ->capture_default_str();
    command->add_option("--rtol", options->tolerance.relative, "Relative tolerance")
        ->check(nonNegativeNumber())
        ->capture_default_str();
    command->callback([options, &context] {
        context.work = [options, &context] {
            options->session.threads = context.threads;
            return verify(*options);
        };
    });
}

} // namespace moescope::cli
