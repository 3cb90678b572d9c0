#include "app/service/token_ids.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/service/tokenize_service.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

std::int32_t idOf(const nlohmann::json& id, std::int32_t vocabulary, const std::string& where) {
    const bool whole = id.is_number_integer() && !(id.is_number_unsigned() && id.get<std::uint64_t>() > INT32_MAX);
    if (!whole || id.get<std::int64_t>() < 0 || id.get<std::int64_t>() >= vocabulary)
        throw Error(ErrorCode::InvalidArgument,
                    fmt::format("{}: {} is not an id of this model (0 to {})", where, id.dump(), vocabulary - 1));
    return id.get<std::int32_t>();
}

} // namespace

std::vector<std::vector<std::int32_t>> readTokenIds(const std::filesystem::path& file, std::int32_t vocabulary) {
    const auto json = nlohmann::json::parse(readWhole(file.string()), nullptr, false);
    if (!json.is_array())
        throw Error(ErrorCode::Corruption, file.string() + ": expected a JSON array of arrays of token ids");
    std::vector<std::vector<std::int32_t>> documents;
    for (const auto& row : json) {
        if (!row.is_array())
            throw Error(ErrorCode::Corruption,
                        fmt::format("{}: element {} is not an array of token ids", file.string(), documents.size()));
        auto& ids = documents.emplace_back();
        for (const auto& id : row)
            ids.push_back(
                idOf(id, vocabulary,
                     fmt::format("{}: document {}, token {}", file.string(), documents.size() - 1, ids.size())));
    }
    return documents;
}

} // namespace moescope
