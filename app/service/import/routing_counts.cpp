#include "app/service/import/routing_counts.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <numeric>
#include <optional>

#include "engine/routing/error.h"

namespace moescope {

namespace {

constexpr std::size_t kLongestLine = 64 * 1024;
constexpr std::int64_t kMostLayers = 4096;
constexpr std::int64_t kMostExperts = 65535;             // ids are 16 bits wide, one of them says "none"
constexpr std::int64_t kLargest = std::int64_t(1) << 53; // exact in every figure derived from it
constexpr std::size_t kMostDomains = 4096;

// The cells of an RFC 4180 line; nothing where quotes do not match.
std::optional<std::vector<std::string>> cellsOf(const std::string& line) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
            cells.back() += line[++i];
        } else if (c == '"' && (quoted || cells.back().empty())) {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            cells.emplace_back();
        } else {
            cells.back() += c;
        }
    }
    return quoted ? std::nullopt : std::optional(std::move(cells));
}

void trim(std::string& line) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) {
        line.pop_back();
    }
}

// Where the columns are; -1: there is none.
struct Columns {
    int layer = -1, expert = -1, domain = -1, count = -1;
    bool complete() const { return layer >= 0 && expert >= 0 && count >= 0; }
};

Columns columnsOf(std::string header) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (header.starts_with(kByteOrderMark)) {
        header.erase(0, kByteOrderMark.size());
    }
    trim(header);
    Columns columns;
    const auto cells = cellsOf(header).value_or(std::vector<std::string>());
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string& name = cells[i];
        int* column = name == "layer" || name == "layer_id"     ? &columns.layer
                      : name == "expert" || name == "expert_id" ? &columns.expert
                      : name == "domain"                        ? &columns.domain
                      : name == "count"                         ? &columns.count
                                                                : nullptr;
        if (column != nullptr) {
            *column = int(i);
        }
    }
    return columns;
}

// Reads line by line and says where it stands when something is wrong.
class CountsReader {
public:
    explicit CountsReader(const std::filesystem::path& file) : m_file(file.string()), m_stream(file) {
        if (!m_stream) {
            throw Error(ErrorCode::NotFound, "'" + m_file + "' cannot be read; check the name and its permissions");
        }
    }

    RoutingCounts read() {
        if (!next()) {
            fail("is empty; the first line must name its columns: layer,expert,count or layer,expert,domain,count");
        }
        m_columns = columnsOf(m_line);
        if (!m_columns.complete()) {
            fail("names no columns layer, expert and count; counts come as layer,expert,count or "
                 "layer,expert,domain,count");
        }
        while (next()) {
            if (!m_line.empty()) {
                add();
            }
        }
        if (m_counts.rows == 0) {
            fail("holds no counts below its header");
        }
        return std::move(m_counts);
    }

private:
    bool next() {
        if (!std::getline(m_stream, m_line)) {
            return false;
        }
        ++m_number;
        if (m_line.size() > kLongestLine) {
            fail("is too long for a row of counts; is this a CSV file?");
        }
        trim(m_line);
        return true;
    }

    void add() {
        const auto cells = cellsOf(m_line);
        if (!cells) {
            fail("has a quote that is not closed");
        }
        const auto layer = number(*cells, m_columns.layer, "layer", kMostLayers - 1);
        const auto expert = number(*cells, m_columns.expert, "expert", kMostExperts - 1);
        const auto count = number(*cells, m_columns.count, "count", kLargest);
        const std::size_t domain = domainOf(m_columns.domain < 0 ? "all" : cell(*cells, m_columns.domain, "domain"));
        auto& domains = m_counts.layers[std::int32_t(layer)];
        domains.resize(std::max(domains.size(), domain + 1));
        auto& row = domains[domain];
        row.resize(std::max(row.size(), std::size_t(expert) + 1));
        if (row[std::size_t(expert)] > kLargest - count) {
            fail("makes a sum too large to count with");
        }
        row[std::size_t(expert)] += count;
        m_counts.experts = std::max(m_counts.experts, std::int32_t(expert) + 1);
        ++m_counts.rows;
    }

    const std::string& cell(const std::vector<std::string>& cells, int column, const char* name) {
        if (std::size_t(column) >= cells.size()) {
            fail(std::string("has no cell for ") + name);
        }
        return cells[std::size_t(column)];
    }

    std::int64_t number(const std::vector<std::string>& cells, int column, const char* name, std::int64_t largest) {
        const std::string& text = cell(cells, column, name);
        std::int64_t value = -1;
        const auto end = text.data() + text.size();
        if (std::from_chars(text.data(), end, value).ptr != end || text.empty() || value < 0 || value > largest) {
            fail(std::string(name) + " is '" + text.substr(0, 40) + "'; it must be a whole number from 0 to " +
                 std::to_string(largest));
        }
        return value;
    }

    std::size_t domainOf(const std::string& name) {
        const auto at = std::find(m_counts.domains.begin(), m_counts.domains.end(), name);
        if (at != m_counts.domains.end()) {
            return std::size_t(at - m_counts.domains.begin());
        }
        if (m_counts.domains.size() == kMostDomains) {
            fail("brings more than " + std::to_string(kMostDomains) + " domains");
        }
        m_counts.domains.push_back(name);
        return m_counts.domains.size() - 1;
    }

    [[noreturn]] void fail(const std::string& what) const {
        throw Error(ErrorCode::Corruption,
                    m_file + ", line " + std::to_string(std::max<std::int64_t>(1, m_number)) + ": " + what);
    }

    std::string m_file;
    std::ifstream m_stream;
    std::string m_line;
    std::int64_t m_number = 0;
    Columns m_columns;
    RoutingCounts m_counts;
};

} // namespace

std::int64_t RoutingCounts::count(std::int32_t layer, std::size_t domain, std::int32_t expert) const {
    const auto& byDomain = layers.at(layer);
    return domain < byDomain.size() && std::size_t(expert) < byDomain[domain].size()
               ? byDomain[domain][std::size_t(expert)]
               : 0;
}

std::int64_t RoutingCounts::total(std::int32_t layer, std::size_t domain) const {
    const auto& byDomain = layers.at(layer);
    return domain < byDomain.size() ? std::accumulate(byDomain[domain].begin(), byDomain[domain].end(), std::int64_t(0))
                                    : 0;
}

bool isCountsCsv(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::string line(1024, '\0');
    stream.read(line.data(), std::streamsize(line.size()));
    line.resize(std::size_t(stream.gcount()));
    return columnsOf(line.substr(0, line.find('\n'))).complete();
}

RoutingCounts readCountsCsv(const std::filesystem::path& file) {
    return CountsReader(file).read();
}

} // namespace moescope
