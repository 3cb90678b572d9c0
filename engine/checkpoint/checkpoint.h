#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/checkpoint/dtype.h"
#include "engine/checkpoint/mapped_file.h"
#include "engine/checkpoint/safetensors_header.h"

namespace moescope {

// A tensor's bytes in the memory map: valid as long as its Checkpoint. The bytes need not be aligned.
struct TensorView {
    std::string_view name;
    DType dtype = DType::F32;
    std::span<const std::int64_t> shape;
    std::span<const std::byte> data;
    const MappedFile* file = nullptr; // where the bytes are

    std::int64_t elements() const;
};

// One safetensors file, mapped and checked.
class SafetensorsFile {
public:
    // Throws Error (NotFound, Io, Corruption) naming the file and the tensor.
    explicit SafetensorsFile(const std::filesystem::path& file);

    const std::filesystem::path& path() const { return m_map.path(); }
    const SafetensorsHeader& header() const { return m_header; }
    TensorView view(const TensorEntry& entry) const;
    // The tensor of that name. Throws Error(NotFound).
    TensorView tensor(std::string_view name) const;
    bool contains(std::string_view name) const;
    // The raw header with its length, for hashing.
    std::span<const std::byte> headerBytes() const;

private:
    MappedFile m_map;
    SafetensorsHeader m_header;
    std::unordered_map<std::string_view, const TensorEntry*> m_byName;
};

// The weights of a model folder in Hugging Face's layout: model.safetensors, or shards with an index. Mapped, not
// read. Const functions may be called from any thread.
class Checkpoint {
public:
    // Throws Error (NotFound, Io, Corruption, Unsupported) naming the file and the remedy.
    explicit Checkpoint(const std::filesystem::path& folder);

    const std::filesystem::path& folder() const { return m_folder; }
    bool contains(std::string_view name) const { return m_owner.contains(name); }
    // Throws Error(NotFound) naming the tensor and the folder.
    TensorView tensor(std::string_view name) const;
    // Every tensor, shard by shard in order of offset.
    std::vector<TensorView> tensors() const;
    const std::vector<std::unique_ptr<SafetensorsFile>>& files() const { return m_files; }
    std::size_t dataBytes() const;

private:
    void add(const std::filesystem::path& file);

    std::filesystem::path m_folder;
    std::vector<std::unique_ptr<SafetensorsFile>> m_files;
    std::unordered_map<std::string_view, const SafetensorsFile*> m_owner;
};

} // namespace moescope
