#include "app/service/record_report.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/service/counted.h"
#include "app/service/record_service.h"

namespace moescope {

namespace {

nlohmann::ordered_json numberOrNull(double value) {
    return std::isnan(value) ? nlohmann::ordered_json() : nlohmann::ordered_json(value);
}

std::string runText(const RecordSummary& summary, const std::filesystem::path& db) {
    std::string text = fmt::format("recorded run {} into {}: {}, {}", summary.run, db.string(),
                                   counted(summary.documents, "document"), counted(summary.tokens, "token"));
    if (summary.resumed == summary.tokens)
        text += " (complete already)";
    else {
        if (summary.resumed > 0)
            text += fmt::format(" ({} of them before)", summary.resumed);
        text += fmt::format(", {:.1f} s, {:.0f} tokens/s, {} {}", summary.seconds, summary.tokensPerSecond,
                            summary.device, summary.dtype);
        if (summary.expertWeights != summary.dtype)
            text += fmt::format(" with {} experts", summary.expertWeights);
    }
    if (!summary.capacity.empty())
        text += ", under " + summary.capacity;
    if (!std::isnan(summary.meanNll.prompt))
        text += fmt::format(", mean nll {:.3f}", summary.meanNll.prompt);
    if (!std::isnan(summary.meanNll.generated))
        text += fmt::format(", of generated tokens {:.3f}", summary.meanNll.generated);
    return text;
}

nlohmann::ordered_json runJson(const RecordSummary& summary) {
    nlohmann::ordered_json json = {{"run", summary.run},
                                   {"id", summary.id},
                                   {"model", summary.model},
                                   {"device", summary.device},
                                   {"dtype", summary.dtype},
                                   {"expert_weights", summary.expertWeights},
                                   {"documents", summary.documents},
                                   {"tokens", summary.tokens},
                                   {"resumed_tokens", summary.resumed},
                                   {"generated_tokens", summary.generated},
                                   {"seconds", summary.seconds},
                                   {"tokens_per_second", summary.tokensPerSecond}};
    json["mean_nll"] = numberOrNull(summary.meanNll.prompt);
    json["mean_nll_generated"] = numberOrNull(summary.meanNll.generated);
    if (!summary.capacity.empty())
        json["capacity"] = summary.capacity;
    if (summary.linked)
        json["linked"] = runJson(*summary.linked);
    return json;
}

} // namespace

std::string recordSummaryText(const RecordSummary& summary, const std::filesystem::path& db) {
    return runText(summary, db) + (summary.linked ? "\n" + runText(*summary.linked, db) : std::string());
}

std::string recordSummaryJson(const RecordSummary& summary) {
    return runJson(summary).dump();
}

} // namespace moescope
