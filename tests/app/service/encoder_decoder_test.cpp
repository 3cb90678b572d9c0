// An encoder-decoder model from its folder to two linked runs, and against a reference dump.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "app/service/record_service.h"
#include "app/service/recording.h"
#include "app/service/verify_service.h"
#include "db/merge.h"
#include "engine/routing/error.h"
#include "engine/session/engine_loader.h"
#include "tests/engine/model/model_folder.h"
#include "tests/support/naive_model.h"

namespace moescope {
namespace {

constexpr const char* kConfig = R"({"model_type":"switch_transformers","d_model":32,"d_kv":8,"d_ff":40,"num_heads":3,
    "num_layers":2,"num_decoder_layers":4,"encoder_sparse_step":2,"decoder_sparse_step":2,"num_experts":4,
    "expert_capacity":64,"vocab_size":70,"decoder_start_token_id":3,"eos_token_id":69})";

class StopsAfter : public RecordObserver {
public:
    explicit StopsAfter(int reports = -1) : m_left(reports) {}
    void started(const std::string& run, const RecordProgress&) override { m_runs.push_back(run); }
    void progress(const RecordProgress& progress) override {
        EXPECT_LE(progress.done, progress.total);
        if (--m_left == 0)
            m_source.request_stop();
    }
    const std::vector<std::string>& runs() const { return m_runs; }
    std::stop_token token() const { return m_source.get_token(); }

private:
    int m_left;
    std::vector<std::string> m_runs;
    std::stop_source m_source;
};

class EncoderDecoder : public testing::Test {
protected:
    EncoderDecoder() : m_config(parseModelConfig(kConfig, "test")), m_tensors(randomModel(m_config)) {
        writeModel(m_folder, kConfig, m_tensors, DType::F32);
        std::string ids;
        for (int i = 0; i < 40; ++i)
            ids += (i > 0 ? "," : "") + std::to_string(i * 29 % 70);
        m_folder.write("ids.json", "[[" + ids + "],[5,6,7]]");
    }

    RecordRequest request(const std::string& name) const {
        RecordRequest r;
        r.model = m_folder.path();
        r.db = m_folder / "test.moescope";
        r.tokenIds = m_folder / "ids.json";
        r.name = name;
        r.context = 16;
        r.batchTokens = 16;
        r.threads = 1;
        return r;
    }
    RecordSummary record(const RecordRequest& r) const {
        StopsAfter observer;
        return RecordService(loadEngine()).record(r, observer, {});
    }
    // Ids and logits of a run's routing, in order.
    std::pair<std::vector<std::uint16_t>, std::vector<float>> routing(const std::string& name) const {
        const auto recording = Recording::open(m_folder / "test.moescope");
        std::pair<std::vector<std::uint16_t>, std::vector<float>> all;
        recording->eachRouting(recording->run(name), {}, true, [&](const RoutingBlock& block) {
            all.first.insert(all.first.end(), block.ids.begin(), block.ids.end());
            all.second.insert(all.second.end(), block.logits.begin(), block.logits.end());
        });
        return all;
    }

    TempFolder m_folder;
    ModelConfig m_config;
    ModelTensors m_tensors;
};

TEST_F(EncoderDecoder, RecordsTwoLinkedRuns) {
    const RecordSummary summary = record(request("text"));
    EXPECT_EQ(summary.run, "text/encoder");
    ASSERT_NE(summary.linked, nullptr);
    EXPECT_EQ(summary.linked->run, "text/decoder");
    const auto recording = Recording::open(m_folder / "test.moescope");
    const RunInfo encoder = recording->run("text/encoder");
    const RunInfo decoder = recording->run("text/decoder");
    EXPECT_EQ(encoder.spec.stack, "encoder");
    EXPECT_EQ(decoder.spec.stack, "decoder");
    EXPECT_EQ(encoder.linked, decoder.id);
    EXPECT_EQ(decoder.linked, encoder.id);
    EXPECT_EQ(encoder.tokens, 43);
    EXPECT_EQ(decoder.tokens, 43);
    EXPECT_EQ(encoder.spec.layers.size(), 1U);
    EXPECT_EQ(decoder.spec.layers.size(), 2U);
    EXPECT_FALSE(encoder.spec.nll);
    EXPECT_TRUE(decoder.spec.nll);
    for (const TokenRecord& token : recording->tokens(decoder, 0, decoder.tokens))
        EXPECT_GT(token.nll, 0) << "the start token predicts the first of a window, too";
    mergeRecordings({m_folder / "test.moescope"}, m_folder / "joined.moescope");
    const auto joined = Recording::open(m_folder / "joined.moescope");
    EXPECT_EQ(joined->run("text/decoder").linked, joined->run("text/encoder").id);
}

// Teacher forcing: the decoder's first window is what the definition makes of the same text behind the start token.
TEST_F(EncoderDecoder, TheDecoderReadsTheSameText) {
    record(request("text"));
    std::vector<std::int64_t> window, own{3};
    for (int i = 0; i < 16; ++i)
        window.push_back(i * 29 % 70);
    own.insert(own.end(), window.begin(), window.end());
    test::NaiveModel encoder(m_config, m_tensors), decoder(*m_config.decoderStack, m_tensors);
    const auto want = decoder.run(own, encoder.run(window).last);
    const auto got = routing("text/decoder");
    for (std::size_t t = 0; t < window.size(); ++t)
        for (std::size_t e = 0; e < 4; ++e)
            EXPECT_NEAR(got.second[t * 4 + e], want.routes[0][t + 1].logits[e], 1e-4) << "token " << t;
    const auto recording = Recording::open(m_folder / "test.moescope");
    const auto tokens = recording->tokens(recording->run("text/decoder"), 0, 16);
    for (std::size_t t = 0; t < window.size(); ++t) {
        double sum = 0;
        for (const double logit : want.logits[t])
            sum += std::exp(logit);
        EXPECT_NEAR(tokens[t].nll, std::log(sum) - want.logits[t][std::size_t(window[t])], 1e-4) << "token " << t;
    }
}

TEST_F(EncoderDecoder, RecordsWhatIsGenerated) {
    RecordRequest r = request("made");
    r.generate = 5;
    const RecordSummary summary = record(r);
    EXPECT_EQ(summary.tokens, 43);
    EXPECT_EQ(summary.generated, 0);
    const auto recording = Recording::open(m_folder / "test.moescope");
    const RunInfo decoder = recording->run("made/decoder");
    EXPECT_EQ(decoder.tokens, summary.linked->generated);
    ASSERT_EQ(decoder.documents.size(), 2U);
    EXPECT_LE(decoder.documents[1].tokens, 5);
    EXPECT_GE(decoder.documents[1].tokens, 1);
    EXPECT_FALSE(decoder.spec.nll);
    for (const TokenRecord& token : recording->tokens(decoder, 0, decoder.tokens))
        EXPECT_EQ(token.phase, Phase::Generated);
}

TEST_F(EncoderDecoder, ResumesWhereverItStopped) {
    const auto whole = [&] {
        record(request("whole"));
        return std::pair(routing("whole/encoder"), routing("whole/decoder"));
    }();
    for (const int reports : {3, 7, 9, 11}) { // within the encoder's run and within the decoder's
        const std::string name = "cut" + std::to_string(reports);
        StopsAfter observer(reports);
        try {
            RecordService(loadEngine()).record(request(name), observer, observer.token());
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::Cancelled);
        }
        RecordRequest again = request(name);
        again.resume = true;
        const RecordSummary summary = record(again);
        EXPECT_EQ(summary.run, name + "/encoder");
        EXPECT_EQ(std::pair(routing(name + "/encoder"), routing(name + "/decoder")), whole) << reports;
        const auto recording = Recording::open(m_folder / "test.moescope");
        EXPECT_EQ(recording->run(name + "/encoder").linked, recording->run(name + "/decoder").id);
    }
}

TEST_F(EncoderDecoder, ChoosesOneNameForBoth) {
    const RecordSummary first = record(request(""));
    const RecordSummary second = record(request(""));
    EXPECT_EQ(second.run, second.model + "-2/encoder");
    EXPECT_EQ(second.linked->run, first.model + "-2/decoder");
}

// A dump of both stacks, made by the definition.
class Dump {
public:
    void add(const std::string& name, const test::NaiveModel::Rows& rows) {
        std::vector<float> values;
        for (const auto& row : rows)
            values.insert(values.end(), row.begin(), row.end());
        add(name, DType::F32, {1, std::int64_t(rows.size()), std::int64_t(rows.front().size())}, values);
    }
    void add(const std::string& name, const std::vector<std::int64_t>& ids) {
        add(name, DType::I64, {1, std::int64_t(ids.size())}, ids);
    }
    void addRoutes(const std::string& prefix, int layer, const std::vector<test::NaiveModel::Route>& routes) {
        test::NaiveModel::Rows logits;
        std::vector<std::int64_t> best;
        for (const auto& route : routes) {
            logits.emplace_back(route.logits.begin(), route.logits.end());
            best.push_back(route.chosen[0].first);
        }
        add(prefix + "router_logits." + std::to_string(layer), logits);
        add(prefix + "top1_ids." + std::to_string(layer), best);
    }
    void write(const std::filesystem::path& file) const {
        std::vector<TensorToWrite> list;
        for (std::size_t i = 0; i < m_names.size(); ++i)
            list.push_back({m_names[i], m_dtypes[i], m_shapes[i], m_bytes[i]});
        writeSafetensors(file, list);
    }

private:
    template <class T>
    void add(const std::string& name, DType dtype, std::vector<std::int64_t> shape, const std::vector<T>& values) {
        const auto bytes = std::as_bytes(std::span(values));
        m_names.push_back(name);
        m_dtypes.push_back(dtype);
        m_shapes.push_back(std::move(shape));
        m_bytes.emplace_back(bytes.begin(), bytes.end());
    }
    std::vector<std::string> m_names;
    std::vector<DType> m_dtypes;
    std::vector<std::vector<std::int64_t>> m_shapes;
    std::vector<std::vector<std::byte>> m_bytes;
};

TEST_F(EncoderDecoder, IsHeldAgainstAReferenceOfBothStacks) {
    const std::vector<std::int64_t> ids{4, 8, 15, 16, 23, 42}, own{3, 7, 1, 9};
    test::NaiveModel encoder(m_config, m_tensors), decoder(*m_config.decoderStack, m_tensors);
    const auto encoded = encoder.run(ids);
    const auto decoded = decoder.run(own, encoded.last);
    Dump dump;
    dump.add("input_ids", ids);
    dump.add("decoder_input_ids", own);
    dump.add("last_hidden_state", encoded.last);
    dump.addRoutes("", 1, encoded.routes[0]);
    dump.add("decoder_hidden.2", decoded.hidden[2]);
    dump.addRoutes("decoder_", 1, decoded.routes[0]);
    dump.addRoutes("decoder_", 3, decoded.routes[1]);
    dump.add("logits", decoded.logits);
    dump.write(m_folder / "expected.safetensors");
    const auto session = loadEngine().open({m_folder.path(), "cpu", "f32", 1});
    const ModelVerification report = verifyModel(*session, m_folder / "expected.safetensors", {});
    EXPECT_TRUE(report.passed());
    EXPECT_EQ(report.tensors.size(), 9U);

    auto wrong = decoded.logits;
    wrong[2][5] += 0.01;
    dump.add("decoder_hidden.0", wrong); // of another width: does not fit the model
    dump.write(m_folder / "wrong.safetensors");
    EXPECT_THROW(verifyModel(*session, m_folder / "wrong.safetensors", {}), Error);
}

} // namespace
} // namespace moescope
