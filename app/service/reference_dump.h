#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/checkpoint/checkpoint.h"

namespace moescope {

// A reference implementation's results, read with their types and sizes checked.
class ReferenceDump {
public:
    explicit ReferenceDump(const std::filesystem::path& file);

    std::int64_t batch() const { return m_batch; }
    std::int64_t length() const { return m_length; }
    const std::vector<std::int64_t>& inputIds() const { return m_inputIds; }

    bool contains(const std::string& name) const { return m_file.contains(name); }
    // Throws Error(Corruption) unless the tensor is F32 (I64) with this many elements.
    std::vector<float> floats(const std::string& name, std::size_t elements) const;
    std::vector<std::int64_t> integers(const std::string& name, std::size_t elements) const;
    std::vector<std::uint8_t> flags(const std::string& name, std::size_t elements) const; // BOOL
    std::int64_t lastDimension(const std::string& name) const;

private:
    template <class T>
    std::vector<T> read(const std::string& name, DType dtype, std::optional<std::size_t> elements) const;

    SafetensorsFile m_file;
    std::vector<std::int64_t> m_inputIds;
    std::int64_t m_batch = 0;
    std::int64_t m_length = 0;
};

} // namespace moescope
