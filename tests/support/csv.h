#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace moescope::test {

// A CSV by RFC 4180, read strictly: CRLF, quotes doubled within quotes, the same number of cells in every row.
struct Csv {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;

    std::size_t column(std::string_view name) const {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (columns[i] == name) {
                return i;
            }
        }
        throw std::runtime_error("no column " + std::string(name));
    }
    const std::string& at(std::size_t row, std::string_view name) const { return rows.at(row)[column(name)]; }
    long long integer(std::size_t row, std::string_view name) const { return std::stoll(at(row, name)); }
    double number(std::size_t row, std::string_view name) const { return std::stod(at(row, name)); }
};

inline Csv parseCsv(std::string_view text) {
    std::vector<std::vector<std::string>> rows;
    while (!text.empty()) {
        rows.emplace_back();
        for (bool more = true; more;) {
            std::string cell;
            if (text.starts_with('"')) {
                text.remove_prefix(1);
                for (; !text.starts_with('"') || text.starts_with("\"\""); text.remove_prefix(1)) {
                    if (text.empty()) {
                        throw std::runtime_error("a quoted cell does not end");
                    }
                    cell += text[0];
                    text.remove_prefix(text.starts_with("\"\"") ? 1 : 0);
                }
                text.remove_prefix(1);
            } else {
                const std::size_t end = text.find_first_of(",\r\n\"");
                cell = text.substr(0, end);
                text.remove_prefix(end);
            }
            rows.back().push_back(cell);
            more = text.starts_with(',');
            if (!more && !text.starts_with("\r\n")) {
                throw std::runtime_error("a row does not end after '" + cell + "'");
            }
            text.remove_prefix(more ? 1 : 2);
        }
        if (rows.back().size() != rows.front().size()) {
            throw std::runtime_error("rows differ in length");
        }
    }
    Csv csv;
    csv.columns = rows.at(0);
    csv.rows.assign(rows.begin() + 1, rows.end());
    return csv;
}

} // namespace moescope::test
