#include "app/service/intervention_text.h"

#include <cstdio>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/routing/error.h"

namespace moescope {

namespace {

LayerId layerOf(const std::string& text, const std::filesystem::path& file) {
    int layer = 0;
    int end = 0;
    if (std::sscanf(text.c_str(), "%d%n", &layer, &end) != 1 || std::size_t(end) != text.size()) {
        throw Error(ErrorCode::InvalidArgument,
                    fmt::format("{}: '{}' is no layer; write the layer's number as a string", file.string(), text));
    }
    return LayerId(layer);
}

} // namespace

std::string interventionText(const Intervention& intervention) {
    std::vector<std::string> parts;
    if (intervention.topK > 0) {
        parts.push_back(fmt::format("top-k {}", intervention.topK));
    }
    for (const auto& [layer, bias] : intervention.bias) {
        parts.push_back(fmt::format("bias of layer {} [{}]", layer.value, fmt::join(bias, " ")));
    }
    for (const auto& [layer, expert] : intervention.ablated) {
        parts.push_back(fmt::format("without {}:{}", layer.value, expert));
    }
    if (intervention.capacity) {
        parts.push_back(capacityText(*intervention.capacity));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string capacityText(const CapacityOptions& capacity) {
    const std::string size = capacity.fixed >= 0
                                 ? fmt::format("{}", capacity.fixed)
                                 : fmt::format("factor {} {}", capacity.factor, nameOf(capacity.rounding));
    return fmt::format("capacity {} {} in groups of {} tokens", size, nameOf(capacity.policy), capacity.groupTokens);
}

std::set<std::pair<LayerId, std::int32_t>> parseAblated(const std::string& text) {
    std::set<std::pair<LayerId, std::int32_t>> ablated;
    const char* at = text.c_str();
    for (bool more = true; more;) {
        int layer = 0;
        int expert = 0;
        int read = 0;
        if (std::sscanf(at, "%d:%d%n", &layer, &expert, &read) != 2 || (at[read] != ',' && at[read] != '\0')) {
            throw Error(ErrorCode::InvalidArgument,
                        fmt::format("'{}' is no list of experts; write LAYER:EXPERT, several with commas", text));
        }
        ablated.emplace(LayerId(layer), expert);
        more = at[read] == ',';
        at += read + (more ? 1 : 0);
    }
    return ablated;
}

std::map<LayerId, std::vector<float>> readBiasFile(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        throw Error(ErrorCode::NotFound, fmt::format("{} cannot be read; --bias takes a JSON file", file.string()));
    }
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::map<LayerId, std::vector<float>> bias;
    try {
        for (const auto& [layer, values] :
             nlohmann::json::parse(text).get<std::map<std::string, std::vector<float>>>()) {
            bias[layerOf(layer, file)] = values;
        }
    } catch (const nlohmann::json::exception& error) {
        throw Error(ErrorCode::InvalidArgument,
                    fmt::format("{}: it must be a JSON object of arrays of numbers, one for each layer: {}",
                                file.string(), error.what()));
    }
    return bias;
}

} // namespace moescope
