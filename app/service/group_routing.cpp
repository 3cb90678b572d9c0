#include "app/service/group_routing.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace moescope {

std::string_view provenanceValue(const RunInfo& run, std::string_view key) {
    const auto at = std::ranges::find(run.spec.provenance, key, &std::pair<std::string, std::string>::first);
    return at == run.spec.provenance.end() ? std::string_view() : std::string_view(at->second);
}

std::string_view groupRouting(const RunInfo& run) {
    constexpr std::array<std::string_view, 3> kGrouped{kExpertChoice, "sinkhorn", "base"};
    const bool isReplay = !provenanceValue(run, kReplayOf).empty();
    const std::string_view strategy = provenanceValue(run, kRoutedBy);
    for (const std::string_view name : kGrouped) {
        if (strategy.starts_with(name) && (isReplay || name == kExpertChoice)) {
            return name;
        }
    }
    return !isReplay && provenanceValue(run, kModelRouting).starts_with(kExpertChoice) ? kExpertChoice
                                                                                       : std::string_view();
}

std::int64_t tokensAssignedAtOnce(const RunInfo& run) {
    constexpr std::string_view kGroups = "groups of ";
    const std::string_view strategy = provenanceValue(run, kRoutedBy);
    const std::size_t at = provenanceValue(run, kReplayOf).empty() ? std::string_view::npos : strategy.find(kGroups);
    std::int64_t tokens = 0;
    if (at != std::string_view::npos) {
        std::from_chars(strategy.data() + at + kGroups.size(), strategy.data() + strategy.size(), tokens);
    }
    return tokens;
}

bool evenOverOtherGroups(const RunInfo& run, std::int64_t groupTokens) {
    const std::int64_t atOnce = tokensAssignedAtOnce(run);
    return !groupRouting(run).empty() && (atOnce == 0 || groupTokens % atOnce != 0);
}

} // namespace moescope
