#include "app/service/sql_report.h"

#include <iterator>

#include <fmt/format.h>

#include "app/service/export_text.h"

namespace moescope {

namespace {

void appendText(const std::string& bytes, std::string& line) {
    const std::string text = readableText(bytes);
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
        line += text;
        return;
    }
    line += '"';
    for (const char c : text)
        line += c == '"' ? std::string("\"\"") : std::string(1, c);
    line += '"';
}

struct AppendValue {
    std::string& line;

    void operator()(std::monostate) const {}
    void operator()(std::int64_t value) const { fmt::format_to(std::back_inserter(line), "{}", value); }
    void operator()(double value) const { fmt::format_to(std::back_inserter(line), "{}", value); }
    void operator()(const std::string& text) const { appendText(text, line); }
    void operator()(const SqlBlob& blob) const {
        line += "X'";
        for (const std::byte byte : blob)
            fmt::format_to(std::back_inserter(line), "{:02X}", unsigned(byte));
        line += '\'';
    }
};

} // namespace

void appendCsvLine(const std::vector<SqlValue>& values, std::string& line) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0)
            line += ',';
        std::visit(AppendValue{line}, values[i]);
    }
    line += '\n';
}

void appendCsvLine(const std::vector<std::string>& names, std::string& line) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0)
            line += ',';
        appendText(names[i], line);
    }
    line += '\n';
}

} // namespace moescope
