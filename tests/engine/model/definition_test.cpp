// Random models of every family against the definitions of their parts, computed in double by code that shares nothing
// with the engine.
#include <cmath>

#include <gtest/gtest.h>

#include "engine/routing/routing_block.h"
#include "engine/session/decoder_session.h"
#include "tests/engine/model/model_folder.h"
#include "tests/support/collecting_sink.h"
#include "tests/support/naive_model.h"
#include "tests/support/random_config.h"

namespace moescope {
namespace {

constexpr std::int64_t kLength = 23;

std::vector<std::int64_t> sequenceOf(const std::vector<std::int64_t>& ids, std::int64_t b, std::int64_t length) {
    return {ids.begin() + b * length, ids.begin() + (b + 1) * length};
}

// Both sequences of a batch, one behind the other, against one naive result each.
class Comparison {
public:
    Comparison(const ModelConfig& config, const ReferenceRun& got, std::int64_t length)
        : m_config(config), m_got(got), m_length(length) {}

    void sequence(std::int64_t b, const test::NaiveModel::Result& want) const {
        for (std::size_t layer = 0; layer < want.hidden.size(); ++layer)
            rows("hidden " + std::to_string(layer), m_got.hidden[layer], b, want.hidden[layer]);
        if (m_config.head)
            rows("logits", m_got.logits, b, want.logits);
        else
            rows("last hidden state", m_got.lastHiddenState, b, want.last);
        for (std::size_t layer = 0; layer < want.routes.size(); ++layer)
            for (std::int64_t t = 0; t < m_length; ++t)
                route(m_got.routing[layer], std::size_t(b * m_length + t), want.routes[layer][std::size_t(t)]);
    }

private:
    void rows(const std::string& what, const std::vector<float>& got, std::int64_t b,
              const test::NaiveModel::Rows& want) const {
        const std::size_t width = want.front().size();
        ASSERT_EQ(got.size() % width, 0U) << what;
        for (std::size_t t = 0; t < want.size(); ++t)
            for (std::size_t i = 0; i < width; ++i)
                ASSERT_NEAR(got[(std::size_t(b * m_length) + t) * width + i], want[t][i],
                            1e-4 + 1e-4 * std::fabs(want[t][i]))
                    << what << ", token " << t << ", element " << i;
    }

    static void route(const ReferenceRun::Routing& got, std::size_t token, const test::NaiveModel::Route& want) {
        const std::size_t k = got.ids.size() * want.logits.size() / got.routerLogits.size();
        for (std::size_t e = 0; e < want.logits.size(); ++e)
            ASSERT_NEAR(got.routerLogits[token * want.logits.size() + e], want.logits[e], 1e-4);
        if (want.chosen.empty()) {
            ASSERT_EQ(got.ids[token], kNoExpert) << "token " << token << " is not dropped";
            return;
        }
        for (const auto& [expert, weight] : want.chosen) {
            const auto first = got.ids.begin() + std::ptrdiff_t(token * k);
            const auto found = std::find(first, first + std::ptrdiff_t(k), expert);
            ASSERT_NE(found, first + std::ptrdiff_t(k)) << "token " << token << " does not go to expert " << expert;
            ASSERT_NEAR(got.weights[std::size_t(found - got.ids.begin())], weight, 1e-4) << "token " << token;
        }
    }

    const ModelConfig& m_config;
    const ReferenceRun& m_got;
    std::int64_t m_length;
};

class Definition : public testing::TestWithParam<const char*> {};

TEST_P(Definition, AgreesWithEveryPartInDouble) {
    for (unsigned seed = 21; seed <= 32; ++seed) {
        const std::string text = RandomConfig(GetParam(), seed).text();
        SCOPED_TRACE(text);
        const ModelConfig config = parseModelConfig(text, "test");
        const ModelTensors tensors = randomModel(config);
        const TempFolder folder;
        writeModel(folder, text, tensors, DType::F32);
        DecoderSession session(folder.path(), onCpu(), 1);
        const auto ids = someIds(2 * kLength, config.vocabulary);
        const ReferenceRun got = session.runReference(ids, 2, kLength);
        test::NaiveModel naive(config, tensors);
        for (std::int64_t b = 0; b < 2; ++b)
            Comparison(config, got, kLength).sequence(b, naive.run(sequenceOf(ids, b, kLength)));
        if (HasFatalFailure())
            return;
    }
}

INSTANTIATE_TEST_SUITE_P(All, Definition, testing::ValuesIn(kFamilyNames),
                         [](const auto& one) { return std::string(one.param); });

// A decoder reads the encoder's last hidden state; texts of both may be of any length.
TEST(EncoderDecoder, AgreesWithEveryPartInDouble) {
    int seen = 0;
    for (unsigned seed = 1; seed <= 24; ++seed) {
        const std::string text = RandomConfig("switch_transformers", seed).text();
        SCOPED_TRACE(text);
        const ModelConfig config = parseModelConfig(text, "test");
        if (!config.decoderStack)
            continue;
        ++seen;
        const ModelTensors tensors = randomModel(config);
        const TempFolder folder;
        writeModel(folder, text, tensors, DType::F32);
        for (const bool ownKernels : {true, false}) {
            DecoderSession session(folder.path(), onCpu(at::kFloat, ownKernels), 1);
            const std::int64_t length = seed % 2 == 0 ? 9 : 31;
            const auto ids = someIds(2 * kLength, config.vocabulary);
            const auto own = someIds(2 * length, config.vocabulary, 5);
            const ReferenceRun got = session.decoder()->decodeReference(ids, 2, kLength, own);
            test::NaiveModel encoder(config, tensors), decoder(*config.decoderStack, tensors);
            for (std::int64_t b = 0; b < 2; ++b)
                Comparison(*config.decoderStack, got, length)
                    .sequence(b,
                              decoder.run(sequenceOf(own, b, length), encoder.run(sequenceOf(ids, b, kLength)).last));
        }
        if (::testing::Test::HasFatalFailure())
            return;
    }
    EXPECT_GT(seen, 8);
}

// What a step of generation chooses and how it is routed is what a pass over the whole output gives, as long as no
// expert's capacity is reached: a step is a pass of one token.
TEST(EncoderDecoder, GeneratesAsAPassOverTheOutput) {
    const std::string text = R"({"model_type":"switch_transformers","d_model":32,"d_kv":8,"d_ff":40,"num_heads":3,
        "num_layers":2,"num_decoder_layers":3,"encoder_sparse_step":2,"decoder_sparse_step":2,"num_experts":4,
        "expert_capacity":64,"vocab_size":70,"decoder_start_token_id":3})";
    const ModelConfig config = parseModelConfig(text, "test");
    const ModelTensors tensors = randomModel(config);
    const TempFolder folder;
    writeModel(folder, text, tensors, DType::F32);
    DecoderSession session(folder.path(), onCpu(), 1);
    const std::vector<std::int32_t> prompt{3, 14, 15, 9, 26, 5, 35};
    CollectingSink generated;
    const auto output = session.decoder()->generate({7, prompt, std::nullopt}, {9}, generated, {});
    ASSERT_EQ(output.size(), 9U);
    std::vector<std::int64_t> own{3};
    own.insert(own.end(), output.begin(), output.end());
    test::NaiveModel encoder(config, tensors), decoder(*config.decoderStack, tensors);
    const auto want = decoder.run(own, encoder.run({prompt.begin(), prompt.end()}).last);
    for (std::size_t i = 0; i < output.size(); ++i)
        EXPECT_EQ(output[i], std::max_element(want.logits[i].begin(), want.logits[i].end()) - want.logits[i].begin());
    const auto& layer = generated.layers().at(LayerId(1));
    ASSERT_EQ(layer.ids.size(), output.size());
    for (std::size_t i = 0; i < output.size(); ++i)
        EXPECT_EQ(layer.ids[i], want.routes[0][i + 1].chosen[0].first) << "token " << i;
}

// Published code (DeepSeek-V2's modeling file): the scores' scale is (nope + rope)^-0.5, times m(mscale_all_dim)^2
// where that is stated; cosines are scaled by m(mscale) / m(mscale_all_dim), with 1 and 0 where unstated.
TEST(DeepSeekYarn, ScalesAsItsOwnCodeDoes) {
    struct Case {
        const char* stated;
        double mscale, allDim;
    };
    for (const Case& one :
         {Case{R"("mscale":0.707,"mscale_all_dim":0.707)", 0.707, 0.707}, Case{R"("mscale":0.707)", 0.707, 0},
          Case{R"("mscale_all_dim":1.0)", 1, 1}, Case{R"("beta_slow":1)", 1, 0}}) {
        for (const char* family : {"deepseek_v2", "deepseek_v3"}) {
            const std::string text =
                std::string(R"({"hidden_size":32,"num_hidden_layers":2,"vocab_size":60,"num_attention_heads":2,
                "n_routed_experts":4,"num_experts_per_tok":2,"intermediate_size":32,"moe_intermediate_size":16,
                "kv_lora_rank":16,"q_lora_rank":null,"qk_nope_head_dim":8,"qk_rope_head_dim":4,"v_head_dim":8,
                "rope_scaling":{"type":"yarn","factor":40,"original_max_position_embeddings":4096,)") +
                one.stated + R"(},"model_type":")" + family + "\"}";
            const AttentionConfig attention = parseModelConfig(text, "test").attention;
            const auto m = [](double mscale) { return 0.1 * mscale * std::log(40.0) + 1; };
            EXPECT_NEAR(attention.scale, m(one.allDim) * m(one.allDim) / std::sqrt(12.0), 1e-9) << text;
            EXPECT_NEAR(attention.rope.attentionFactor.value(), m(one.mscale) / m(one.allDim), 1e-9) << text;
        }
    }
}

} // namespace
} // namespace moescope
