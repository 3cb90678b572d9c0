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

} // namespace

const MoeLayerInfo* ModelConfig::moeLayer(std::int32_t layer) const {
    const auto found = std::find_if(moeLayers.begin(), moeLayers.end(),
                                    [layer](const MoeLayerInfo& info) { return info.layer == LayerId(layer); });
    return found == moeLayers.end() ? nullptr : &*found;
}

ModelConfig parseModelConfig(const std::string& configJson, const std::string& where) {
    const nlohmann::json json = parseJson(configJson, where);
    const ConfigReader config(json, where);
    const std::string type = config.text("model_type", "");
    for (const Family& family : families())
        if (family.modelType == type)
            return family.read(config);
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
