#include "app/service/ablation_report.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/service/json_number.h"

namespace moescope {

namespace {

constexpr std::size_t kDomainsShown = 3; // of an expert's line

using Json = nlohmann::ordered_json;

std::string domainsText(const AblationSummary& summary, std::int32_t expert) {
    std::vector<const InterventionRow*> domains;
    for (const InterventionRow& row : summary.rows) {
        if (row.expert == expert && !row.domain.empty() && row.change > 0) {
            domains.push_back(&row);
        }
    }
    std::ranges::stable_sort(domains, [](auto* a, auto* b) { return a->change > b->change; });
    std::string text;
    for (std::size_t i = 0; i < std::min(kDomainsShown, domains.size()); ++i) {
        text +=
            fmt::format("{} {:+.4f}{}  ", domains[i]->domain, domains[i]->change, domains[i]->significant ? "*" : "");
    }
    return text;
}

} // namespace

std::string ablationText(const AblationSummary& summary) {
    std::string text = fmt::format("run {}, layer {}: change in nll without each expert; {} tokens, {:.1f} s\n",
                                   summary.run.run, summary.layer.value, summary.run.tokens, summary.seconds);
    text += fmt::format("{:<8}{:>10}  {:<22}{}\n", "expert", "all", "95 % interval", "domains that lose most");
    for (const InterventionRow& row : summary.rows) {
        if (row.domain.empty()) {
            const std::string interval =
                std::isnan(row.low) ? "" : fmt::format("[{:+.4f}, {:+.4f}]", row.low, row.high);
            text += fmt::format("{:<8}{:>+10.4f}{} {:<22}{}\n", row.expert, row.change, row.significant ? "*" : " ",
                                interval, domainsText(summary, row.expert));
        }
    }
    return text + "*: differs from no change (Benjamini-Hochberg, 5 %)\n";
}

std::string ablationJson(const AblationSummary& summary) {
    Json json{{"run", summary.run.run},
              {"layer", summary.layer.value},
              {"tokens", summary.run.tokens},
              {"seconds", summary.seconds},
              {"rows", Json::array()}};
    for (const InterventionRow& row : summary.rows) {
        json["rows"].push_back({{"expert", row.expert},
                                {"domain", row.domain.empty() ? Json(nullptr) : Json(row.domain)},
                                {"tokens", row.tokens},
                                {"nll", jsonNumber(row.nll)},
                                {"change", jsonNumber(row.change)},
                                {"low", jsonNumber(row.low)},
                                {"high", jsonNumber(row.high)},
                                {"p", jsonNumber(row.p)},
                                {"significant", row.significant}});
    }
    return json.dump() + "\n";
}

} // namespace moescope
