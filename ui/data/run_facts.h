#pragma once

#include <stop_token>
#include <vector>

#include "analysis/load_balance.h"
#include "analysis/uniform_null.h"
#include "app/service/recording.h"

namespace moescope {

// One layer's sums and what follows from them.
struct LayerFacts {
    LayerSummary summary;
    LayerSummary pooled; // of the whole run, whatever the filter: what lift is measured against
    LoadBalance balance;
    UniformNull chance; // what random routing of as many tokens would show
    double switchAux = 0;
    double zLoss = 0;
    double meanMargin = 0;
    double separability = 0; // of its domains, bits

    LayerId layer() const { return summary.layer; }
    std::int64_t assignments() const { return balance.assignments; }
    double ratioOf(std::int32_t expert) const;
};

// The sums of a run's part: what overview, load and specialization are drawn from.
struct RunFacts {
    RunInfo run;
    RunFilter filter; // as asked for, its token ids found
    std::vector<LayerFacts> layers;

    const LayerFacts* find(LayerId layer) const;
    int indexOf(LayerId layer) const; // -1: not there
    const LayerFacts* leastBalanced() const;
    std::int32_t mostExperts() const;
    std::int64_t tokens() const { return layers.empty() ? 0 : layers.front().summary.tokens; }
};

RunFacts readRunFacts(const Recording& recording, const RunInfo& run, const RunFilter& filter, std::stop_token stop);

} // namespace moescope
