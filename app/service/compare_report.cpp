#include "app/service/compare_report.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/service/json_number.h"

namespace moescope {

namespace {

using Json = nlohmann::ordered_json;

Json numbers(const std::vector<double>& values) {
    Json list = Json::array();
    for (double value : values) {
        list.push_back(jsonNumber(value));
    }
    return list;
}

// Value, and where there is an interval half its width.
std::string valueText(const CompareRow& row) {
    std::string text = std::isnan(row.value) ? "-" : fmt::format("{:.4g}", row.value);
    if (!std::isnan(row.low)) {
        text += fmt::format(" +-{:.2g}", (row.high - row.low) / 2);
    }
    return text + (row.significant ? " *" : "") + (row.note.empty() ? "" : " !");
}

std::string lineName(const CompareRow& row) {
    return row.domain.empty() ? row.metric : row.metric + " " + row.domain;
}

Json runJson(const CompareResult& result, std::size_t index) {
    const ComparedRun& run = result.runs[index];
    const auto differences = shareDifferences(result, index);
    Json layers = Json::array();
    for (std::size_t l = 0; l < run.layers.size(); ++l) {
        const ComparedLayer& layer = run.layers[l];
        layers.push_back({{"layer", layer.layer.value},
                          {"experts", layer.experts},
                          {"choices", layer.choices},
                          {"share", numbers(layer.share)},
                          {"share_difference", differences.empty() ? Json(nullptr) : numbers(differences[l])},
                          {"dropped", numbers(layer.dropped)}});
    }
    return {{"run", run.info.spec.name},
            {"tokens", run.info.tokens},
            {"same_tokens", run.sameTokens},
            {"same_experts", run.sameExperts},
            {"sees_later_tokens", run.seesLaterTokens},
            {"layers", std::move(layers)}};
}

Json rowJson(const CompareResult& result, const CompareRow& row) {
    return {{"run", result.runs[row.run].info.spec.name},
            {"metric", row.metric},
            {"layer", row.layer ? Json(row.layer->value) : Json(nullptr)},
            {"domain", row.domain.empty() ? Json(nullptr) : Json(row.domain)},
            {"value", jsonNumber(row.value)},
            {"low", jsonNumber(row.low)},
            {"high", jsonNumber(row.high)},
            {"difference", jsonNumber(row.difference)},
            {"difference_low", jsonNumber(row.differenceLow)},
            {"difference_high", jsonNumber(row.differenceHigh)},
            {"p", jsonNumber(row.p)},
            {"significant", row.significant},
            {"note", row.note}};
}

} // namespace

void writeCompareRows(const CompareResult& result, TableWriter& out) {
    for (const CompareRow& row : result.rows) {
        out.setRun(result.runs[row.run].info.spec.name);
        out.beginRow();
        out.cell(row.metric);
        row.layer ? out.cell(std::int64_t(row.layer->value)) : out.none();
        row.domain.empty() ? out.none() : out.cell(row.domain);
        for (double value :
             {row.value, row.low, row.high, row.difference, row.differenceLow, row.differenceHigh, row.p}) {
            out.cellOrNone(value);
        }
        out.cell(std::int64_t(row.significant ? 1 : 0));
        row.note.empty() ? out.none() : out.cell(row.note);
        out.endRow();
    }
}

std::string compareText(const CompareResult& result) {
    std::vector<std::string> names; // of the lines, in the order in which runs bring them
    for (const CompareRow& row : result.rows) {
        if (!row.layer && std::ranges::find(names, lineName(row)) == names.end()) {
            names.push_back(lineName(row));
        }
    }
    std::string text = fmt::format("{:<24}", "");
    for (const ComparedRun& run : result.runs) {
        text += fmt::format("{:<24}", run.info.spec.name);
    }
    text += "\n";
    std::vector<std::string> remarks;
    for (const std::string& name : names) {
        text += fmt::format("{:<24}", name);
        for (std::size_t run = 0; run < result.runs.size(); ++run) {
            const auto row = std::ranges::find_if(
                result.rows, [&](const CompareRow& r) { return r.run == run && !r.layer && lineName(r) == name; });
            text += fmt::format("{:<24}", row == result.rows.end() ? "" : valueText(*row));
            if (row != result.rows.end() && !row->note.empty() &&
                std::ranges::find(remarks, row->note) == remarks.end()) {
                remarks.push_back(row->note);
            }
        }
        text += "\n";
    }
    text += "metrics of layers: mean over them; +-: half of a 95 % interval; *: differs from the first run\n";
    for (const std::string& remark : remarks) {
        text += "! " + remark + "\n";
    }
    for (const std::string& note : result.notes) {
        text += note + "\n";
    }
    return text;
}

std::string compareJson(const CompareResult& result) {
    Json json{{"runs", Json::array()},
              {"factors", numbers(result.factors)},
              {"rows", Json::array()},
              {"notes", result.notes}};
    for (std::size_t run = 0; run < result.runs.size(); ++run) {
        json["runs"].push_back(runJson(result, run));
    }
    for (const CompareRow& row : result.rows) {
        json["rows"].push_back(rowJson(result, row));
    }
    return json.dump() + "\n";
}

} // namespace moescope
