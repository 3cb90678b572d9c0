#pragma once

#include <memory>

#include "analysis/separability.h"
#include "ui/data/run_facts.h"

namespace moescope::test {

// Two layers of four experts over 400 tokens, two choices each: layer 1 fair, layer 5 with expert 0 far above.
inline std::shared_ptr<const RunFacts> sampleFacts() {
    auto facts = std::make_shared<RunFacts>();
    facts->run.id = RunId(1);
    facts->run.spec.name = "facts";
    facts->run.tokens = 400;
    facts->run.domains = {"prose", "code"};
    for (const int id : {1, 5}) {
        LayerFacts layer;
        LayerSummary& s = layer.summary;
        s.layer = LayerId(id);
        s.experts = 4;
        s.topK = 2;
        s.tokens = 400;
        s.assignments =
            id == 1 ? std::vector<std::int64_t>{200, 199, 201, 200} : std::vector<std::int64_t>{560, 100, 80, 60};
        s.top1 = {100, 100, 100, 100};
        s.weightSum = {100, 100, 100, 100};
        s.probSum = {0, 0, 0, 0};
        s.domainTokens = {200, 200};
        s.byDomain = id == 1 ? std::vector<std::int64_t>{100, 100, 100, 100, 100, 99, 101, 100}
                             : std::vector<std::int64_t>{300, 50, 40, 10, 260, 50, 40, 50};
        layer.balance = loadBalance(s.assignments);
        layer.chance = uniformNull(s.tokens, s.topK, s.experts);
        layer.separability = domainSeparability(s.byDomain, s.experts);
        MoeLayerInfo info;
        info.layer = s.layer;
        info.moe.experts = 4;
        info.moe.topK = 2;
        facts->run.spec.layers.push_back(info);
        layer.pooled = s;
        facts->layers.push_back(layer);
    }
    return facts;
}

} // namespace moescope::test
