#include "engine/training/training_checkpoint.h"

#include <cstring>
#include <span>
#include <sstream>
#include <string>

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include "engine/checkpoint/atomic_file.h"
#include "engine/checkpoint/checkpoint.h"
#include "engine/checkpoint/safetensors_writer.h"
#include "engine/routing/error.h"

namespace moescope {
namespace {

constexpr const char* stateFile = "trainer_state.safetensors";

// Collects tensors to be written and keeps their memory alive.
class TensorList {
public:
    void add(const std::string& name, const at::Tensor& tensor) {
        const at::Tensor kept = tensor.detach().contiguous();
        m_kept.push_back(kept);
        m_entries.push_back({name,
                             kept.scalar_type() == at::kBFloat16 ? DType::BF16 : DType::F32,
                             kept.sizes().vec(),
                             {static_cast<const std::byte*>(kept.data_ptr()), std::size_t(kept.nbytes())}});
    }
    const std::vector<TensorToWrite>& entries() const { return m_entries; }

private:
    std::vector<at::Tensor> m_kept;
    std::vector<TensorToWrite> m_entries;
};

// The strategy's state of a layer, seen as a tensor.
std::string strategyName(std::size_t layer) {
    return "layers." + std::to_string(layer) + ".strategy";
}

at::Tensor asTensor(std::vector<float>& values) {
    return at::from_blob(values.data(), {std::int64_t(values.size())}, at::kFloat);
}

// The number as a person wrote it: 1e-05, not the nearest double to the nearest float.
double shortest(float value) {
    std::ostringstream text;
    text << value;
    return std::stod(text.str());
}

// What Mixtral's configuration cannot say (engine/checkpoint/trained_router.h); empty where it is Mixtral's gate.
nlohmann::ordered_json trainedRouter(const TrainModel& model) {
    nlohmann::ordered_json router;
    const MoeLayerInfo gate = model.strategy().gate(0);
    if (gate.moe.score == ScoreFunction::Sigmoid)
        router["score"] = "sigmoid";
    if (!gate.moe.renormalize)
        router["renormalize"] = false;
    if (!gate.selectionBias.empty())
        router["selection_bias"] = true;
    if (gate.moe.groupScore != GroupScore::None) {
        router["group_score"] = gate.moe.groupScore == GroupScore::Max ? "max" : "top_two_sum";
        router["groups"] = gate.moe.groups;
        router["topk_groups"] = gate.moe.topkGroups;
    }
    if (model.strategy().expertChoice())
        router["expert_choice"] = true;
    if (model.config().sharedExperts > 0)
        router["shared_experts"] = model.config().sharedExperts;
    return router;
}

nlohmann::ordered_json modelConfig(const TrainModel& model, std::int32_t bos) {
    const TrainConfig& c = model.config();
    nlohmann::ordered_json json{
        {"architectures", {"MixtralForCausalLM"}},
        {"model_type", "mixtral"},
        {"hidden_act", "silu"},
        {"hidden_size", c.width},
        {"intermediate_size", c.ffn},
        {"num_hidden_layers", c.layers},
        {"num_attention_heads", c.heads},
        {"num_key_value_heads", c.kvHeads},
        {"num_local_experts", c.experts},
        {"num_experts_per_tok", c.topK},
        {"vocab_size", c.vocabulary},
        {"max_position_embeddings", c.context},
        {"rms_norm_eps", shortest(c.normEps)},
        {"rope_theta", shortest(c.ropeTheta)},
        {"sliding_window", nullptr},
        {"tie_word_embeddings", c.tieEmbeddings},
        {"torch_dtype", "bfloat16"},
    };
    if (const nlohmann::ordered_json router = trainedRouter(model); !router.empty())
        json["moescope_router"] = router;
    json["bos_token_id"] = bos >= 0 ? nlohmann::ordered_json(bos) : nlohmann::ordered_json(nullptr);
    json["eos_token_id"] = nullptr;
    return json;
}

// The shared experts side by side, as one.
void addShared(TensorList& tensors, const TrainModel::Layer& layer, const std::string& name, const TrainConfig& c) {
    const std::int64_t inner = std::int64_t(c.sharedExperts) * c.ffn;
    const at::Tensor gate = layer.sharedGateUp.narrow(1, 0, c.ffn).reshape({inner, c.width});
    const at::Tensor up = layer.sharedGateUp.narrow(1, c.ffn, c.ffn).reshape({inner, c.width});
    const at::Tensor down = layer.sharedDown.permute({1, 0, 2}).reshape({c.width, inner});
    tensors.add(name + "w1.weight", gate.to(at::kBFloat16));
    tensors.add(name + "w2.weight", down.to(at::kBFloat16));
    tensors.add(name + "w3.weight", up.to(at::kBFloat16));
}

void addLayer(TensorList& tensors, const TrainModel& model, std::size_t index) {
    const TrainModel::Layer& layer = model.layers()[index];
    const TrainConfig& c = model.config();
    const std::int64_t headDim = c.width / c.heads;
    const std::string at = "model.layers." + std::to_string(index) + ".";
    const auto put = [&](const std::string& name, const at::Tensor& t) { tensors.add(at + name, t.to(at::kBFloat16)); };
    put("input_layernorm.weight", layer.attentionNorm);
    const auto qkv = layer.qkv.split_with_sizes({c.heads * headDim, c.kvHeads * headDim, c.kvHeads * headDim}, 0);
    put("self_attn.q_proj.weight", qkv[0]);
    put("self_attn.k_proj.weight", qkv[1]);
    put("self_attn.v_proj.weight", qkv[2]);
    put("self_attn.o_proj.weight", layer.output);
    put("post_attention_layernorm.weight", layer.expertNorm);
    put("block_sparse_moe.gate.weight", layer.router);
    if (std::vector<float> bias = model.strategy().gate(std::int32_t(index)).selectionBias; !bias.empty())
        tensors.add(at + "block_sparse_moe.gate.e_score_correction_bias", asTensor(bias).clone());
    if (c.sharedExperts > 0)
        addShared(tensors, layer, at + "block_sparse_moe.shared_expert.", c);
    for (std::int64_t e = 0; e < c.experts; ++e) {
        const std::string expert = "block_sparse_moe.experts." + std::to_string(e) + ".";
        put(expert + "w1.weight", layer.gateUp[e].narrow(0, 0, c.ffn));
        put(expert + "w2.weight", layer.down[e]);
        put(expert + "w3.weight", layer.gateUp[e].narrow(0, c.ffn, c.ffn));
    }
}

// What must agree for a state to be continued: the model's shape, and the order of the data.
std::string stateKey(const TrainConfig& c) {
    return nlohmann::json{c.layers,      c.width, c.heads,      c.kvHeads,       c.experts,
                          c.topK,        c.ffn,   c.vocabulary, c.tieEmbeddings, c.context,
                          c.batchTokens, c.seed,  c.strategy,   c.sharedExperts}
        .dump();
}

void fill(const SafetensorsFile& file, const std::string& name, const at::Tensor& tensor) {
    const TensorView view = file.tensor(name);
    if (view.dtype != DType::F32 || view.data.size() != std::size_t(tensor.nbytes()))
        throw Error(ErrorCode::Corruption, file.path().string() + ": tensor '" + name + "' has another size");
    std::memcpy(tensor.data_ptr(), view.data.data(), view.data.size());
}

} // namespace

void writeModel(const TrainModel& model, const std::filesystem::path& folder, std::int32_t bos) {
    TensorList tensors;
    tensors.add("model.embed_tokens.weight", model.embedding().to(at::kBFloat16));
    for (std::size_t i = 0; i < model.layers().size(); ++i)
        addLayer(tensors, model, i);
    tensors.add("model.norm.weight", model.finalNorm().to(at::kBFloat16));
    if (!model.config().tieEmbeddings)
        tensors.add("lm_head.weight", model.head().to(at::kBFloat16));
    writeSafetensors(folder / "model.safetensors", tensors.entries(), {{"format", "pt"}});
    AtomicFile config(folder / "config.json");
    const std::string text = modelConfig(model, bos).dump(2) + "\n";
    config.write(std::as_bytes(std::span(text)));
    config.commit();
}

void writeTrainerState(const TrainModel& model, const AdamW& optimizer, std::int64_t step,
                       const std::filesystem::path& folder) {
    TensorList tensors;
    for (std::size_t i = 0; i < model.parameters().size(); ++i) {
        const TrainModel::Parameter& p = model.parameters()[i];
        tensors.add(p.name, p.value);
        tensors.add(p.name + ".m", optimizer.firstMoments()[i]);
        tensors.add(p.name + ".v", optimizer.secondMoments()[i]);
    }
    if (auto* kept = model.strategy().state())
        for (std::size_t i = 0; i < kept->size(); ++i)
            tensors.add(strategyName(i), asTensor((*kept)[i]));
    writeSafetensors(folder / stateFile, tensors.entries(),
                     {{"step", std::to_string(step)}, {"key", stateKey(model.config())}});
}

std::int64_t readTrainerState(const TrainModel& model, const AdamW& optimizer, const std::filesystem::path& folder) {
    if (!std::filesystem::exists(folder / stateFile))
        return 0;
    const SafetensorsFile file(folder / stateFile);
    const auto& metadata = file.header().metadata;
    const auto key = metadata.find("key");
    const auto step = metadata.find("step");
    if (key == metadata.end() || step == metadata.end())
        throw Error(ErrorCode::Corruption, file.path().string() + " does not say what it belongs to");
    if (key->second != stateKey(model.config()))
        throw Error(ErrorCode::Conflict, file.path().string() + " was trained with other settings (" + key->second +
                                             " against " + stateKey(model.config()) + "); choose another --out");
    for (std::size_t i = 0; i < model.parameters().size(); ++i) {
        const TrainModel::Parameter& p = model.parameters()[i];
        fill(file, p.name, p.value);
        fill(file, p.name + ".m", optimizer.firstMoments()[i]);
        fill(file, p.name + ".v", optimizer.secondMoments()[i]);
    }
    if (auto* kept = model.strategy().state())
        for (std::size_t i = 0; i < kept->size(); ++i)
            fill(file, strategyName(i), asTensor((*kept)[i]));
    return std::stoll(step->second);
}

} // namespace moescope
