#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace moescope {

// A value inside a tokenizer's file that knows where it stands, so that whatever is wrong with it can be told in one
// line. A view: the document outlives it. JSON's null counts as absent.
class JsonNode {
public:
    JsonNode(const nlohmann::json& value, std::string file, std::string place = {}, int depth = 0);

    std::optional<JsonNode> find(std::string_view key) const;
    JsonNode at(std::string_view key) const;                    // throws where the key is missing
    std::vector<JsonNode> elements() const;                     // of an array
    std::vector<JsonNode> elements(std::string_view key) const; // of the array under a key; none where it is missing

    const std::string& text() const;
    std::int32_t id() const; // a whole number from 0 to 2^31 - 1
    std::string textOr(std::string_view key, std::string_view otherwise) const;
    bool flagOr(std::string_view key, bool otherwise) const;
    std::string type() const; // the text under "type"

    const nlohmann::json& raw() const { return *m_value; }

    [[noreturn]] void corrupt(const std::string& what) const;
    [[noreturn]] void unsupported(const std::string& what) const;

private:
    std::string located(const std::string& what) const;

    const nlohmann::json* m_value;
    std::string m_file;
    std::string m_place;
    int m_depth;
};

} // namespace moescope
