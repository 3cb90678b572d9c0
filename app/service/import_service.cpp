#include "app/service/import_service.h"

#include "app/service/import/import_counts.h"
#include "app/service/import/import_dump.h"
#include "app/service/import/routing_counts.h"
#include "app/service/import/routing_dump.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

ImportFormat detect(const std::filesystem::path& file) {
    if (!std::filesystem::is_regular_file(file)) {
        throw Error(ErrorCode::NotFound, "there is no file '" + file.string() + "' to import");
    }
    if (isCountsCsv(file)) {
        return ImportFormat::Counts;
    }
    if (RoutingDump::isOne(file)) {
        return ImportFormat::Safetensors;
    }
    throw Error(ErrorCode::Unsupported, "'" + file.string() +
                                            "' is no routing trace known here; these are: CSV with the columns "
                                            "layer,expert,count or layer,expert,domain,count, and .safetensors with "
                                            "router_logits.I or topk_ids.I, and input_ids");
}

} // namespace

ImportFormat importFormatNamed(const std::string& name) {
    if (name == "auto") {
        return ImportFormat::Detect;
    }
    if (name == "counts") {
        return ImportFormat::Counts;
    }
    if (name == "safetensors") {
        return ImportFormat::Safetensors;
    }
    throw Error(ErrorCode::InvalidArgument, "--format: '" + name + "' is none of auto, counts, safetensors");
}

std::vector<ImportedRun> ImportService::import(const ImportRequest& request, ImportObserver& observer,
                                               std::stop_token stop) {
    if (request.files.empty()) {
        throw Error(ErrorCode::InvalidArgument, "no file to import was named");
    }
    if (request.files.size() > 1 && !request.name.empty()) {
        throw Error(ErrorCode::InvalidArgument, "--name names one run; import one file with it, or leave it out");
    }
    std::vector<ImportedRun> runs;
    for (const std::filesystem::path& file : request.files) {
        if (stop.stop_requested()) {
            throw Error(ErrorCode::Cancelled, "import stopped; what was imported before it stays");
        }
        const ImportFormat format = request.format == ImportFormat::Detect ? detect(file) : request.format;
        runs.push_back(format == ImportFormat::Counts ? importCounts(file, request, observer)
                                                      : importDump(file, request, observer, stop));
    }
    return runs;
}

} // namespace moescope
