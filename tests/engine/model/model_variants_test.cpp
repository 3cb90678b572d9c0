// One model stored and run in every way the engine knows: the routes must not depend on it.
#include <cmath>

#include <gtest/gtest.h>

#include "engine/kernels/inference/packed_matrix.h"
#include "engine/routing/error.h"
#include "engine/session/decoder_session.h"
#include "tests/engine/model/model_folder.h"
#include "tests/support/collecting_sink.h"

namespace moescope {
namespace {

constexpr const char* kConfig = R"({"model_type":"mixtral","hidden_size":64,"intermediate_size":96,
    "num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"head_dim":32,"num_local_experts":4,
    "num_experts_per_tok":2,"vocab_size":100,"torch_dtype":"float32","sliding_window":50})";

class ModelVariants : public testing::Test {
protected:
    ModelVariants() : m_tensors(randomModel(parseModelConfig(kConfig, "test"))) {}

    static ReferenceRun run(const TempFolder& folder, at::ScalarType dtype, bool ownKernels,
                            std::optional<std::int64_t> budget = std::nullopt) {
        ChosenExecution chosen{{at::kCPU, dtype, ownKernels}, "cpu", dtype == at::kBFloat16 ? "bf16" : "f32"};
        DecoderSession session(folder.path(), chosen, 2, budget);
        return run(session);
    }

    static ReferenceRun run(DecoderSession& session) {
        std::vector<std::int64_t> ids;
        for (std::int64_t i = 0; i < 140; ++i)
            ids.push_back(i * 37 % 100);
        return session.runReference(ids, 2, 70);
    }

    ReferenceRun inF32() const {
        const TempFolder folder;
        writeModel(folder, kConfig, m_tensors, DType::F32);
        return run(folder, at::kFloat, true);
    }

    static void expectSame(const ReferenceRun& got, const ReferenceRun& want, float tolerance) {
        ASSERT_EQ(got.logits.size(), want.logits.size());
        for (std::size_t i = 0; i < got.logits.size(); ++i)
            ASSERT_NEAR(got.logits[i], want.logits[i], tolerance) << "logit " << i;
        for (std::size_t layer = 0; layer < want.routing.size(); ++layer)
            EXPECT_EQ(got.routing[layer].ids, want.routing[layer].ids) << "layer " << layer;
    }

    ModelTensors m_tensors;
};

TEST_F(ModelVariants, TorchOperationsComputeTheSame) {
    const TempFolder folder;
    writeModel(folder, kConfig, m_tensors, DType::F32);
    expectSame(run(folder, at::kFloat, false), inF32(), 1e-4F);
}

TEST_F(ModelVariants, LayersThatGiveWayComputeTheSame) {
    const TempFolder folder;
    writeModel(folder, kConfig, m_tensors, DType::F32);
    expectSame(run(folder, at::kFloat, true, 0), inF32(), 1e-6F);
}

TEST_F(ModelVariants, StoredTypesComputeTheSame) {
    for (const DType dtype : {DType::F16, DType::BF16}) {
        const TempFolder folder;
        writeModel(folder, kConfig, m_tensors, dtype);
        expectSame(run(folder, at::kFloat, true), inF32(), 1e-5F);
    }
}

TEST_F(ModelVariants, Bf16StaysNear) {
    if (!canMultiplyBf16())
        GTEST_SKIP() << "no bf16 products on this processor";
    const TempFolder folder;
    writeModel(folder, kConfig, m_tensors, DType::BF16);
    const ReferenceRun want = inF32();
    const ReferenceRun got = run(folder, at::kBFloat16, true);
    double error = 0;
    double size = 0;
    for (std::size_t i = 0; i < want.logits.size(); ++i) {
        error += std::pow(double(got.logits[i]) - want.logits[i], 2);
        size += std::pow(double(want.logits[i]), 2);
    }
    EXPECT_LT(std::sqrt(error / size), 0.03);
    int elsewhere = 0;
    for (std::size_t i = 0; i < want.routing[0].ids.size(); ++i)
        elsewhere += got.routing[0].ids[i] != want.routing[0].ids[i] ? 1 : 0;
    EXPECT_LE(elsewhere, 14); // of 280: only near ties
}

// A token alone goes through kernels of its own.
TEST_F(ModelVariants, Bf16TokenByTokenStaysNearTheBatch) {
    if (!canMultiplyBf16())
        GTEST_SKIP() << "no bf16 products on this processor";
    const TempFolder folder;
    writeModel(folder, kConfig, m_tensors, DType::BF16);
    const ChosenExecution chosen{{at::kCPU, at::kBFloat16, true}, "cpu", "bf16"};
    DecoderSession session(folder.path(), chosen, 2, std::nullopt);
    std::vector<std::int32_t> all{3, 14, 15, 92, 65, 35};
    CollectingSink alone, together;
    const auto output = session.generate({0, all, std::nullopt}, {60, 1.0, 1.0, 5}, alone, {});
    all.insert(all.end(), output.begin(), output.end());
    const Window window{0, all, std::nullopt};
    session.prefill(std::span(&window, 1), {false}, together, {});
    for (const auto& [layer, want] : together.layers()) {
        const CollectingSink::Layer& got = alone.layers().at(layer);
        ASSERT_EQ(got.logits.size(), want.logits.size());
        double error = 0;
        double size = 0;
        for (std::size_t i = 0; i < want.logits.size(); ++i) {
            error += std::pow(double(got.logits[i]) - want.logits[i], 2);
            size += std::pow(double(want.logits[i]), 2);
        }
        EXPECT_LT(std::sqrt(error / size), 0.02) << "layer " << layer.value;
    }
}

TEST_F(ModelVariants, ExpertsReadWhenATokenTakesThemComputeTheSame) {
    const TempFolder folder;
    writeModel(folder, kConfig, m_tensors, DType::F32);
    DecoderSession session(folder.path(), onCpu(), 2, std::nullopt);
    const std::vector<std::int64_t> one{7};
    session.runReference(one, 1, 1);
    expectSame(run(session), inF32(), 0);
}

// One token takes two of each layer's four experts; the others count all the same.
TEST_F(ModelVariants, DamagedExpertsAreFoundEvenIfNoTokenTakesThem) {
    for (int damaged = 0; damaged < 8; ++damaged) {
        const std::string name = "model.layers." + std::to_string(damaged / 4) + ".block_sparse_moe.experts." +
                                 std::to_string(damaged % 4) + ".w2.weight";
        SCOPED_TRACE(name);
        ModelTensors tensors = m_tensors;
        tensors.at(name).values[5] = std::nanf("");
        const TempFolder folder;
        writeModel(folder, kConfig, tensors, DType::F32);
        DecoderSession session(folder.path(), onCpu(), 2, std::nullopt);
        const std::vector<std::int32_t> token{7};
        const Window window{0, token, std::nullopt};
        for (int attempt = 0; attempt < 2; ++attempt) // it stays an error
            try {
                CollectingSink sink;
                if (attempt == 0)
                    session.prefill(std::span(&window, 1), {false}, sink, {});
                else
                    session.generate(window, {0}, sink, {});
                ADD_FAILURE() << "accepted";
            } catch (const Error& error) {
                EXPECT_EQ(error.code(), ErrorCode::Corruption);
                EXPECT_NE(std::string(error.what()).find(folder.path().string() + ": tensor \"" + name),
                          std::string::npos)
                    << error.what();
            }
    }
}

TEST_F(ModelVariants, PackedExpertsComputeTheSame) {
    ModelTensors packed = m_tensors;
    for (int layer = 0; layer < 2; ++layer) {
        const std::string block = "model.layers." + std::to_string(layer) + ".";
        ModelTensor gateUp{{4, 192, 64}, {}};
        ModelTensor down{{4, 64, 96}, {}};
        for (int expert = 0; expert < 4; ++expert) {
            const std::string name = block + "block_sparse_moe.experts." + std::to_string(expert) + ".";
            for (const char* part : {"w1.weight", "w3.weight"})
                gateUp.values.insert(gateUp.values.end(), packed[name + part].values.begin(),
                                     packed[name + part].values.end());
            down.values.insert(down.values.end(), packed[name + "w2.weight"].values.begin(),
                               packed[name + "w2.weight"].values.end());
            for (const char* part : {"w1.weight", "w2.weight", "w3.weight"})
                packed.erase(name + part);
        }
        packed[block + "mlp.experts.gate_up_proj"] = gateUp;
        packed[block + "mlp.experts.down_proj"] = down;
    }
    const TempFolder folder;
    writeModel(folder, kConfig, packed, DType::F32);
    expectSame(run(folder, at::kFloat, true), inF32(), 1e-6F);
}

TEST_F(ModelVariants, TiedEmbeddingsAreTheHead) {
    ModelTensors same = m_tensors;
    same["lm_head.weight"] = same["model.embed_tokens.weight"];
    ModelTensors tied = same;
    tied.erase("lm_head.weight");
    const TempFolder one, two;
    writeModel(one, kConfig, same, DType::F32);
    std::string config = kConfig;
    config.insert(1, "\"tie_word_embeddings\":true,");
    writeModel(two, config, tied, DType::F32);
    expectSame(run(two, at::kFloat, true), run(one, at::kFloat, true), 1e-6F);
}

} // namespace
} // namespace moescope
