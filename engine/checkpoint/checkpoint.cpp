#include "engine/checkpoint/checkpoint.h"

#include <algorithm>
#include <set>

#include "engine/checkpoint/shard_index.h"
#include "engine/routing/error.h"

namespace moescope {

namespace fs = std::filesystem;

std::int64_t TensorView::elements() const {
    std::int64_t count = 1;
    for (const std::int64_t size : shape)
        count *= size;
    return count;
}

SafetensorsFile::SafetensorsFile(const fs::path& file)
    : m_map(file), m_header(parseSafetensorsHeader(m_map.bytes(), file.string())) {
    for (const TensorEntry& entry : m_header.tensors)
        m_byName.emplace(entry.name, &entry);
}

TensorView SafetensorsFile::view(const TensorEntry& entry) const {
    return {entry.name, entry.dtype, entry.shape, m_map.bytes().subspan(entry.begin, entry.end - entry.begin), &m_map};
}

bool SafetensorsFile::contains(std::string_view name) const {
    return m_byName.contains(name);
}

TensorView SafetensorsFile::tensor(std::string_view name) const {
    const auto found = m_byName.find(name);
    if (found == m_byName.end())
        throw Error(ErrorCode::NotFound, path().string() + ": holds no tensor \"" + std::string(name) + "\"");
    return view(*found->second);
}

std::span<const std::byte> SafetensorsFile::headerBytes() const {
    // Data begins where the first tensor does; a file without tensors is all header.
    const std::size_t end = m_header.tensors.empty() ? m_map.bytes().size() : m_header.tensors.front().begin;
    return m_map.bytes().first(end);
}

namespace {

fs::path requireFolder(const fs::path& folder) {
    std::error_code error;
    if (!fs::exists(folder, error))
        throw Error(ErrorCode::NotFound, folder.string() + ": does not exist; give a model folder");
    if (!fs::is_directory(folder, error))
        throw Error(ErrorCode::InvalidArgument,
                    folder.string() + ": is not a folder; give the folder that holds config.json");
    return folder;
}

[[noreturn]] void reportNoWeights(const fs::path& folder) {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".bin" || entry.path().extension() == ".pth")
            throw Error(ErrorCode::Unsupported, entry.path().string() +
                                                    ": pickled weights are not read, since loading them runs code; "
                                                    "convert the model to safetensors (save_pretrained with "
                                                    "safe_serialization=True)");
    throw Error(ErrorCode::NotFound, folder.string() + ": holds neither model.safetensors nor "
                                                       "model.safetensors.index.json");
}

} // namespace

Checkpoint::Checkpoint(const fs::path& folder) : m_folder(requireFolder(folder)) {
    const fs::path index = folder / "model.safetensors.index.json";
    if (fs::exists(folder / "model.safetensors")) {
        add(folder / "model.safetensors");
        return;
    }
    if (!fs::exists(index))
        reportNoWeights(folder);
    const auto shardOf = readShardIndex(index);
    std::set<std::string> shards;
    for (const auto& [name, shard] : shardOf)
        shards.insert(shard);
    for (const std::string& shard : shards)
        add(folder / shard);
    for (const auto& [name, shard] : shardOf)
        if (!contains(name))
            throw Error(ErrorCode::Corruption,
                        (folder / shard).string() + ": lacks tensor \"" + name + "\", which the index places there");
}

void Checkpoint::add(const fs::path& file) {
    m_files.push_back(std::make_unique<SafetensorsFile>(file));
    for (const TensorEntry& entry : m_files.back()->header().tensors)
        if (!m_owner.emplace(entry.name, m_files.back().get()).second)
            throw Error(ErrorCode::Corruption,
                        file.string() + ": tensor \"" + entry.name + "\" is also in another shard");
}

TensorView Checkpoint::tensor(std::string_view name) const {
    const auto found = m_owner.find(name);
    if (found == m_owner.end())
        throw Error(ErrorCode::NotFound, m_folder.string() + ": the weights lack tensor \"" + std::string(name) +
                                             "\", which config.json asks for");
    return found->second->tensor(name);
}

std::vector<TensorView> Checkpoint::tensors() const {
    std::vector<TensorView> views;
    for (const auto& file : m_files)
        for (const TensorEntry& entry : file->header().tensors)
            views.push_back(file->view(entry));
    return views;
}

std::size_t Checkpoint::dataBytes() const {
    std::size_t bytes = 0;
    for (const auto& file : m_files)
        for (const TensorEntry& entry : file->header().tensors)
            bytes += entry.end - entry.begin;
    return bytes;
}

} // namespace moescope
