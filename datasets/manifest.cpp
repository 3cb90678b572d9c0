#include "datasets/manifest.h"

#include <nlohmann/json.hpp>

#include <fstream>
#include <set>

#include "datasets/sha256.h"
#include "engine/routing/error.h"

namespace fs = std::filesystem;

namespace moescope {
namespace {

ManifestEntry parseEntry(const nlohmann::json& value) {
    ManifestEntry entry;
    value.at("file").get_to(entry.file);
    value.at("domain").get_to(entry.domain);
    value.at("package").get_to(entry.package);
    value.at("version").get_to(entry.version);
    value.at("source").get_to(entry.source);
    value.at("licence").get_to(entry.licence);
    value.at("bytes").get_to(entry.bytes);
    value.at("sha256").get_to(entry.sha256);
    return entry;
}

void checkEntry(const fs::path& folder, const ManifestEntry& entry, std::vector<std::string>& problems) {
    const fs::path file = folder / entry.file;
    if (!fs::is_regular_file(file)) {
        problems.push_back(entry.file + ": missing");
    } else if (fs::file_size(file) != entry.bytes || sha256OfFile(file) != entry.sha256) {
        problems.push_back(entry.file + ": differs from its checksum in the manifest");
    }
    if (!fs::is_regular_file(folder / "licences" / (entry.licence + ".txt"))) {
        problems.push_back(entry.file + ": no text of its licence in licences/" + entry.licence + ".txt");
    }
}

void checkUnlisted(const fs::path& folder, const std::set<std::string>& listed, std::vector<std::string>& problems) {
    const fs::path texts = folder / "texts";
    if (!fs::is_directory(texts)) {
        return;
    }
    for (const fs::directory_entry& found : fs::recursive_directory_iterator(texts)) {
        const std::string name = found.path().lexically_relative(folder).generic_string();
        if (found.is_regular_file() && !listed.contains(name)) {
            problems.push_back(name + ": not in the manifest");
        }
    }
}

} // namespace

std::vector<ManifestEntry> readManifest(const fs::path& folder) {
    const fs::path path = folder / "MANIFEST.json";
    std::ifstream stream(path, std::ios::binary);
    if (!stream) {
        throw Error(ErrorCode::NotFound, path.string() + ": no manifest here; the bundled texts are incomplete");
    }
    try {
        const nlohmann::json root = nlohmann::json::parse(stream);
        std::vector<ManifestEntry> entries;
        for (const nlohmann::json& value : root.at("texts")) {
            entries.push_back(parseEntry(value));
        }
        return entries;
    } catch (const nlohmann::json::exception& error) {
        throw Error(ErrorCode::Corruption, path.string() + ": not a manifest: " + error.what());
    }
}

std::vector<std::string> verifyManifest(const fs::path& folder) {
    std::vector<std::string> problems;
    std::set<std::string> listed;
    for (const ManifestEntry& entry : readManifest(folder)) {
        checkEntry(folder, entry, problems);
        if (!listed.insert(entry.file).second) {
            problems.push_back(entry.file + ": listed twice");
        }
    }
    checkUnlisted(folder, listed, problems);
    return problems;
}

} // namespace moescope
