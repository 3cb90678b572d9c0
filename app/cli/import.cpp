#include <cstdio>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/exit_status.h"
#include "app/cli/progress_bar.h"
#include "app/cli/validators.h"
#include "app/service/import_service.h"

namespace moescope::cli {

namespace {

class ImportProgress : public ImportObserver {
public:
    explicit ImportProgress(const CommandContext& context) : m_context(context), m_bar("import", "tokens", context) {}
    void progress(TokenIndex done, TokenIndex total) override { m_bar.update(done, total); }
    void note(const std::string& words) override {
        if (m_context.verbosity != Verbosity::Quiet)
            std::fprintf(stderr, "moescope: %s\n", words.c_str());
    }

private:
    const CommandContext& m_context;
    ProgressBar m_bar;
};

const char* nameOf(RunContent content) {
    return content == RunContent::Full         ? "with logits"
           : content == RunContent::RoutesOnly ? "chosen experts only"
                                               : "counts only";
}

int import(ImportRequest request, const std::string& format, const CommandContext& context) {
    request.format = importFormatNamed(format);
    request.commandLine = context.commandLine;
    std::vector<ImportedRun> runs;
    {
        ImportProgress progress(context);
        runs = ImportService().import(request, progress, context.stop);
    }
    for (const ImportedRun& run : runs)
        std::cout << fmt::format("{}: {} tokens, {} layers x {} experts, top {}, {}\n", run.run, run.tokens, run.layers,
                                 run.experts, run.topK > 0 ? std::to_string(run.topK) : "k unknown",
                                 nameOf(run.content));
    return kSuccess;
}

} // namespace

void addImport(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<ImportRequest>();
    auto format = std::make_shared<std::string>("auto");
    CLI::App* command = app.add_subcommand("import", "Bring routing recorded by other programs into a recording");
    command->add_option("files", request->files, "Traces; each becomes a run")->required()->expected(1, -1);
    command->add_option("--db", request->db, "The recording; made if it is not there")->required();
    command->add_option("--format", *format, "auto, counts (CSV) or safetensors")
        ->check(CLI::IsMember({"auto", "counts", "safetensors"}))
        ->capture_default_str();
    command->add_option("--name", request->name, "The run's name (default: the file's)");
    command->add_option("--model", request->model, "The model's folder: gives gate and text");
    command->add_option("--top-k", request->topK, "Experts for each token where the file does not say")
        ->check(positiveNumber());
    command->add_option("--experts", request->experts, "Experts of a layer where the file does not say")
        ->check(positiveNumber());
    command->callback([request, format, &context] {
        context.work = [request, format, &context] { return import(*request, *format, context); };
    });
}

} // namespace moescope::cli
