#include "ui/pages/expert_filter.h"

#include <algorithm>

#include "analysis/none.h"
#include "app/service/export_filter.h"

namespace moescope {

std::shared_ptr<const HeatmapData> onlyExperts(std::shared_ptr<const HeatmapData> data, const RunFilter& filter,
                                               ExpertsAre place) {
    if (filter.experts.empty() || !data) {
        return data;
    }
    auto out = std::make_shared<HeatmapData>(*data);
    for (std::size_t i = 0; i < out->values.size(); ++i) {
        const auto columns = std::size_t(out->columns);
        if (!takesExpert(filter, std::int32_t(place == ExpertsAre::Columns ? i % columns : i / columns))) {
            out->values[i] = kNone;
            if (!out->counts.empty()) {
                out->counts[i] = 0;
            }
        }
    }
    return out;
}

std::shared_ptr<const BarChartData> onlyExperts(std::shared_ptr<const BarChartData> data, const RunFilter& filter) {
    if (filter.experts.empty() || !data) {
        return data;
    }
    auto out = std::make_shared<BarChartData>(*data);
    for (BarStack& stack : out->stacks) {
        for (std::size_t e = 0; e < stack.values.size(); ++e) {
            stack.values[e] = takesExpert(filter, std::int32_t(e)) ? stack.values[e] : kNone;
        }
    }
    return out;
}

std::shared_ptr<const SankeyData> onlyExperts(std::shared_ptr<const SankeyData> data, const RunFilter& filter) {
    if (filter.experts.empty() || !data) {
        return data;
    }
    auto out = std::make_shared<SankeyData>(*data);
    std::erase_if(out->links, [&](const SankeyLink& link) {
        const int expert = out->nodes[std::size_t(link.column)][std::size_t(link.from)].expert;
        return expert < 0 || !takesExpert(filter, expert);
    });
    return out;
}

} // namespace moescope
