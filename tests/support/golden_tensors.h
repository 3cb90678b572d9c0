#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace moescope::test {

inline std::string goldenPath(const std::string& name) {
    return std::string(MOESCOPE_SOURCE_DIR) + "/tests/golden/" + name;
}

inline std::string readAll(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        throw std::runtime_error("cannot read " + path);
    }
    return {std::istreambuf_iterator<char>(in), {}};
}

inline nlohmann::json goldenJson(const std::string& name) {
    return nlohmann::json::parse(readAll(goldenPath(name)));
}

// The tensors of a small reference file, as a test wants them: independent of the product's own reader.
class GoldenTensors {
public:
    explicit GoldenTensors(const std::string& name) : m_bytes(readAll(goldenPath(name))) {
        std::uint64_t header = 0;
        std::memcpy(&header, m_bytes.data(), 8);
        m_header = nlohmann::json::parse(m_bytes.substr(8, header));
        m_data = 8 + header;
    }

    std::vector<std::int64_t> shape(const std::string& tensor) const { return m_header.at(tensor).at("shape"); }
    std::vector<float> f32(const std::string& tensor) const { return read<float>(tensor); }
    std::vector<std::int64_t> i64(const std::string& tensor) const { return read<std::int64_t>(tensor); }
    std::vector<std::uint8_t> bytes(const std::string& tensor) const { return read<std::uint8_t>(tensor); }

private:
    template <class T>
    std::vector<T> read(const std::string& tensor) const {
        const auto& range = m_header.at(tensor).at("data_offsets");
        const std::size_t begin = range[0];
        const std::size_t end = range[1];
        std::vector<T> values((end - begin) / sizeof(T));
        std::memcpy(values.data(), m_bytes.data() + m_data + begin, end - begin);
        return values;
    }

    std::string m_bytes;
    nlohmann::json m_header;
    std::size_t m_data = 0;
};

} // namespace moescope::test
