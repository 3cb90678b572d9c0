// Random models of every family, run in every way the engine knows: the routes must not depend on it.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/kernels/inference/packed_matrix.h"
#include "engine/session/decoder_session.h"
#include "tests/engine/model/model_folder.h"
#include "tests/support/collecting_sink.h"
#include "tests/support/random_config.h"

namespace moescope {
namespace {

ReferenceRun run(const TempFolder& folder, at::ScalarType dtype, bool ownKernels,
                 std::optional<std::int64_t> budget = std::nullopt) {
    DecoderSession session(folder.path(), onCpu(dtype, ownKernels), 2, budget);
    return session.runReference(someIds(46, session.info().vocabulary), 2, 23);
}

ReferenceRun int8Run(const TempFolder& folder, at::ScalarType dtype,
                     std::optional<std::int64_t> budget = std::nullopt) {
    ChosenExecution chosen = onCpu(dtype);
    chosen.execution.int8Experts = true;
    DecoderSession session(folder.path(), chosen, 2, budget);
    EXPECT_EQ(session.info().expertWeights, "int8");
    return session.runReference(someIds(46, session.info().vocabulary), 2, 23);
}

// Largest difference relative to the largest value; infinite where sizes differ.
double distance(const std::vector<float>& a, const std::vector<float>& b) {
    if (a.size() != b.size())
        return INFINITY;
    double largest = 0;
    double difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        largest = std::max(largest, double(std::fabs(b[i])));
        difference = std::max(difference, std::fabs(double(a[i]) - double(b[i])));
    }
    return largest > 0 ? difference / largest : difference;
}

void expectSame(const ReferenceRun& got, const ReferenceRun& want, double tolerance) {
    EXPECT_LE(distance(got.logits, want.logits), tolerance);
    EXPECT_LE(distance(got.lastHiddenState, want.lastHiddenState), tolerance);
    ASSERT_EQ(got.routing.size(), want.routing.size());
    for (std::size_t layer = 0; layer < want.routing.size(); ++layer) {
        EXPECT_EQ(got.routing[layer].ids, want.routing[layer].ids);
        EXPECT_LE(distance(got.routing[layer].weights, want.routing[layer].weights), tolerance);
    }
}

class Families : public testing::TestWithParam<const char*> {
protected:
    template <class Check>
    void eachConfig(const Check& check) {
        for (unsigned seed = 1; seed <= 4; ++seed) {
            const std::string config = RandomConfig(GetParam(), seed).text();
            SCOPED_TRACE(config);
            check(config, randomModel(parseModelConfig(config, "test")));
        }
    }
};

TEST_P(Families, LibTorchOperationsAndStreamedWeightsComputeTheSame) {
    eachConfig([](const std::string& config, const ModelTensors& tensors) {
        const TempFolder folder;
        writeModel(folder, config, tensors, DType::F32);
        const ReferenceRun want = run(folder, at::kFloat, true);
        expectSame(run(folder, at::kFloat, false), want, 1e-4);
        expectSame(run(folder, at::kFloat, true, 0), want, 1e-6);
    });
}

TEST_P(Families, LayerMajorEqualsTokenByTokenWithACache) {
    eachConfig([](const std::string& config, const ModelTensors& tensors) {
        const TempFolder folder;
        writeModel(folder, config, tensors, DType::F32);
        DecoderSession session(folder.path(), onCpu(), 2);
        if (session.info().stack == "encoder")
            return; // sees both ways: has no cache
        const RopeConfig::Kind rope = parseModelConfig(config, "test").attention.rope.kind;
        if (rope == RopeConfig::Kind::DynamicNtk || rope == RopeConfig::Kind::LongRope)
            return; // a token that is there already stays as it was turned when the sequence was shorter
        const std::vector<std::int32_t> prompt{3, 14, 15, 9, 26, 5, 35};
        CollectingSink generated;
        std::vector<std::int32_t> all = prompt;
        const auto output = session.generate({0, prompt, std::nullopt}, {12}, generated, {});
        all.insert(all.end(), output.begin(), output.end());
        ASSERT_EQ(all.size(), 19U);
        CollectingSink whole;
        const Window window{0, all, std::nullopt};
        session.prefill(std::span(&window, 1), {false}, whole, {});
        ASSERT_EQ(whole.layers().size(), generated.layers().size());
        for (const auto& [layer, want] : whole.layers()) {
            const CollectingSink::Layer& got = generated.layers().at(layer);
            EXPECT_EQ(got.ids, want.ids) << "layer " << layer.value;
            EXPECT_LE(distance(got.logits, want.logits), 1e-4);
        }
    });
}

// Experts are packed when a token first takes them: a single one leaves most of them unpacked.
TEST_P(Families, OneTokenCanBeTheFirst) {
    eachConfig([](const std::string& config, const ModelTensors& tensors) {
        const TempFolder folder;
        writeModel(folder, config, tensors, DType::BF16);
        for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
            if (dtype == at::kBFloat16 && !canMultiplyBf16())
                continue;
            DecoderSession session(folder.path(), onCpu(dtype), 2);
            const ReferenceRun one = session.runReference(someIds(1, session.info().vocabulary), 1, 1);
            EXPECT_EQ(one.hidden.size(), std::size_t(session.info().layers));
        }
    });
}

// A token at a time reads few experts of each layer, and not in the order of the file.
TEST_P(Families, StreamedWeightsGenerateTheSame) {
    eachConfig([](const std::string& config, const ModelTensors& tensors) {
        const TempFolder folder;
        writeModel(folder, config, tensors, DType::F32);
        const auto generated = [&](std::optional<std::int64_t> budget) {
            DecoderSession session(folder.path(), onCpu(), 2, budget);
            InferenceSession& writing = session.decoder() != nullptr ? *session.decoder() : session;
            CollectingSink sink;
            if (writing.info().stack == "encoder")
                return std::pair(std::vector<std::int32_t>(), sink.layers());
            const std::vector<std::int32_t> prompt{3, 14, 15, 9, 26, 5, 35};
            const auto output = writing.generate({0, prompt, std::nullopt}, {6}, sink, {});
            return std::pair(output, sink.layers());
        };
        EXPECT_EQ(generated(0), generated(std::nullopt));
    });
}

TEST_P(Families, Bf16StaysNear) {
    if (!canMultiplyBf16())
        GTEST_SKIP() << "no bf16 products on this processor";
    eachConfig([](const std::string& config, const ModelTensors& tensors) {
        const TempFolder folder;
        writeModel(folder, config, tensors, DType::BF16);
        const ReferenceRun want = run(folder, at::kFloat, true);
        const ReferenceRun got = run(folder, at::kBFloat16, true);
        // A token at the edge between two experts may go to the other: the first expert layer shows what rounding does.
        const auto& first = want.routing.front();
        std::size_t elsewhere = 0;
        for (std::size_t i = 0; i < first.ids.size(); ++i)
            elsewhere += first.ids[i] != got.routing.front().ids[i] ? 1 : 0;
        EXPECT_LE(elsewhere, first.ids.size() / 8);
        EXPECT_LE(distance(got.routing.front().routerLogits, first.routerLogits), 0.06);
    });
}

TEST_P(Families, ExpertsInInt8StayNearAndStreamTheSame) {
    eachConfig([](const std::string& config, const ModelTensors& tensors) {
        const TempFolder folder;
        writeModel(folder, config, tensors, DType::F32);
        const ReferenceRun want = run(folder, at::kFloat, true);
        const ReferenceRun got = int8Run(folder, at::kFloat);
        expectSame(int8Run(folder, at::kFloat, 0), got, 0.0);
        // Up to the first layer of experts nothing has changed; behind it tokens at an edge may go elsewhere.
        const auto layer = std::size_t(want.routing.front().layer.value);
        EXPECT_EQ(got.routing.front().ids, want.routing.front().ids);
        EXPECT_EQ(got.routing.front().routerLogits, want.routing.front().routerLogits);
        EXPECT_GT(distance(got.hidden[layer], want.hidden[layer]), 0.0);
        EXPECT_LE(distance(got.hidden[layer], want.hidden[layer]), 0.03);
        if (canMultiplyBf16()) {
            const ReferenceRun narrow = int8Run(folder, at::kBFloat16);
            EXPECT_LE(distance(narrow.hidden[layer], run(folder, at::kBFloat16, true).hidden[layer]), 0.03);
            expectSame(int8Run(folder, at::kBFloat16, 0), narrow, 0.0);
        }
    });
}

TEST_P(Families, ShardedEqualsSingle) {
    const std::string config = RandomConfig(GetParam(), 5).text();
    const ModelTensors tensors = randomModel(parseModelConfig(config, "test"));
    const TempFolder single, sharded;
    writeModel(single, config, tensors, DType::F32);
    sharded.write("config.json", config);
    std::string map;
    std::array<std::vector<TensorToWrite>, 2> shards;
    std::size_t next = 0;
    for (const auto& [name, tensor] : tensors) {
        const std::size_t shard = next++ % 2;
        shards[shard].push_back({name, DType::F32, tensor.shape, std::as_bytes(std::span(tensor.values))});
        map += (map.empty() ? "\"" : ",\"") + name + "\":\"" + std::to_string(shard) + ".safetensors\"";
    }
    for (std::size_t shard = 0; shard < 2; ++shard)
        writeSafetensors(sharded / (std::to_string(shard) + ".safetensors"), shards[shard]);
    sharded.write("model.safetensors.index.json", R"({"weight_map":{)" + map + "}}");
    expectSame(run(sharded, at::kFloat, true), run(single, at::kFloat, true), 0.0);
}

// Where a family's experts are stored one by one, newer checkpoints have them packed.
TEST_P(Families, PackedExpertsEqualExpertsOneByOne) {
    const std::string config = RandomConfig(GetParam(), 6).text();
    const ModelConfig model = parseModelConfig(config, "test");
    if (model.names.expertUp.empty() || model.names.packedGateUp.empty())
        GTEST_SKIP() << "this family has one layout";
    const ModelTensors tensors = randomModel(model);
    ModelTensors packed = tensors;
    for (const MoeLayerInfo& info : model.moeLayers) {
        const auto plan = planPackedExperts(model, info);
        ModelTensor gateUp{plan[0].shape, {}};
        ModelTensor down{plan[1].shape, {}};
        for (std::int32_t expert = 0; expert < info.moe.experts; ++expert) {
            const auto move = [&](const std::string& pattern, ModelTensor& to) {
                const std::string name = weightName(pattern, info.layer.value, expert);
                to.values.insert(to.values.end(), packed.at(name).values.begin(), packed.at(name).values.end());
                packed.erase(name);
            };
            move(model.names.expertGate, gateUp);
            move(model.names.expertUp, gateUp);
            move(model.names.expertDown, down);
        }
        packed[plan[0].name] = gateUp;
        packed[plan[1].name] = down;
    }
    const TempFolder one, other;
    writeModel(one, config, tensors, DType::F32);
    writeModel(other, config, packed, DType::F32);
    expectSame(run(other, at::kFloat, true), run(one, at::kFloat, true), 0.0);
}

INSTANTIATE_TEST_SUITE_P(All, Families, testing::ValuesIn(kFamilyNames),
                         [](const auto& one) { return std::string(one.param); });

} // namespace
} // namespace moescope
