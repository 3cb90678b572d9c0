#include "engine/checkpoint/model_config.h"

#include <algorithm>

#include "engine/checkpoint/config_reader.h"
#include "engine/checkpoint/families/family.h"
#include "engine/checkpoint/families/nearest_family.h"
#include "engine/checkpoint/json_text.h"
#include "engine/checkpoint/mapped_file.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

std::string knownFamilies() {
    std::string names;
    for (const Family& family : families())
        names += (names.empty() ? "" : ", ") + std::string(family.modelType);
    return names;
}

// Each value may be possible where all of them together are not: nothing may be planned from such a configuration.
void rejectImpossible(const ModelConfig& config, const std::string& where) {
    constexpr double largestCount = 1e16;
    constexpr double mostTensors = 5e7;
    const AttentionConfig& attention = config.attention;
    const double hidden = config.hidden;
    const double low = attention.latent ? double(attention.latent->queryRank) + attention.latent->kvRank : 0;
    const double heads = double(attention.heads) * (double(attention.headDim) + attention.valueDim);
    double parameters = 2.0 * config.vocabulary * hidden;
    parameters += double(config.layers) * (2 * heads * (hidden + low) + low * hidden);
    parameters += 3.0 * config.layers * hidden * (double(config.denseIntermediate) + config.sharedIntermediate);
    double tensors = 16.0 * config.layers;
    for (const MoeLayerInfo& info : config.moeLayers) {
        parameters += 3.0 * info.moe.experts * config.expertIntermediate * hidden;
        tensors += 3.0 * info.moe.experts;
    }
    if (parameters > largestCount || tensors > mostTensors)
        throw Error(ErrorCode::InvalidArgument, where + ": its sizes multiply to " + std::to_string(parameters) +
                                                    " parameters; no such model exists");
}

} // namespace

const MoeLayerInfo* ModelConfig::moeLayer(std::int32_t layer) const {
    const auto found = std::find_if(moeLayers.begin(), moeLayers.end(),
                                    [layer](const MoeLayerInfo& info) { return info.layer == LayerId(layer); });
    return found == moeLayers.end() ? nullptr : &*found;
}

ModelConfig parseModelConfig(const std::string& configJson, const std::string& where) {
    const nlohmann::json document = parseJson(configJson, where);
    const ConfigReader config(document, where);
    const std::string type = config.text("model_type", "");
    const auto checked = [](ModelConfig model, const std::string& file) {
        rejectImpossible(model, file);
        return model;
    };
    for (const Family& family : families())
        if (family.modelType == type)
            return checked(family.read(config), where);
    const std::string nearest = nearestFamily(config);
    throw Error(ErrorCode::Unsupported,
                where + ": model_type \"" + type + "\" is not a known mixture-of-experts family" +
                    (nearest.empty() ? "" : "; it is " + nearest) + "; known: " + knownFamilies());
}

ModelConfig readModelConfig(const std::filesystem::path& folder) {
    if (!std::filesystem::is_directory(folder))
        throw Error(ErrorCode::NotFound, folder.string() + ": is not a model folder (it should hold config.json)");
    const std::filesystem::path file = folder / "config.json";
    if (!std::filesystem::exists(file))
        throw Error(ErrorCode::NotFound, file.string() + ": is missing; give a model folder in Hugging Face's layout");
    const MappedFile map(file);
    const auto bytes = map.bytes();
    return parseModelConfig(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), file.string());
}

} // namespace moescope
