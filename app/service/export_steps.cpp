#include <algorithm>
#include <cmath>

#include "analysis/load_balance.h"
#include "app/service/export_filter.h"
#include "app/service/export_tables.h"

namespace moescope {

// A training's curve: a row per step and layer.
void fillSteps(const ExportContext& context) {
    TableWriter& out = context.out;
    const std::vector<MoeLayerInfo>& layers = context.run.spec.layers;
    for (const TrainStep& step : context.recording.trainSteps(context.run)) {
        for (std::size_t l = 0; l < std::min(step.load.size(), layers.size()); ++l) {
            if (!takesLayer(context.filter, layers[l].layer)) {
                continue;
            }
            const LoadBalance balance = loadBalance(step.load[l]);
            out.beginRow();
            out.cell(step.step);
            out.cell(step.tokens);
            out.cell(step.loss);
            out.cell(std::exp(step.loss));
            out.cell(step.auxLoss);
            out.cell(step.zLoss);
            out.cell(std::int64_t(layers[l].layer.value));
            out.cell(balance.cv);
            out.cell(balance.maxVio);
            out.cell(std::int64_t(balance.deadExperts));
            out.endRow();
        }
    }
}

} // namespace moescope
