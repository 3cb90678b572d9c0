#include <algorithm>

#include "app/service/export_filter.h"
#include "app/service/export_tables.h"

namespace moescope {

namespace {

bool takesDomain(const RunFilter& filter, const std::string& domain) {
    return filter.domains.empty() || std::ranges::find(filter.domains, domain) != filter.domains.end();
}

} // namespace

// What taking each expert out costs, domains in the order of the run behind all of them together.
void fillInterventions(const ExportContext& context) {
    std::vector<InterventionRow> rows = context.recording.interventions(context.run);
    const auto place = [&](const InterventionRow& row) {
        const auto domain =
            row.domain.empty() ? -1 : std::ranges::find(context.run.domains, row.domain) - context.run.domains.begin();
        return std::tuple(row.layer, row.expert, domain);
    };
    std::ranges::stable_sort(rows, {}, place);
    TableWriter& out = context.out;
    for (const InterventionRow& row : rows) {
        if (!takesLayer(context.filter, row.layer) || !takesExpert(context.filter, row.expert) ||
            !takesDomain(context.filter, row.domain)) {
            continue;
        }
        out.beginRow();
        out.cell(std::int64_t(row.layer.value));
        out.cell(std::int64_t(row.expert));
        row.domain.empty() ? out.none() : out.cell(row.domain);
        out.cell(row.tokens);
        for (double value : {row.nll, row.change, row.low, row.high, row.p}) {
            out.cellOrNone(value);
        }
        out.cell(std::int64_t(row.significant ? 1 : 0));
        out.endRow();
    }
}

} // namespace moescope
