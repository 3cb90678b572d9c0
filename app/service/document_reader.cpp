#include "app/service/document_reader.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/routing/error.h"

namespace moescope {

namespace fs = std::filesystem;

std::vector<std::vector<std::int32_t>> readTokenIds(const fs::path& file, std::int32_t vocabulary) {
    std::ifstream in(file, std::ios::binary);
    if (!in)
        throw Error(ErrorCode::Io, fmt::format("{}: cannot be opened: {}", file.string(), std::strerror(errno)));
    const auto json = nlohmann::json::parse(in, nullptr, false);
    if (!json.is_array())
        throw Error(ErrorCode::Corruption, file.string() + ": expected a JSON array of arrays of token ids");
    std::vector<std::vector<std::int32_t>> documents;
    for (const auto& row : json) {
        if (!row.is_array())
            throw Error(ErrorCode::Corruption,
                        fmt::format("{}: element {} is not an array of token ids", file.string(), documents.size()));
        auto& ids = documents.emplace_back();
        for (const auto& id : row) {
            const bool valid =
                id.is_number_integer() && id.get<std::int64_t>() >= 0 && id.get<std::int64_t>() < vocabulary;
            if (!valid)
                throw Error(ErrorCode::InvalidArgument,
                            fmt::format("{}: document {}, token {}: {} is not an id of this model (0 to {})",
                                        file.string(), documents.size() - 1, ids.size(), id.dump(), vocabulary - 1));
            ids.push_back(id.get<std::int32_t>());
        }
    }
    return documents;
}

} // namespace moescope
