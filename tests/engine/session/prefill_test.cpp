#include <cmath>
#include <cstring>
#include <fstream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/service/reference_dump.h"
#include "engine/checkpoint/checkpoint.h"
#include "engine/checkpoint/safetensors_writer.h"
#include "engine/routing/error.h"
#include "tests/engine/checkpoint/temp_folder.h"
#include "tests/engine/session/golden_model.h"
#include "tests/support/collecting_sink.h"

namespace moescope {
namespace {

std::vector<std::int32_t> someTokens(std::size_t count) {
    std::mt19937 random(7);
    std::vector<std::int32_t> tokens(count);
    for (std::int32_t& token : tokens)
        token = std::int32_t(random() % 320);
    return tokens;
}

// The tokens cut into consecutive windows.
std::vector<Window> windowsOf(std::span<const std::int32_t> tokens, std::size_t length,
                              std::optional<std::int32_t> bos = std::nullopt) {
    std::vector<Window> windows;
    for (std::size_t begin = 0; begin < tokens.size(); begin += length)
        windows.push_back({TokenIndex(begin), tokens.subspan(begin, std::min(length, tokens.size() - begin)), bos});
    return windows;
}

void expectNear(const CollectingSink& a, const CollectingSink& b) {
    ASSERT_EQ(a.layers().size(), b.layers().size());
    for (const auto& [layer, one] : a.layers()) {
        const CollectingSink::Layer& other = b.layers().at(layer);
        EXPECT_TRUE(one.inOrder && other.inOrder);
        EXPECT_EQ(one.ids, other.ids) << "layer " << layer.value;
        ASSERT_EQ(one.logits.size(), other.logits.size());
        for (std::size_t i = 0; i < one.logits.size(); ++i)
            ASSERT_NEAR(one.logits[i], other.logits[i], 2e-5) << "layer " << layer.value << " logit " << i;
        for (std::size_t i = 0; i < one.weights.size(); ++i)
            ASSERT_NEAR(one.weights[i], other.weights[i], 1e-5);
    }
}

TEST(Prefill, ABatchRoutesAsItsWindowsDoAlone) {
    const auto session = openGolden("mixtral_swa");
    const auto tokens = someTokens(300);
    const auto windows = windowsOf(tokens, 70);
    CollectingSink together;
    session->prefill(windows, {true}, together, {});
    CollectingSink alone;
    for (const Window& window : windows)
        session->prefill(std::span(&window, 1), {true}, alone, {});
    expectNear(together, alone);
    ASSERT_EQ(together.losses().size(), tokens.size());
    for (std::size_t t = 0; t < tokens.size(); ++t)
        if (t % 70 == 0)
            EXPECT_TRUE(std::isnan(together.losses()[t]));
        else
            EXPECT_NEAR(together.losses()[t], alone.losses()[t], 1e-4);
}

// Layer by layer over all tokens equals token by token through all layers with a cache.
TEST(Prefill, LayerMajorEqualsTokenMajor) {
    for (const char* name : {"mixtral_gqa", "mixtral_swa"}) {
        const auto session = openGolden(name);
        // A random model may end its text early: take the first prompt that it carries on with.
        std::vector<std::int32_t> all;
        CollectingSink generated;
        for (std::int32_t token = 3; all.size() < 20 && token < 320; ++token) {
            all.assign(1, token);
            generated = CollectingSink();
            const auto prompt = all;
            const auto output = session->generate({0, prompt, std::nullopt}, {39}, generated, {});
            all.insert(all.end(), output.begin(), output.end());
        }
        ASSERT_GE(all.size(), 20U);
        CollectingSink whole;
        session->prefill(windowsOf(all, all.size()), {false}, whole, {});
        expectNear(whole, generated);
        EXPECT_EQ(generated.tokenIds(), all);
        EXPECT_EQ(generated.phases()[0], Phase::Prompt);
        EXPECT_EQ(generated.phases()[1], Phase::Generated);
    }
}

// What a generated token cost where it was drawn is what it costs when the text is recorded again; however it was
// drawn, it is the model's own distribution that counts.
TEST(Prefill, GeneratedTokensCostWhatTheyDoWhenRecordedAgain) {
    for (const char* name : {"mixtral_gqa", "deepseek_v3"})
        for (const double temperature : {0.0, 1.7}) {
            SCOPED_TRACE(std::string(name) + " at temperature " + std::to_string(temperature));
            const auto session = openGolden(name);
            const std::vector<std::int32_t> prompt = someTokens(5);
            CollectingSink generated;
            const auto output = session->generate({0, prompt, 1}, {25, temperature, 0.9, 4, true}, generated, {});
            ASSERT_GT(output.size(), 1U);
            EXPECT_EQ(generated.losses().size(), output.size());
            std::vector<std::int32_t> all = prompt;
            all.insert(all.end(), output.begin(), output.end());
            CollectingSink again;
            session->prefill(windowsOf(all, all.size(), 1), {true}, again, {});
            for (std::size_t i = 0; i < output.size(); ++i)
                EXPECT_NEAR(generated.losses()[i], again.losses()[prompt.size() + i], 1e-4) << "token " << i;
        }
}

TEST(Prefill, ThreadsDoNotChangeTheRoutes) {
    const auto tokens = someTokens(600);
    const auto windows = windowsOf(tokens, 512);
    CollectingSink one;
    openGolden("mixtral_gqa", "f32", 1)->prefill(windows, {true}, one, {});
    CollectingSink three;
    openGolden("mixtral_gqa", "f32", 3)->prefill(windows, {true}, three, {});
    expectNear(one, three);
}

TEST(Prefill, TheBosIsSeenButNotRecorded) {
    const auto session = openGolden("mixtral_gqa");
    const auto tokens = someTokens(48);
    CollectingSink with;
    session->prefill(windowsOf(tokens, 20, 1), {true}, with, {});
    ASSERT_EQ(with.losses().size(), tokens.size());
    for (const float loss : with.losses())
        EXPECT_TRUE(std::isfinite(loss));

    std::vector<std::int32_t> spelled{1};
    spelled.insert(spelled.end(), tokens.begin(), tokens.begin() + 20);
    CollectingSink reference;
    session->prefill(windowsOf(spelled, spelled.size()), {true}, reference, {});
    const auto& got = with.layers().at(LayerId(1));
    const auto& want = reference.layers().at(LayerId(1));
    ASSERT_EQ(got.logits.size(), tokens.size() * 8);
    for (std::size_t i = 0; i < 20 * 8; ++i)
        ASSERT_NEAR(got.logits[i], want.logits[i + 8], 2e-5);
    for (std::size_t t = 0; t < 20; ++t)
        EXPECT_NEAR(with.losses()[t], reference.losses()[t + 1], 1e-4);
}

TEST(Prefill, NllIsTheReferencesCrossEntropy) {
    const auto session = openGolden("mixtral_gqa");
    const ReferenceDump dump(goldenModel("mixtral_gqa") / "expected.safetensors");
    const std::vector<std::int32_t> tokens(dump.inputIds().begin(), dump.inputIds().begin() + dump.length());
    const auto logits = dump.floats("logits", std::size_t(dump.batch() * dump.length() * 320));
    CollectingSink sink;
    session->prefill(windowsOf(tokens, tokens.size()), {true}, sink, {});
    for (std::size_t t = 1; t < tokens.size(); ++t) {
        double sum = 0;
        for (std::size_t v = 0; v < 320; ++v)
            sum += std::exp(double(logits[(t - 1) * 320 + v]));
        EXPECT_NEAR(sink.losses()[t], std::log(sum) - double(logits[(t - 1) * 320 + std::size_t(tokens[t])]), 2e-4);
    }
}

TEST(Prefill, StopsBetweenLayers) {
    std::stop_source source;
    source.request_stop();
    CollectingSink sink;
    const auto tokens = someTokens(8);
    try {
        openGolden("mixtral_gqa")->prefill(windowsOf(tokens, 8), {true}, sink, source.get_token());
        FAIL() << "was not stopped";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::Cancelled);
    }
}

TEST(Prefill, RejectsIdsOutsideTheVocabulary) {
    CollectingSink sink;
    const std::vector<std::int32_t> tokens{3, 320};
    EXPECT_THROW(openGolden("mixtral_gqa")->prefill(windowsOf(tokens, 2), {true}, sink, {}), Error);
}

// Writes the golden model's tensors again, changed or divided.
std::vector<TensorToWrite> tensorsOf(const Checkpoint& checkpoint) {
    std::vector<TensorToWrite> tensors;
    for (const TensorView& view : checkpoint.tensors())
        tensors.push_back({std::string(view.name), view.dtype,
                           std::vector<std::int64_t>(view.shape.begin(), view.shape.end()), view.data});
    return tensors;
}

TEST(Prefill, ShardedEqualsSingle) {
    const TempFolder folder;
    std::filesystem::copy(goldenModel("mixtral_gqa") / "config.json", folder / "config.json");
    const Checkpoint checkpoint(goldenModel("mixtral_gqa"));
    const auto tensors = tensorsOf(checkpoint);
    std::string map;
    for (std::size_t shard = 0; shard < 3; ++shard) {
        const std::string name = "model-" + std::to_string(shard) + ".safetensors";
        std::vector<TensorToWrite> part;
        for (std::size_t i = shard; i < tensors.size(); i += 3) {
            part.push_back(tensors[i]);
            map += (map.empty() ? "\"" : ",\"") + tensors[i].name + "\":\"" + name + "\"";
        }
        writeSafetensors(folder / name, part);
    }
    folder.write("model.safetensors.index.json", R"({"weight_map":{)" + map + "}}");
    const auto tokens = someTokens(64);
    CollectingSink single, sharded;
    openGolden("mixtral_gqa")->prefill(windowsOf(tokens, 64), {true}, single, {});
    loadEngine().open({folder.path(), "cpu", "f32", 2})->prefill(windowsOf(tokens, 64), {true}, sharded, {});
    EXPECT_EQ(single.layers(), sharded.layers());
}

TEST(Prefill, NamesTheTensorThatHoldsNaN) {
    const TempFolder folder;
    std::filesystem::copy(goldenModel("mixtral_gqa") / "config.json", folder / "config.json");
    const Checkpoint checkpoint(goldenModel("mixtral_gqa"));
    auto tensors = tensorsOf(checkpoint);
    const std::string name = "model.layers.1.block_sparse_moe.experts.3.w2.weight";
    std::vector<float> damaged(40 * 48);
    for (TensorToWrite& tensor : tensors) {
        if (tensor.name != name)
            continue;
        std::memcpy(damaged.data(), tensor.data.data(), tensor.data.size());
        damaged[77] = std::nanf("");
        tensor.data = std::as_bytes(std::span(damaged));
    }
    writeSafetensors(folder / "model.safetensors", tensors);
    CollectingSink sink;
    const auto tokens = someTokens(8);
    try {
        loadEngine().open({folder.path()})->prefill(windowsOf(tokens, 8), {true}, sink, {});
        FAIL() << "NaN weights were accepted";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr(name));
        EXPECT_THAT(error.what(), testing::HasSubstr(folder.path().string()));
    }
}

} // namespace
} // namespace moescope
