#include "engine/checkpoint/shard_index.h"

#include "engine/checkpoint/json_text.h"
#include "engine/checkpoint/mapped_file.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

// The index comes from strangers: it may name files beside itself only.
bool isPlainShardName(const std::string& name) {
    const std::filesystem::path path(name);
    return path.filename() == path && path.extension() == ".safetensors" && name.find('\0') == std::string::npos;
}

} // namespace

std::map<std::string, std::string> readShardIndex(const std::filesystem::path& indexFile) {
    const MappedFile map(indexFile);
    const auto bytes = map.bytes();
    const auto index = parseJson({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, indexFile.string());
    const auto found = index.is_object() ? index.find("weight_map") : index.end();
    if (!index.is_object() || found == index.end() || !found->is_object() || found->empty())
        throw Error(ErrorCode::Corruption, indexFile.string() + ": has no \"weight_map\"");
    std::map<std::string, std::string> shardOf;
    for (const auto& [name, shard] : found->items()) {
        if (!shard.is_string() || !isPlainShardName(shard.get<std::string>()))
            throw Error(ErrorCode::Corruption, indexFile.string() + ": tensor \"" + name + "\" is placed in " +
                                                   shard.dump() + ", which is not a .safetensors file name");
        shardOf.emplace(name, shard.get<std::string>());
    }
    return shardOf;
}

} // namespace moescope
