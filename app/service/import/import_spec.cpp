#include "app/service/import/import_spec.h"

#include "app/service/record_setup.h"
#include "app/service/version.h"
#include "datasets/sha256.h"

namespace moescope {

namespace {

// "olmoe.top8.csv" is the run "olmoe.top8".
std::string nameOf(const std::filesystem::path& file) {
    const std::string stem = file.stem().string();
    return stem.empty() ? "import" : stem;
}

} // namespace

RunSpec importedSpec(const std::filesystem::path& file, const std::string& format, const ImportRequest& request) {
    RunSpec spec;
    spec.name = request.name.empty() ? nameOf(file) : request.name;
    spec.model = request.model.empty() ? "unknown" : folderName(request.model.string());
    spec.family = "imported";
    spec.text = false;
    spec.nll = false;
    spec.logits = LogitStorage::None;
    spec.provenance = {{"imported from", file.string()},
                       {"format", format},
                       {"input hash", sha256OfFile(file)},
                       {"moescope", std::string(programVersion())}};
    if (!request.model.empty()) {
        spec.provenance.emplace_back("model path", request.model.string());
    }
    if (!request.commandLine.empty()) {
        spec.provenance.emplace_back("command line", request.commandLine);
    }
    return spec;
}

std::vector<MoeLayerInfo> gatesOfModel(const std::filesystem::path& model) {
    return model.empty() ? std::vector<MoeLayerInfo>() : readModelConfig(model).moeLayers;
}

} // namespace moescope
