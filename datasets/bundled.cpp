#include "datasets/bundled.h"

#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

#include "engine/routing/error.h"

namespace fs = std::filesystem;

namespace moescope {

fs::path findBundledData(std::span<const fs::path> candidates) {
    std::string looked;
    for (const fs::path& candidate : candidates) {
        std::error_code error;
        if (fs::is_regular_file(candidate / "MANIFEST.json", error)) {
            return candidate;
        }
        looked += (looked.empty() ? "" : ", ") + candidate.string();
    }
    throw Error(ErrorCode::NotFound, "the bundled data is not found (looked in " + looked +
                                         "); set MOESCOPE_DATA to the datasets folder of MoEScope");
}

fs::path bundledData() {
    std::vector<fs::path> candidates;
    if (const char* named = std::getenv("MOESCOPE_DATA"); named != nullptr && *named != '\0') {
        candidates.emplace_back(named);
    }
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (!error) {
        candidates.push_back(program.parent_path().parent_path() / "share/moescope/datasets");
    }
    candidates.emplace_back(MOESCOPE_DATASETS_DIR);
    return findBundledData(candidates);
}

fs::path bundledTexts() {
    return bundledData() / "texts";
}

fs::path bundledModel(std::string_view name) {
    fs::path folder = bundledData() / "models" / name;
    if (!fs::is_directory(folder)) {
        throw Error(ErrorCode::NotFound, folder.string() + ": there is no bundled model of this name");
    }
    return folder;
}

} // namespace moescope
