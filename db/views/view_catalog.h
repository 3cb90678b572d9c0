#pragma once

#include <string>
#include <vector>

#include "db/block_codec.h"
#include "db/views/view_plan.h"

namespace moescope::sqlite {

// The runs of a file as row views need them.
struct ViewRun {
    RunId id;
    std::string name;
    TokenIndex tokens = 0;
    bool text = false;
    std::vector<LayerStorage> layers;
};
std::vector<ViewRun> loadViewRuns(sqlite3* db);

// The part of a view that lies in blocks of one layer after the other: run by run, layer by layer, and in each layer
// the tokens [begin, end).
struct ViewPart {
    const ViewRun* run = nullptr;
    const LayerStorage* layer = nullptr;
    TokenIndex begin = 0;
    TokenIndex end = 0;
};
// What the plan leaves, given the columns of layer and token. Parts point into `runs`.
std::vector<ViewPart> partsOf(const std::vector<ViewRun>& runs, const ViewPlan& plan, int tokenColumn, int layerColumn);

} // namespace moescope::sqlite
