#include "db/views/view_catalog.h"

#include <algorithm>

#include "db/layer_repository.h"
#include "db/names.h"
#include "db/statement.h"

namespace moescope::sqlite {

std::vector<ViewRun> loadViewRuns(sqlite3* db) {
    std::vector<ViewRun> runs;
    Statement rows(db, "SELECT id, name, tokens, text, logits, content FROM run ORDER BY id");
    while (rows.step()) {
        const RunId id{rows.integer(0)};
        // An import of counts says how many tokens there were, and holds none of them.
        const bool countsOnly = runContentFrom(rows.text(5)) == RunContent::CountsOnly;
        runs.push_back({id, rows.text(1), countsOnly ? 0 : rows.integer(2), rows.integer(3) != 0,
                        loadLayers(db, id, logitStorageFrom(rows.text(4)))});
    }
    return runs;
}

std::vector<ViewPart> partsOf(const std::vector<ViewRun>& runs, const ViewPlan& plan, int tokenColumn,
                              int layerColumn) {
    std::vector<ViewPart> parts;
    const Bounds& tokens = plan.columns[std::size_t(tokenColumn)];
    const Bounds& layers = plan.columns[std::size_t(layerColumn)];
    for (const ViewRun& run : runs) {
        if (plan.none || (plan.run && *plan.run != run.name)) {
            continue;
        }
        const TokenIndex begin = std::max<TokenIndex>(0, tokens.least);
        const TokenIndex end = tokens.most >= run.tokens ? run.tokens : tokens.most + 1;
        for (const LayerStorage& layer : run.layers) {
            if (begin < end && layers.holds(layer.info.layer.value)) {
                parts.push_back({&run, &layer, begin, end});
            }
        }
    }
    return parts;
}

} // namespace moescope::sqlite
