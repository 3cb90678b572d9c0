#include "app/service/sql_query.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "app/service/export_text.h"

namespace moescope {

namespace {

struct TextOf {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
    std::string operator()(double value) const { return fmt::format("{}", value); }
    std::string operator()(const std::string& text) const { return readableText(text); }
    std::string operator()(const SqlBlob& blob) const {
        constexpr std::size_t kShown = 32; // a block of routes is kilobytes
        std::string out = "X'";
        for (std::size_t i = 0; i < std::min(blob.size(), kShown); ++i) {
            out += fmt::format("{:02X}", unsigned(blob[i]));
        }
        return blob.size() > kShown ? out + fmt::format("…' ({} bytes)", blob.size()) : out + "'";
    }
};

} // namespace

SqlTable querySql(const std::filesystem::path& file, std::string_view sql, std::size_t limit, std::stop_token stop) {
    const auto begin = std::chrono::steady_clock::now();
    SqlTable table;
    SqlConsole console(file);
    const std::stop_callback interrupt(stop, [&console] { console.interrupt(); });
    console.run(
        sql, [&](const std::vector<std::string>& names) { table.columns = names; },
        [&](const std::vector<SqlValue>& values) {
            table.cut = table.rows.size() == limit;
            if (!table.cut) {
                table.rows.push_back(values);
            }
            return !table.cut;
        });
    table.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return table;
}

std::string sqlText(const SqlValue& value) {
    return std::visit(TextOf(), value);
}

} // namespace moescope
