#include "app/service/export_tables.h"

#include <array>

#include "app/service/compare_report.h"

namespace moescope {

namespace {

using Column = std::string_view;
using Missing = std::optional<std::string>;

constexpr std::array<Column, 9> kTokens{"run",   "document", "domain", "token", "position",
                                        "phase", "token_id", "text",   "nll"};
constexpr std::array<Column, 8> kRouting{"run", "token", "layer", "slot", "expert", "weight", "prob", "logit"};
constexpr std::array<Column, 5> kLogits{"run", "token", "layer", "expert", "logit"};
constexpr std::array<Column, 9> kLoad{"run",        "layer", "expert",    "assignments", "share",
                                      "load_ratio", "top1",  "mean_prob", "weight_sum"};
constexpr std::array<Column, 8> kLoadByDomain{"run",         "layer", "expert", "domain",
                                              "assignments", "share", "lift",   "pmi_bits"};
constexpr std::array<Column, 16> kBalance{
    "run",    "layer",      "tokens",       "assignments", "cv",        "max_vio",      "normalized_entropy",
    "gini",   "kl_uniform", "dead_experts", "null_cv",     "null_dead", "null_max_vio", "switch_aux",
    "z_loss", "mean_margin"};
constexpr std::array<Column, 7> kVocabulary{"run", "layer", "expert", "token_id", "text", "count", "share_of_token"};
constexpr std::array<Column, 6> kCoactivation{"run", "layer", "expert_a", "expert_b", "count", "p_b_given_a"};
constexpr std::array<Column, 6> kTransitions{"run", "layer", "expert", "next_layer", "next_expert", "count"};
constexpr std::array<Column, 10> kOverflow{"run",      "layer", "expert",  "group_tokens", "capacity",
                                           "assigned", "kept",  "dropped", "rerouted",     "received"};
constexpr std::array<Column, 5> kOverflowTokens{"run", "token", "layer", "dropped_slots", "all_dropped"};
constexpr std::array<Column, 11> kSteps{"run",    "step",  "tokens", "loss",    "perplexity",  "aux_loss",
                                        "z_loss", "layer", "cv",     "max_vio", "dead_experts"};

constexpr std::array<Column, 11> kInterventions{"run",    "layer", "expert", "domain", "tokens",     "nll",
                                                "change", "low",   "high",   "p",      "significant"};

// Tokens with their experts, or at least their counts.
Missing counts(const Recording& /*recording*/, const RunInfo& run, const CapacityOptions& /*capacity*/) {
    return run.spec.content != RunContent::CountsOnly && run.tokens == 0 ? Missing("any token") : Missing();
}

Missing routes(const Recording& recording, const RunInfo& run, const CapacityOptions& capacity) {
    return run.spec.content == RunContent::CountsOnly ? Missing("each token's experts; it holds counts only")
                                                      : counts(recording, run, capacity);
}

Missing logits(const Recording& recording, const RunInfo& run, const CapacityOptions& capacity) {
    if (Missing missing = routes(recording, run, capacity)) {
        return missing;
    }
    return run.spec.logits == LogitStorage::None ? Missing("router logits; it was recorded without them") : Missing();
}

Missing overflowNeeds(const Recording& recording, const RunInfo& run, const CapacityOptions& capacity) {
    return capacity.policy == OverflowPolicy::Drop ? routes(recording, run, capacity)
                                                   : logits(recording, run, capacity);
}

Missing domains(const Recording& recording, const RunInfo& run, const CapacityOptions& capacity) {
    return run.domains.empty() ? Missing("domains; it was recorded from texts without any")
                               : counts(recording, run, capacity);
}

Missing twoLayers(const Recording& recording, const RunInfo& run, const CapacityOptions& capacity) {
    return run.spec.layers.size() < 2 ? Missing("a second MoE layer to go to") : routes(recording, run, capacity);
}

Missing steps(const Recording& recording, const RunInfo& run, const CapacityOptions& /*capacity*/) {
    return recording.trainSteps(run).empty() ? Missing("the steps of a training") : Missing();
}

Missing interventions(const Recording& recording, const RunInfo& run, const CapacityOptions& /*capacity*/) {
    return recording.interventions(run).empty()
               ? Missing("what taking experts out costs; `moescope ablate` measures it")
               : Missing();
}

constexpr std::array<ExportTable, 14> kTables{{
    {"tokens", kTokens, routes, fillTokens},
    {"routing", kRouting, routes, fillRouting},
    {"logits", kLogits, logits, fillLogits},
    {"load", kLoad, counts, fillLoad},
    {"load_by_domain", kLoadByDomain, domains, fillLoadByDomain},
    {"balance", kBalance, counts, fillBalance},
    {"vocabulary", kVocabulary, routes, fillVocabulary},
    {"coactivation", kCoactivation, routes, fillCoactivation},
    {"transitions", kTransitions, twoLayers, fillTransitions},
    {"overflow", kOverflow, overflowNeeds, fillOverflow},
    {"overflow_tokens", kOverflowTokens, overflowNeeds, fillOverflowTokens},
    {"steps", kSteps, steps, fillSteps},
    {"interventions", kInterventions, interventions, fillInterventions},
    {"compare", kCompareColumns, counts, nullptr, fillCompare},
}};

} // namespace

std::span<const ExportTable> exportTableList() {
    return kTables;
}

} // namespace moescope
