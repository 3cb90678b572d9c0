#include <algorithm>
#include <cmath>

#include "engine/checkpoint/common_config.h"
#include "engine/checkpoint/families/family.h"

namespace moescope {

namespace {

ExpertActivation activationOf(const ConfigReader& config) {
    const std::string name = config.text("dense_act_fn", config.text("feed_forward_proj", "relu"));
    if (name == "relu")
        return ExpertActivation::Relu;
    if (name == "gelu")
        return ExpertActivation::Gelu;
    if (name == "gelu_new")
        return ExpertActivation::GeluTanh;
    if (name == "silu" || name == "swish")
        return ExpertActivation::Silu;
    config.unsupported("activation \"" + name + "\" is not supported; relu, gelu, gelu_new and silu are");
}

AttentionConfig readT5Attention(const ConfigReader& config) {
    AttentionConfig attention;
    attention.heads = attention.kvHeads = config.size("num_heads", kLargestWidth);
    attention.headDim = attention.valueDim = config.size("d_kv", 4096);
    attention.scale = 1.0; // T5 leaves the scores as they are
    attention.rope.kind = RopeConfig::Kind::None;
    attention.relativeBias = RelativeBiasConfig{config.size("relative_attention_num_buckets", 1 << 16, 32),
                                                config.size("relative_attention_max_distance", 1 << 24, 128)};
    if (attention.relativeBias->buckets < 4)
        config.reject("relative_attention_num_buckets", "must be at least 4");
    attention.causal = false;
    return attention;
}

// Layer i has experts iff i % step == 1, or every layer where step is 1.
std::vector<MoeLayerInfo> layersOfStack(const ConfigReader& config, const ModelConfig& model, const MoeConfig& gate) {
    const bool encoder = model.stack == "encoder";
    const char* sparseKey = encoder ? "num_sparse_encoder_layers" : "num_sparse_decoder_layers";
    const std::int64_t sparse = config.integer(sparseKey, 0, kLargestLayers, 3);
    const std::int64_t step =
        config.integer(encoder ? "encoder_sparse_step" : "decoder_sparse_step", 0, kLargestLayers,
                       sparse > 0 ? std::max<std::int64_t>(1, model.layers / sparse) : std::int64_t(model.layers));
    std::vector<MoeLayerInfo> layers;
    for (std::int32_t layer = 0; layer < model.layers; ++layer)
        if (step == 1 || (step > 1 && layer % step == 1))
            layers.push_back({LayerId(layer), gate, {}});
    if (layers.empty() && encoder)
        config.unsupported("no encoder layer of this model has experts; there is no routing to look at");
    return layers;
}

void nameStack(WeightNames& names, const std::string& stack) {
    const std::string block = stack + ".block.{L}.";
    const std::string last = block + (stack == "encoder" ? "layer.1." : "layer.2.");
    names.embedding = "shared.weight";
    names.finalNorm = stack + ".final_layer_norm.weight";
    names.layerPrefix = block;
    names.inputNorm = block + "layer.0.layer_norm.weight";
    names.query = block + "layer.0.SelfAttention.q.weight";
    names.key = block + "layer.0.SelfAttention.k.weight";
    names.value = block + "layer.0.SelfAttention.v.weight";
    names.output = block + "layer.0.SelfAttention.o.weight";
    const std::string cross = block + "layer.1.EncDecAttention.";
    names.crossNorm = block + "layer.1.layer_norm.weight";
    names.crossQuery = cross + "q.weight";
    names.crossKey = cross + "k.weight";
    names.crossValue = cross + "v.weight";
    names.crossOutput = cross + "o.weight";
    names.relativeBias = stack + ".block.0.layer.0.SelfAttention.relative_attention_bias.weight";
    names.postAttentionNorm = last + "layer_norm.weight";
    names.router = last + "mlp.router.classifier.weight";
    names.expertGate = names.denseGate = "";
    names.expertUp = last + "mlp.experts.expert_{E}.wi.weight";
    names.expertDown = last + "mlp.experts.expert_{E}.wo.weight";
    names.packedGateUp = names.packedDown = "";
    names.denseUp = last + "mlp.wi.weight";
    names.denseDown = last + "mlp.wo.weight";
}

ModelConfig readStack(const ConfigReader& config, const std::string& stack) {
    const bool encoder = stack == "encoder";
    ModelConfig model;
    model.modelType = config.text("model_type", "");
    model.stack = stack;
    model.hidden = config.size("d_model", kLargestWidth);
    model.layers = config.size("num_layers", kLargestLayers);
    if (!encoder)
        model.layers = config.size("num_decoder_layers", kLargestLayers, model.layers);
    model.vocabulary = config.size("vocab_size", kLargestVocabulary);
    model.expertIntermediate = model.denseIntermediate = config.size("d_ff", kLargestWidth);
    model.normEps = float(config.positive("layer_norm_epsilon", 1e-6));
    model.activation = activationOf(config);
    model.routerBias = config.flag("router_bias", false);
    model.expertCapacity = config.size("expert_capacity", kLargestExperts, 64);
    model.head = !encoder;
    model.crossAttention = !encoder;
    model.tieEmbeddings = config.flag("tie_word_embeddings", true);
    if (!encoder) {
        const std::int64_t padding = config.integer("pad_token_id", 0, model.vocabulary - 1, 0);
        model.start = std::int32_t(config.integer("decoder_start_token_id", 0, model.vocabulary - 1, padding));
        if (model.tieEmbeddings) // T5 leaves embeddings large and makes up for it in front of the head
            model.logitsDivisor = std::sqrt(float(model.hidden));
    }
    model.eos = config.tokenIds("eos_token_id");
    model.dtype = readDType(config);
    model.attention = readT5Attention(config);
    model.attention.causal = !encoder;
    MoeConfig gate;
    gate.experts = config.size("num_experts", kLargestExperts);
    gate.topK = 1;
    gate.score = ScoreFunction::Softmax;
    gate.renormalize = false;
    model.moeLayers = layersOfStack(config, model, gate);
    nameStack(model.names, stack);
    return model;
}

bool hasDecoder(const ConfigReader& config) {
    const std::vector<std::string> architectures = config.texts("architectures");
    return config.integer("num_decoder_layers", 0, kLargestLayers, 1) > 0 &&
           std::find(architectures.begin(), architectures.end(), "SwitchTransformersEncoderModel") ==
               architectures.end();
}

} // namespace

// Switch Transformers (Fedus et al., arXiv 2101.03961): T5 with experts in every other layer; each token goes to its
// best expert, which serves the first expert_capacity tokens of a sequence that choose it. The others pass by it:
// prob x the normed input is added for them. The decoder is a stack of its own that reads the encoder's last hidden
// state; in it capacity counts the tokens of one forward pass, so that generation, one token a pass, drops none.
ModelConfig readSwitch(const ConfigReader& config) {
    ModelConfig model = readStack(config, "encoder");
    if (hasDecoder(config))
        model.decoderStack = std::make_shared<const ModelConfig>(readStack(config, "decoder"));
    return model;
}

} // namespace moescope
