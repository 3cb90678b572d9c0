#include "app/service/inspect_report.h"

#include <array>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/checkpoint/model_inspection.h"

namespace moescope {

namespace {

constexpr std::int64_t kPlannedBatch = 8192; // tokens of `record`'s batches unless told otherwise
constexpr int kPlannedThreads = 2;

std::string scaled(double value, const std::array<const char*, 5>& units) {
    std::size_t unit = 0;
    while (std::fabs(value) >= 999.5 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    const int decimals = unit == 0 ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return fmt::format("{:.{}f}{}", value, decimals, units[unit]);
}

std::string scoreName(ScoreFunction score) {
    switch (score) {
    case ScoreFunction::Softmax:
        return "softmax";
    case ScoreFunction::Sigmoid:
        return "sigmoid";
    case ScoreFunction::SoftmaxOverChosen:
        return "softmax-over-chosen";
    case ScoreFunction::SparseMixer:
        return "sparsemixer";
    }
    return "";
}

std::string groupScoreName(GroupScore score) {
    switch (score) {
    case GroupScore::None:
        return "none";
    case GroupScore::Max:
        return "max";
    case GroupScore::TopTwoSum:
        return "sum of the best two";
    }
    return "";
}

std::string gateText(const MoeConfig& moe) {
    std::string text = fmt::format("{} over {}, top {}", scoreName(moe.score), moe.experts, moe.topK);
    text += moe.renormalize ? ", weights sum to 1" : ", weights as scored";
    if (moe.scale != 1.0F)
        text += fmt::format(", scaled by {}", moe.scale);
    if (moe.groupScore != GroupScore::None)
        text += fmt::format(", best {} of {} groups by {}", moe.topkGroups, moe.groups, groupScoreName(moe.groupScore));
    return text;
}

nlohmann::ordered_json gateJson(const MoeLayerInfo& layer) {
    const MoeConfig& moe = layer.moe;
    return {{"score", scoreName(moe.score)},
            {"renormalize", moe.renormalize},
            {"scale", moe.scale},
            {"group_score", groupScoreName(moe.groupScore)},
            {"groups", moe.groups},
            {"topk_groups", moe.topkGroups},
            {"selection_bias", !layer.selectionBias.empty()}};
}

} // namespace

std::string byteText(double bytes) {
    return scaled(bytes, {" B", " kB", " MB", " GB", " TB"});
}

std::string countText(double count) {
    return scaled(count, {"", " k", " M", " B", " T"});
}

std::string memoryPlanText(const MemoryPlan& plan, std::int64_t batchTokens, int threads) {
    const std::string usable = byteText(double(plan.usable));
    const std::string weights = byteText(double(plan.weights));
    const std::string needed = byteText(double(plan.needed(batchTokens, threads)));
    if (!plan.streamed)
        return fmt::format("weights of {} stay in memory ({} usable); about {} with {} tokens a batch", weights, usable,
                           needed, batchTokens);
    return fmt::format("weights of {} do not fit into {}: they are streamed from disk once for every {} tokens "
                       "(--batch-tokens), an expert of {} at a time for each thread; about {} in use",
                       weights, usable, batchTokens, byteText(double(plan.largestExpert)), needed);
}

namespace {

std::string layersText(const ModelConfig& config) {
    std::string text = fmt::format("{}, {} of them MoE", config.layers, config.moeLayers.size());
    if (config.stack == "encoder")
        text += ", of the encoder";
    if (const auto& decoder = config.decoderStack)
        text += fmt::format("; {}, {} of them MoE, of the decoder", decoder->layers, decoder->moeLayers.size());
    return text;
}

} // namespace

std::string inspectionText(const ModelInspection& inspection, const std::string& name) {
    const ModelConfig& config = inspection.config;
    const AttentionConfig& attention = config.attention;
    const MoeConfig& moe = config.moeLayers.front().moe;
    std::string text;
    const auto row = [&text](const char* label, const std::string& value) {
        text += fmt::format("{:<18}{}\n", label, value);
    };
    row("model", name);
    row("family", config.modelType);
    row("layers", layersText(config));
    row("experts", fmt::format("{} a layer, {} for each token, intermediate size {}", moe.experts, moe.topK,
                               config.expertIntermediate) +
                       (config.sharedIntermediate > 0
                            ? fmt::format(", and a shared one of {} for every token", config.sharedIntermediate)
                            : std::string()));
    row("gate", gateText(moe));
    row("hidden size", std::to_string(config.hidden));
    row("attention",
        attention.latent
            ? fmt::format("{} heads, latent of {} and {} rotated", attention.heads, attention.latent->kvRank,
                          attention.latent->ropeDim)
            : fmt::format("{} heads, {} key/value heads of {}{}", attention.heads, attention.kvHeads, attention.headDim,
                          attention.slidingWindow ? fmt::format(", sliding window of {}", *attention.slidingWindow)
                                                  : std::string()));
    row("vocabulary", fmt::format("{}{}", config.vocabulary, config.tieEmbeddings ? ", embeddings tied" : ""));
    row("parameters", fmt::format("{} total ({}), {} active for a token", countText(double(inspection.totalParameters)),
                                  inspection.totalParameters, countText(double(inspection.activeParameters))));
    row("operations", fmt::format("{}FLOP for a prompt token, {}FLOP with the head",
                                  countText(inspection.flopsPerToken), countText(inspection.flopsPerTokenWithHead)));
    std::string memory;
    for (const auto& [dtype, bytes] : inspection.weightBytes)
        memory += fmt::format("{}{} {}", memory.empty() ? "" : ", ", dtype, byteText(double(bytes)));
    row("weights in memory",
        memory + fmt::format("; bf16 with int8 experts {}", byteText(double(inspection.int8ExpertBytes))));
    row("KV cache", byteText(double(inspection.kvCacheBytesPerToken)) + " a token (16 bits)");
    std::string stored;
    for (const auto& [dtype, bytes] : inspection.storedByDtype)
        stored += fmt::format("{}{} {}", stored.empty() ? "" : ", ", dtype, byteText(double(bytes)));
    row("on this machine",
        memoryPlanText(inspection.plan, kPlannedBatch, kPlannedThreads) + ", in " + std::string(inspection.planDtype));
    row("stored weights", stored.empty() ? "none beside the configuration" : stored);
    return text;
}

std::string inspectionJson(const ModelInspection& inspection, const std::string& name) {
    const ModelConfig& config = inspection.config;
    const AttentionConfig& attention = config.attention;
    const MoeLayerInfo& first = config.moeLayers.front();
    nlohmann::ordered_json layers = nlohmann::ordered_json::array();
    for (const MoeLayerInfo& layer : config.moeLayers)
        layers.push_back(layer.layer.value);
    nlohmann::ordered_json json = {{"model", name},
                                   {"family", config.modelType},
                                   {"stack", config.stack},
                                   {"layers", config.layers},
                                   {"moe_layers", layers},
                                   {"experts", first.moe.experts},
                                   {"top_k", first.moe.topK},
                                   {"gate", gateJson(first)},
                                   {"hidden", config.hidden},
                                   {"expert_intermediate", config.expertIntermediate},
                                   {"shared_intermediate", config.sharedIntermediate},
                                   {"dense_intermediate", config.denseIntermediate},
                                   {"heads", attention.heads},
                                   {"kv_heads", attention.kvHeads},
                                   {"head_dim", attention.headDim},
                                   {"vocabulary", config.vocabulary},
                                   {"tied_embeddings", config.tieEmbeddings},
                                   {"max_position", config.maxPosition},
                                   {"total_parameters", inspection.totalParameters},
                                   {"active_parameters", inspection.activeParameters},
                                   {"expert_parameters", inspection.expertParameters},
                                   {"flops_per_token", inspection.flopsPerToken},
                                   {"flops_per_token_with_head", inspection.flopsPerTokenWithHead},
                                   {"attention_flops_per_key", inspection.attentionFlopsPerKey},
                                   {"weight_bytes", inspection.weightBytes},
                                   {"weight_bytes_int8_experts", inspection.int8ExpertBytes},
                                   {"kv_cache_bytes_per_token", inspection.kvCacheBytesPerToken},
                                   {"memory_plan",
                                    {{"dtype", inspection.planDtype},
                                     {"usable_bytes", inspection.plan.usable},
                                     {"weight_bytes", inspection.plan.weights},
                                     {"fits", !inspection.plan.streamed},
                                     {"streamed", inspection.plan.streamed},
                                     {"activation_bytes_per_token", inspection.plan.activationsPerToken}}},
                                   {"stored_bytes", inspection.storedBytes},
                                   {"stored_by_dtype", inspection.storedByDtype}};
    if (attention.slidingWindow)
        json["sliding_window"] = *attention.slidingWindow;
    return json.dump(2);
}

} // namespace moescope
