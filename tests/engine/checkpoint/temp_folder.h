#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace moescope {

// A folder that is gone when the test ends.
class TempFolder {
public:
    TempFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "moescope-test-XXXXXX").string();
        m_path = ::mkdtemp(pattern.data());
    }
    ~TempFolder() { std::filesystem::remove_all(m_path); }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    std::filesystem::path operator/(const std::string& name) const { return m_path / name; }
    void write(const std::string& name, const std::string& bytes) const {
        std::ofstream(m_path / name, std::ios::binary) << bytes;
    }

private:
    std::filesystem::path m_path;
};

// A safetensors file's bytes with an arbitrary header.
inline std::string safetensorsBytes(const std::string& header, std::size_t dataBytes) {
    std::string bytes(8, '\0');
    for (int i = 0; i < 8; ++i)
        bytes[std::size_t(i)] = char(header.size() >> (8 * i));
    return bytes + header + std::string(dataBytes, '\0');
}

} // namespace moescope
