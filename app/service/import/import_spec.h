#pragma once

#include "app/service/import_service.h"
#include "engine/checkpoint/model_config.h"

namespace moescope {

// What every imported run says of where it comes from.
RunSpec importedSpec(const std::filesystem::path& file, const std::string& format, const ImportRequest& request);

// The gates of the model's MoE layers; nothing where no model was named. Throws what readModelConfig throws.
std::vector<MoeLayerInfo> gatesOfModel(const std::filesystem::path& model);

} // namespace moescope
