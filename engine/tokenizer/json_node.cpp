#include "engine/tokenizer/json_node.h"

#include <limits>
#include <utility>

#include "engine/routing/error.h"
#include "engine/tokenizer/text_input.h"

namespace moescope {

namespace {

constexpr int kDeepest = 100; // levels; real files have less than ten

}

JsonNode::JsonNode(const nlohmann::json& value, std::string file, std::string place, int depth)
    : m_value(&value), m_file(std::move(file)), m_place(std::move(place)), m_depth(depth) {
    if (m_depth > kDeepest) {
        corrupt("nested too deeply");
    }
}

std::optional<JsonNode> JsonNode::find(std::string_view key) const {
    if (!m_value->is_object()) {
        corrupt("an object was expected");
    }
    const auto found = m_value->find(std::string(key));
    if (found == m_value->end() || found->is_null()) {
        return std::nullopt;
    }
    return JsonNode(*found, m_file, m_place.empty() ? std::string(key) : m_place + "." + std::string(key), m_depth + 1);
}

JsonNode JsonNode::at(std::string_view key) const {
    auto node = find(key);
    if (!node) {
        corrupt("'" + std::string(key) + "' is missing");
    }
    return *std::move(node);
}

std::vector<JsonNode> JsonNode::elements() const {
    if (!m_value->is_array()) {
        corrupt("a list was expected");
    }
    std::vector<JsonNode> nodes;
    nodes.reserve(m_value->size());
    for (std::size_t i = 0; i < m_value->size(); ++i) {
        nodes.emplace_back((*m_value)[i], m_file, m_place + "[" + std::to_string(i) + "]", m_depth + 1);
    }
    return nodes;
}

std::vector<JsonNode> JsonNode::elements(std::string_view key) const {
    const auto node = find(key);
    return node ? node->elements() : std::vector<JsonNode>{};
}

const std::string& JsonNode::text() const {
    if (!m_value->is_string()) {
        corrupt("text was expected");
    }
    return m_value->get_ref<const std::string&>();
}

std::int32_t JsonNode::id() const {
    if (!m_value->is_number_unsigned() ||
        m_value->get<std::uint64_t>() >= std::uint64_t(std::numeric_limits<std::int32_t>::max())) {
        corrupt("a token id (a whole number from 0 to 2147483646) was expected");
    }
    return m_value->get<std::int32_t>();
}

std::string JsonNode::textOr(std::string_view key, std::string_view otherwise) const {
    const auto node = find(key);
    return node ? node->text() : std::string(otherwise);
}

bool JsonNode::flagOr(std::string_view key, bool otherwise) const {
    const auto node = find(key);
    if (!node) {
        return otherwise;
    }
    if (!node->raw().is_boolean()) {
        node->corrupt("true or false was expected");
    }
    return node->raw().get<bool>();
}

std::string JsonNode::type() const {
    return at("type").text();
}

std::string JsonNode::located(const std::string& what) const {
    return m_file + ": " + (m_place.empty() ? "" : "at " + printable(m_place) + ": ") + printable(what, 500);
}

void JsonNode::corrupt(const std::string& what) const {
    throw Error(ErrorCode::Corruption, located(what) + "; the file is damaged or not a tokenizer.json, get it again");
}

void JsonNode::unsupported(const std::string& what) const {
    throw Error(ErrorCode::Unsupported, located(what));
}

} // namespace moescope
