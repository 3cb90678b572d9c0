#pragma once

#include <cstdio>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "db/recording_reader.h"
#include "db/sql_console.h"
#include "db/summary_book.h"

namespace moescope::test {

inline std::string printed(const SqlValue& value) {
    char number[40];
    if (const auto* i = std::get_if<std::int64_t>(&value)) {
        return std::to_string(*i);
    }
    if (const auto* d = std::get_if<double>(&value)) {
        std::snprintf(number, sizeof number, "%.17g", *d);
        return number;
    }
    if (const auto* s = std::get_if<std::string>(&value)) {
        return *s;
    }
    if (const auto* b = std::get_if<SqlBlob>(&value)) {
        return std::string(reinterpret_cast<const char*>(b->data()), b->size());
    }
    return "NULL";
}

inline std::string query(const std::filesystem::path& file, const std::string& sql) {
    SqlConsole console(file);
    std::string out;
    console.run(sql, {}, [&](const std::vector<SqlValue>& row) {
        for (const SqlValue& value : row) {
            out += printed(value) + "|";
        }
        out += "\n";
        return true;
    });
    return out;
}

template <class T>
void appendBytes(std::string& out, std::span<const T> values) {
    out.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

// Everything a reader can see of a recording's runs, but the time they were made, as bytes to compare.
inline std::string dump(const std::filesystem::path& file) {
    sqlite::RecordingReader reader(file);
    std::string out;
    for (const RunInfo& run : reader.runs()) {
        out += run.spec.name + " " + std::to_string(run.tokens) + "\n";
        for (const TokenRecord& t : reader.tokens(run, 0, run.tokens)) {
            out += std::to_string(t.tokenId) + " " + t.text + " " + std::to_string(int(t.phase));
            appendBytes<float>(out, std::span(&t.nll, 1));
        }
        std::map<LayerId, std::vector<std::string>> columns;
        reader.eachRouting(run, {}, true, [&](const RoutingBlock& block) {
            auto& c = columns[block.layer];
            c.resize(3);
            appendBytes<std::uint16_t>(c[0], block.ids);
            appendBytes<float>(c[1], block.weights);
            appendBytes<float>(c[2], block.logits);
        });
        for (const auto& [layer, values] : columns) {
            out += values[0] + values[1] + values[2];
        }
        for (const LayerSummary& sums : reader.summaries(run, {})) {
            const auto bytes = sqlite::encodeSummary(sums);
            appendBytes<std::byte>(out, bytes);
            appendBytes<std::int64_t>(out, sums.byDomain);
        }
    }
    return out;
}

} // namespace moescope::test
