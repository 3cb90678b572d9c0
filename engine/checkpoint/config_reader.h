#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace moescope {

// Typed, range-checked access to a configuration object. Every Error names the file and the key. A key that holds
// null counts as absent.
class ConfigReader {
public:
    ConfigReader(const nlohmann::json& object, std::string where);

    bool has(const char* key) const { return find(key) != nullptr; }
    std::int32_t size(const char* key, std::int64_t largest) const; // required, 1 .. largest
    std::int32_t size(const char* key, std::int64_t largest, std::int32_t otherwise) const;
    std::int64_t integer(const char* key, std::int64_t least, std::int64_t largest, std::int64_t otherwise) const;
    double positive(const char* key, double otherwise) const;
    std::optional<double> number(const char* key) const;
    bool flag(const char* key, bool otherwise) const;
    std::string text(const char* key, const std::string& otherwise) const;
    std::vector<double> numbers(const char* key) const;    // empty: absent
    std::vector<std::string> texts(const char* key) const; // empty: absent
    std::vector<std::string> keys() const;
    std::vector<std::string> unaskedKeys() const; // of those, the ones that nothing above was ever asked for
    std::vector<std::int32_t> tokenIds(const char* key) const; // an integer or a list of them
    std::optional<ConfigReader> object(const char* key) const; // a nested object

    [[noreturn]] void reject(const char* key, const std::string& why) const;
    [[noreturn]] void unsupported(const std::string& what) const;
    const std::string& where() const { return m_where; }

private:
    const nlohmann::json* find(const char* key) const;

    const nlohmann::json* m_object;
    std::string m_where;
    std::shared_ptr<std::set<std::string>> m_asked; // shared with copies
};

} // namespace moescope
