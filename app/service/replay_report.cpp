#include "app/service/replay_report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace moescope {

namespace {

const char* logitsName(const ReplaySummary& summary) {
    return summary.logits == LogitStorage::F16 ? "f16" : "f32";
}

} // namespace

std::string replayText(const ReplaySummary& s) {
    std::string text =
        fmt::format("replayed run {} into {}: {} tokens, {} layers, {:.2f} s; {} tokens ({} of tokens x "
                    "layers) go to other experts\n",
                    s.source, s.run, s.tokens, s.layers, s.seconds, s.tokensRerouted, s.tokenLayersRerouted);
    text += fmt::format("MaxVio, mean over layers: {:.4f}, recorded {:.4f}\n", s.maxVio, s.sourceMaxVio);
    if (s.limited) {
        text +=
            fmt::format("choices: {} assigned, {} kept, {} dropped ({:.3f} %), {} rerouted\n", s.assigned, s.kept,
                        s.dropped, s.assigned == 0 ? 0.0 : 100.0 * double(s.dropped) / double(s.assigned), s.rerouted);
    }
    if (s.sameGate) {
        text += fmt::format("the recorded gate from {} logits; weights differ by at most {:.3g}\n", logitsName(s),
                            s.largestWeightDifference);
    }
    return text;
}

std::string replayJson(const ReplaySummary& s) {
    nlohmann::ordered_json json{{"run", s.run},
                                {"source", s.source},
                                {"tokens", s.tokens},
                                {"layers", s.layers},
                                {"seconds", s.seconds},
                                {"logits", logitsName(s)},
                                {"same_gate", s.sameGate},
                                {"tokens_rerouted", s.tokensRerouted},
                                {"token_layers_rerouted", s.tokenLayersRerouted},
                                {"largest_weight_difference", s.largestWeightDifference},
                                {"max_vio", s.maxVio},
                                {"recorded_max_vio", s.sourceMaxVio}};
    if (s.limited) {
        json["assigned"] = s.assigned;
        json["kept"] = s.kept;
        json["dropped"] = s.dropped;
        json["rerouted"] = s.rerouted;
    }
    return json.dump() + "\n";
}

} // namespace moescope
