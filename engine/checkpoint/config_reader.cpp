#include "engine/checkpoint/config_reader.h"

#include <cmath>
#include <utility>

#include "engine/routing/error.h"

namespace moescope {

using nlohmann::json;

ConfigReader::ConfigReader(const json& object, std::string where)
    : m_object(&object), m_where(std::move(where)), m_asked(std::make_shared<std::set<std::string>>()) {
    if (!object.is_object())
        throw Error(ErrorCode::Corruption, m_where + ": is not a JSON object");
}

const json* ConfigReader::find(const char* key) const {
    m_asked->insert(key);
    const auto found = m_object->find(key);
    return found == m_object->end() || found->is_null() ? nullptr : &*found;
}

void ConfigReader::reject(const char* key, const std::string& why) const {
    throw Error(ErrorCode::InvalidArgument, m_where + ": \"" + key + "\" " + why);
}

void ConfigReader::unsupported(const std::string& what) const {
    throw Error(ErrorCode::Unsupported, m_where + ": " + what);
}

std::int64_t ConfigReader::integer(const char* key, std::int64_t least, std::int64_t largest,
                                   std::int64_t otherwise) const {
    const json* value = find(key);
    if (value == nullptr)
        return otherwise;
    const bool fits = value->is_number_integer() &&
                      !(value->is_number_unsigned() && value->get<std::uint64_t>() > std::uint64_t(INT64_MAX));
    if (!fits || value->get<std::int64_t>() < least || value->get<std::int64_t>() > largest)
        reject(key, "is " + value->dump() + "; it must be an integer from " + std::to_string(least) + " to " +
                        std::to_string(largest));
    return value->get<std::int64_t>();
}

std::int32_t ConfigReader::size(const char* key, std::int64_t largest, std::int32_t otherwise) const {
    return std::int32_t(integer(key, 1, largest, otherwise));
}

std::int32_t ConfigReader::size(const char* key, std::int64_t largest) const {
    if (!has(key))
        reject(key, "is missing");
    return size(key, largest, 0);
}

std::optional<double> ConfigReader::number(const char* key) const {
    const json* value = find(key);
    if (value == nullptr)
        return std::nullopt;
    if (!value->is_number() || !std::isfinite(value->get<double>()))
        reject(key, "is not a number");
    return value->get<double>();
}

double ConfigReader::positive(const char* key, double otherwise) const {
    const double value = number(key).value_or(otherwise);
    if (!(value > 0))
        reject(key, "must be above zero");
    return value;
}

bool ConfigReader::flag(const char* key, bool otherwise) const {
    const json* value = find(key);
    if (value != nullptr && !value->is_boolean())
        reject(key, "must be true or false");
    return value == nullptr ? otherwise : value->get<bool>();
}

std::string ConfigReader::text(const char* key, const std::string& otherwise) const {
    const json* value = find(key);
    if (value != nullptr && !value->is_string())
        reject(key, "must be a string");
    return value == nullptr ? otherwise : value->get<std::string>();
}

std::vector<double> ConfigReader::numbers(const char* key) const {
    const json* value = find(key);
    std::vector<double> list;
    if (value == nullptr)
        return list;
    if (!value->is_array())
        reject(key, "must be a list of numbers");
    for (const json& item : *value) {
        if (!item.is_number())
            reject(key, "must be a list of numbers");
        list.push_back(item.get<double>());
    }
    return list;
}

std::vector<std::string> ConfigReader::texts(const char* key) const {
    const json* value = find(key);
    std::vector<std::string> list;
    if (value == nullptr)
        return list;
    if (!value->is_array())
        reject(key, "must be a list of strings");
    for (const json& item : *value) {
        if (!item.is_string())
            reject(key, "must be a list of strings");
        list.push_back(item.get<std::string>());
    }
    return list;
}

std::vector<std::string> ConfigReader::keys() const {
    std::vector<std::string> names;
    for (const auto& [key, value] : m_object->items())
        names.push_back(key);
    return names;
}

std::vector<std::string> ConfigReader::unaskedKeys() const {
    std::vector<std::string> names;
    for (const std::string& key : keys())
        if (!m_asked->contains(key) && !(*m_object)[key].is_null())
            names.push_back(key);
    return names;
}

std::vector<std::int32_t> ConfigReader::tokenIds(const char* key) const {
    const json* value = find(key);
    std::vector<std::int32_t> ids;
    if (value == nullptr)
        return ids;
    for (const json& item : value->is_array() ? *value : json::array({*value})) {
        if (!item.is_number_integer() || item.get<std::int64_t>() < 0 || item.get<std::int64_t>() > INT32_MAX)
            reject(key, "must be a token id or a list of them");
        ids.push_back(item.get<std::int32_t>());
    }
    return ids;
}

std::optional<ConfigReader> ConfigReader::object(const char* key) const {
    const json* value = find(key);
    if (value == nullptr)
        return std::nullopt;
    return ConfigReader(*value, m_where + ": \"" + key + "\"");
}

} // namespace moescope
