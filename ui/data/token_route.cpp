#include "ui/data/token_route.h"

#include <algorithm>

#include "analysis/margins.h"
#include "engine/routing/scores.h"

namespace moescope {

namespace {

std::int32_t bestNotChosen(const MoeLayerInfo& info, const TokenLayerRoute& route) {
    std::vector<float> scores(route.probs.size());
    selectionScores(info, route.probs, scores);
    std::int32_t best = -1;
    for (std::size_t e = 0; e < scores.size(); ++e) {
        const bool chosen = std::find(route.ids.begin(), route.ids.end(), std::uint16_t(e)) != route.ids.end();
        if (!chosen && (best < 0 || scores[e] > scores[std::size_t(best)])) {
            best = std::int32_t(e);
        }
    }
    return best;
}

} // namespace

const TokenLayerRoute* TokenRoute::find(LayerId layer) const {
    const auto at = std::find_if(layers.begin(), layers.end(), [layer](const auto& l) { return l.layer == layer; });
    return at == layers.end() ? nullptr : &*at;
}

TokenRoute readTokenRoute(const Recording& recording, const RunInfo& run, TokenIndex token) {
    TokenRoute out;
    const auto records = recording.tokens(run, token, token + 1);
    if (records.empty()) {
        return out;
    }
    out.token = records.front();
    const auto document = std::size_t(out.token.document);
    if (document < run.documents.size()) {
        out.document = run.documents[document].name;
        out.domain = run.documents[document].domain;
    }
    for (TokenRouteLayer& layer : recording.route(run, token)) {
        TokenLayerRoute route;
        route.layer = layer.layer;
        route.ids = std::move(layer.ids);
        route.weights = std::move(layer.weights);
        route.logits = std::move(layer.logits);
        const MoeLayerInfo* info = run.spec.findLayer(route.layer);
        if (info && !route.logits.empty()) {
            route.probs.resize(route.logits.size());
            probabilities(info->moe, route.logits, route.probs);
            route.margin = tokenMargin(*info, route.logits);
            route.runnerUp = bestNotChosen(*info, route);
        }
        out.layers.push_back(std::move(route));
    }
    return out;
}

} // namespace moescope
