#include "app/service/runs_report.h"
#include "app/service/counted.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace moescope {

namespace {

const char* nameOf(RunState state) {
    switch (state) {
    case RunState::Recording:
        return "recording";
    case RunState::Complete:
        return "complete";
    case RunState::Interrupted:
        return "interrupted";
    }
    return "";
}

const char* nameOf(LogitStorage logits) {
    switch (logits) {
    case LogitStorage::None:
        return "none";
    case LogitStorage::F16:
        return "f16";
    case LogitStorage::F32:
        return "f32";
    }
    return "";
}

const char* nameOf(RunContent content) {
    switch (content) {
    case RunContent::Full:
        return "full";
    case RunContent::RoutesOnly:
        return "routes";
    case RunContent::CountsOnly:
        return "counts";
    }
    return "";
}

std::int32_t mostExperts(const RunSpec& spec) {
    std::int32_t most = 0;
    for (const MoeLayerInfo& layer : spec.layers)
        most = std::max(most, layer.moe.experts);
    return most;
}

std::string runText(const RunInfo& run) {
    const RunSpec& spec = run.spec;
    const std::int32_t topK = spec.layers.empty() ? 0 : spec.layers.front().moe.topK;
    std::string text = fmt::format(
        "{} {} ({}): {} of {} in {}, {} x {}, top {}, logits {}\n", run.id.value, spec.name, nameOf(run.state),
        counted(run.tokens, "token"), counted(run.documents.size(), "document"), counted(run.domains.size(), "domain"),
        counted(spec.layers.size(), "layer"), counted(mostExperts(spec), "expert"), topK, nameOf(spec.logits));
    const auto row = [&text](const std::string& key, const std::string& value) {
        text += fmt::format("    {:<19} {}\n", key, value);
    };
    row("model", fmt::format("{} ({}, {})", spec.model, spec.family, spec.stack));
    if (run.linked != RunId{})
        row("linked run", std::to_string(run.linked.value));
    row("created", run.created);
    if (!run.note.empty())
        row("note", run.note);
    for (const auto& [key, value] : spec.provenance)
        row(key, value);
    return text;
}

nlohmann::ordered_json layersJson(const RunSpec& spec) {
    auto layers = nlohmann::ordered_json::array();
    for (const MoeLayerInfo& layer : spec.layers)
        layers.push_back({{"layer", layer.layer.value}, {"experts", layer.moe.experts}, {"top_k", layer.moe.topK}});
    return layers;
}

nlohmann::ordered_json runJson(const RunInfo& run) {
    const RunSpec& spec = run.spec;
    auto provenance = nlohmann::ordered_json::object();
    for (const auto& [key, value] : spec.provenance)
        provenance[key] = value;
    return {{"id", run.id.value},
            {"name", spec.name},
            {"state", nameOf(run.state)},
            {"created", run.created},
            {"note", run.note},
            {"model", spec.model},
            {"family", spec.family},
            {"stack", spec.stack},
            {"linked_run", run.linked == RunId{} ? nlohmann::ordered_json() : nlohmann::ordered_json(run.linked.value)},
            {"tokens", run.tokens},
            {"documents", run.documents.size()},
            {"domains", run.domains},
            {"layers", layersJson(spec)},
            {"vocabulary", spec.vocabulary},
            {"context", spec.context},
            {"content", nameOf(spec.content)},
            {"logits", nameOf(spec.logits)},
            {"text", spec.text},
            {"nll", spec.nll},
            {"provenance", provenance}};
}

} // namespace

std::string runsText(const std::vector<RunInfo>& runs) {
    std::string text;
    for (const RunInfo& run : runs)
        text += runText(run);
    return text;
}

std::string runsJson(const std::vector<RunInfo>& runs) {
    auto list = nlohmann::ordered_json::array();
    for (const RunInfo& run : runs)
        list.push_back(runJson(run));
    // Names come from outside: what is not UTF-8 is replaced rather than refused.
    return list.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace moescope
