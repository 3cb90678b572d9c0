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
    if (!s.capacity.empty()) {
        text += fmt::format("choices under {}: {} assigned, {} kept, {} dropped ({:.3f} %), {} rerouted\n", s.capacity,
                            s.assigned, s.kept, s.dropped,
                            s.assigned == 0 ? 0.0 : 100.0 * double(s.dropped) / double(s.assigned), s.rerouted);
    }
    if (s.sameGate) {
        text += fmt::format("the recorded gate from {} logits; weights differ by at most {:.3g}\n", logitsName(s),
                            s.largestWeightDifference);
    }
    if (s.slotsFilled > 0) {
        text +=
            fmt::format("{} slots that the recording left empty are filled: a capacity, the model's own or one asked "
                        "for, and experts left out are no part of the gate\n",
                        s.slotsFilled);
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
                                {"slots_filled", s.slotsFilled},
                                {"largest_weight_difference", s.largestWeightDifference},
                                {"max_vio", s.maxVio},
                                {"recorded_max_vio", s.sourceMaxVio}};
    if (!s.capacity.empty()) {
        json["capacity"] = s.capacity;
        json["assigned"] = s.assigned;
        json["kept"] = s.kept;
        json["dropped"] = s.dropped;
        json["rerouted"] = s.rerouted;
    }
    return json.dump() + "\n";
}

} // namespace moescope
