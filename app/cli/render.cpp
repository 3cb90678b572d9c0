#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/cli/capacity_options.h"
#include "app/cli/commands.h"
#include "app/cli/exit_status.h"
#include "app/cli/validators.h"
#include "app/gui/gui.h"
#include "app/gui/gui_loader.h"
#include "ui/render.h"

namespace moescope::cli {

namespace {

struct RenderOptions {
    RenderRequest request;
    std::optional<std::int32_t> layer;
    std::string expert; // E, or L:E
    std::optional<std::int64_t> token;
    std::string theme = "light";
    std::string size;
};

// "WIDTHxHEIGHT"; throws CLI::ValidationError.
void parseSize(const std::string& text, RenderRequest& request) {
    int end = 0;
    const int read = std::sscanf(text.c_str(), "%9dx%9d%n", &request.width, &request.height, &end);
    if (read != 2 || std::size_t(end) != text.size())
        throw CLI::ValidationError("--size",
                                   "'" + text + "' is no size; write it as WIDTHxHEIGHT, for example 1280x800");
    if (request.width < kLeastWidth || request.height < kLeastHeight || request.width > kMostPixels ||
        request.height > kMostPixels)
        throw CLI::ValidationError("--size", fmt::format("'{}' is no size a page can have; it goes from {}x{} to {}x{}",
                                                         text, kLeastWidth, kLeastHeight, kMostPixels, kMostPixels));
}

// "E" or "L:E".
void parseExpert(const std::string& text, RenderRequest& request) {
    int layer = 0;
    int expert = 0;
    int end = 0;
    if (std::sscanf(text.c_str(), "%d:%d%n", &layer, &expert, &end) == 2 && std::size_t(end) == text.size())
        request.layer = LayerId(layer);
    else if (std::sscanf(text.c_str(), "%d%n", &expert, &end) != 1 || std::size_t(end) != text.size())
        throw CLI::ValidationError("--expert", "'" + text + "' is no expert; write it as E or LAYER:E");
    request.expert = ExpertId(expert);
}

void checkRuns(const RenderRequest& request) {
    const auto runs = std::size_t(1 + std::ranges::count(request.run, ','));
    if (request.view == "compare" && runs > kMostComparedRuns)
        throw CLI::ValidationError("--run", fmt::format("page compare holds at most {} runs beside each other, not {}; "
                                                        "`moescope compare` takes more",
                                                        kMostComparedRuns, runs));
}

int render(const RenderOptions& options) {
    RenderRequest request = options.request;
    if (options.layer)
        request.layer = LayerId(*options.layer);
    if (options.token)
        request.token = *options.token;
    request.dark = options.theme == "dark";
    Gui& gui = loadGui();
    const std::vector<std::string> views = gui.views();
    if (std::ranges::find(views, request.view) == views.end())
        throw CLI::ValidationError(
            "--view", fmt::format("there is no view '{}'; the views are {}", request.view, fmt::join(views, ", ")));
    try {
        gui.render(request);
    } catch (const TooSmall& error) {
        throw CLI::ValidationError("--size", error.what());
    }
    return kSuccess;
}

} // namespace

void addRender(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<RenderOptions>();
    RenderRequest& request = options->request;
    CLI::App* command = app.add_subcommand("render", "Any page of the window as a picture, without a display");
    command->add_option("db", request.db, "The recording")->required();
    command->add_option("--run", request.run, "Run by name or id (default: the latest); several for compare: A,B");
    command
        ->add_option("--view", request.view,
                     "Page: overview, load, specialization, tokens, capacity, flow, compare, training, "
                     "dossier, sql")
        ->required();
    command->add_option("-o,--output", request.output, "Picture to write: .png, .svg or .pdf")
        ->required()
        ->check(pictureName());
    command->add_option("--layer", options->layer, "Selected layer");
    command->add_option_function<std::string>(
        "--expert", [&request](const std::string& text) { parseExpert(text, request); },
        "Selected expert: E or LAYER:E");
    command->add_option("--domain", request.domain, "Selected domain");
    command->add_option("--token", options->token, "Selected token");
    command->add_option("--theme", options->theme, "light or dark")
        ->check(CLI::IsMember({"light", "dark"}))
        ->capture_default_str();
    command->add_option_function<std::string>(
        "--size", [&request](const std::string& text) { parseSize(text, request); },
        fmt::format("WIDTHxHEIGHT (default: 1280x800; at least {}x{})", kLeastWidth, kLeastHeight));
    command->add_option("--scale", request.scale, "Pixels of a PNG for each point")->check(CLI::Range(0.5, 8.0));
    addCapacityOptions(*command, request.capacity);
    command->callback([options, &context] {
        checkRuns(options->request);
        context.work = [options] { return render(*options); };
    });
}

} // namespace moescope::cli
