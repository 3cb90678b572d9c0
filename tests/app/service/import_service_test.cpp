// Routing of other programs: what a file says comes out, what it does not say is not made up.
#include <cmath>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/load_balance.h"
#include "app/service/export_service.h"
#include "app/service/import_service.h"
#include "app/service/recording.h"
#include "app/service/sql_query.h"
#include "db/verify.h"
#include "engine/checkpoint/safetensors_writer.h"
#include "engine/routing/error.h"
#include "tests/support/recorded_run.h"

namespace moescope {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ImportTest : public testing::Test, public ImportObserver {
protected:
    void note(const std::string& words) override { m_notes.push_back(words); }

    std::filesystem::path write(const char* name, const std::string& text) const {
        std::ofstream(m_folder / name, std::ios::binary) << text;
        return m_folder / name;
    }
    ImportedRun import(ImportRequest request) {
        request.db = m_folder / "runs.db";
        return ImportService().import(request, *this).front();
    }
    ImportedRun import(const std::filesystem::path& file, std::int32_t topK = 0) {
        ImportRequest request;
        request.files = {file};
        request.topK = topK;
        return import(request);
    }
    std::string refusal(const std::filesystem::path& file, std::int32_t topK = 0) {
        try {
            import(file, topK);
        } catch (const Error& error) {
            return error.what();
        }
        return "no refusal";
    }
    std::string exported(const std::string& table) const {
        const auto recording = Recording::open(m_folder / "runs.db");
        ExportRequest request;
        request.table = table;
        request.output = m_folder / "table.csv";
        ExportObserver observer;
        ExportService(*recording).run(request, observer);
        std::ifstream file(request.output);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    // A dump of a made-up run, with the tensors asked for.
    std::filesystem::path dump(const test::RecordedRun& run, bool logits, bool ids, bool weights,
                               bool probabilities = false) {
        std::vector<std::vector<std::byte>> bytes;
        std::vector<TensorToWrite> tensors;
        const auto add = [&](const std::string& name, DType type, std::int64_t columns, const auto& values) {
            const auto raw = std::as_bytes(std::span(values));
            bytes.emplace_back(raw.begin(), raw.end());
            tensors.push_back({name, type, {run.tokens(), columns}, {}});
        };
        const std::vector<std::int64_t> tokens(run.tokenIds.begin(), run.tokenIds.end());
        add("input_ids", DType::I64, 1, tokens);
        tensors.back().shape = {run.tokens() / 100, 100};
        for (std::size_t l = 0; l < run.spec.layers.size(); ++l) {
            const MoeLayerInfo& layer = run.spec.layers[l];
            const std::string at = "." + std::to_string(layer.layer.value);
            if (logits) {
                add("router_logits" + at, DType::F32, layer.moe.experts,
                    probabilities ? softmaxOf(run.logits[l], layer.moe.experts) : run.logits[l]);
            }
            if (ids) {
                add("topk_ids" + at, DType::I64, layer.moe.topK,
                    std::vector<std::int64_t>(run.ids[l].begin(), run.ids[l].end()));
            }
            if (weights) {
                add("topk_weights" + at, DType::F32, layer.moe.topK, run.weights[l]);
            }
        }
        for (std::size_t i = 0; i < tensors.size(); ++i) {
            tensors[i].data = bytes[i];
        }
        writeSafetensors(m_folder / "dump.safetensors", tensors);
        return m_folder / "dump.safetensors";
    }
    static std::vector<float> softmaxOf(std::vector<float> logits, std::int32_t experts) {
        for (std::size_t row = 0; row < logits.size(); row += std::size_t(experts)) {
            double sum = 0;
            for (std::size_t e = 0; e < std::size_t(experts); ++e) {
                sum += std::exp(double(logits[row + e]));
            }
            for (std::size_t e = 0; e < std::size_t(experts); ++e) {
                logits[row + e] = float(std::exp(double(logits[row + e])) / sum);
            }
        }
        return logits;
    }
    void expectRouting(const test::RecordedRun& run, bool logits) const {
        const auto recording = Recording::open(m_folder / "runs.db");
        const RunInfo info = recording->run("");
        ASSERT_EQ(info.tokens, run.tokens());
        for (const TokenIndex token : {TokenIndex(0), TokenIndex(777), run.tokens() - 1}) {
            const auto layers = recording->route(info, token);
            for (std::size_t l = 0; l < layers.size(); ++l) {
                const auto block = run.block(l, token, token + 1);
                EXPECT_THAT(layers[l].ids, testing::ElementsAreArray(block.ids));
                EXPECT_EQ(layers[l].logits.empty(), !logits);
            }
        }
        EXPECT_THAT(verifyRecording(m_folder / "runs.db").problems, testing::IsEmpty());
    }

    test::TemporaryFolder m_folder;
    std::vector<std::string> m_notes;
};

TEST_F(ImportTest, CountsComeOutAsTheyWentIn) {
    const auto file = write("counts.csv", "layer,expert,domain,count\r\n"
                                          "3,0,prose,10\r\n3,1,prose,30\r\n3,2,\"c, c++\",8\r\n3,0,\"c, c++\",4\r\n"
                                          "5,1,prose,20\r\n5,3,prose,20\r\n5,0,\"c, c++\",12\r\n3,1,prose,2\r\n");
    const ImportedRun run = import(file, 1);
    EXPECT_EQ(run.run, "counts");
    EXPECT_EQ(run.content, RunContent::CountsOnly);
    EXPECT_EQ(run.experts, 4);
    EXPECT_TRUE(m_notes.empty());
    const auto recording = Recording::open(m_folder / "runs.db");
    const RunInfo info = recording->run("counts");
    EXPECT_EQ(info.state, RunState::Complete);
    EXPECT_THAT(info.domains, ElementsAre("prose", "c, c++"));
    EXPECT_EQ(info.tokens, 42 + 12);
    const auto sums = recording->summaries(info, {});
    ASSERT_EQ(sums.size(), 2U);
    EXPECT_EQ(sums[0].layer, LayerId(3));
    EXPECT_THAT(sums[0].assignments, ElementsAre(14, 32, 8, 0));
    RunFilter prose;
    prose.domains = {"prose"};
    EXPECT_THAT(recording->summaries(info, prose)[1].assignments, ElementsAre(0, 20, 0, 20));
    EXPECT_THAT(verifyRecording(m_folder / "runs.db").problems, testing::IsEmpty());
}

TEST_F(ImportTest, TablesOfCountsLeaveOutWhatIsNotKnown) {
    import(write("counts.csv", "layer,expert,count\n0,0,6\n0,1,2\n"));
    EXPECT_THAT(m_notes, ElementsAre(HasSubstr("--top-k")));
    EXPECT_EQ(exported("load"), "run,layer,expert,assignments,share,load_ratio,top1,mean_prob,weight_sum\r\n"
                                "counts,0,0,6,0.75,1.5,,,\r\ncounts,0,1,2,0.25,0.5,,,\r\n");
    EXPECT_THAT(exported("balance"), HasSubstr(",0.5,0.5,"));
    for (const char* table : {"tokens", "routing", "logits", "vocabulary", "coactivation", "overflow"}) {
        EXPECT_THROW(exported(table), Error) << table;
    }
}

TEST_F(ImportTest, CountsHaveNoRowsInTheViews) {
    import(write("counts.csv", "layer,expert,count\n0,0,6\n0,1,2\n"));
    for (const char* view : {"routing", "logits", "tokens"}) {
        EXPECT_TRUE(querySql(m_folder / "runs.db", std::string("SELECT * FROM ") + view, 10, {}).rows.empty()) << view;
    }
}

TEST_F(ImportTest, SayWhereACountsFileIsWrong) {
    EXPECT_THAT(refusal(write("a.csv", "layer,expert,count\n0,0,6\n0,x,2\n")),
                HasSubstr("a.csv, line 3: expert is 'x'"));
    EXPECT_THAT(refusal(write("b.csv", "layer,expert,count\n0,0,-6\n")), HasSubstr("line 2: count is '-6'"));
    EXPECT_THAT(refusal(write("c.csv", "layer,expert,count\n0,0\n")), HasSubstr("no cell for count"));
    EXPECT_THAT(refusal(write("d.csv", "layer,expert,count\n")), HasSubstr("no counts"));
    EXPECT_THAT(refusal(write("e.csv", "layer,expert,domain,count\n0,0,\"a,1\n")), HasSubstr("quote"));
    EXPECT_THAT(refusal(write("f.csv", "a,b\n1,2\n")), HasSubstr("no routing trace known here"));
    EXPECT_THAT(refusal(write("g.csv", "layer,expert,count\n0,0,9\n0,1,1\n"), 2), HasSubstr("--top-k 2"));
    EXPECT_THAT(refusal(m_folder / "missing.csv"), HasSubstr("there is no file"));
    EXPECT_FALSE(std::filesystem::exists(m_folder / "runs.db"));
}

TEST_F(ImportTest, WarnsOfLayersThatAreExactlyUniform) {
    import(write("flat.csv", "layer,expert,count\n4,0,5\n4,1,5\n4,2,5\n"), 1);
    EXPECT_THAT(m_notes, ElementsAre(HasSubstr("layer 4")));
}

TEST_F(ImportTest, ATakenNameLeavesTheFileAsItWas) {
    const auto file = write("counts.csv", "layer,expert,count\n0,0,6\n0,1,2\n");
    import(file, 1);
    EXPECT_THAT(refusal(file, 1), HasSubstr("already holds a run named 'counts'"));
    EXPECT_EQ(Recording::open(m_folder / "runs.db")->runs().size(), 1U);
}

TEST_F(ImportTest, DumpsRouteAsTheyDid) {
    const auto run = test::makeRun({});
    import(dump(run, true, true, true));
    expectRouting(run, true);
    const auto recording = Recording::open(m_folder / "runs.db");
    EXPECT_EQ(recording->run("").spec.layers, run.spec.layers); // the gate is told by the weights
    EXPECT_EQ(recording->run("").documents.size(), 30U);
    EXPECT_TRUE(m_notes.empty());
}

TEST_F(ImportTest, LogitsAloneSufficeWithTopK) {
    const auto run = test::makeRun({});
    EXPECT_THAT(refusal(dump(run, true, false, false)), HasSubstr("--top-k"));
    import(m_folder / "dump.safetensors", 2);
    expectRouting(run, true);
}

TEST_F(ImportTest, ProbabilitiesAreTakenForWhatTheyAre) {
    const auto run = test::makeRun({});
    import(dump(run, true, false, false, true), 2);
    EXPECT_THAT(m_notes, ElementsAre(HasSubstr("probabilities")));
    expectRouting(run, true);
}

TEST_F(ImportTest, ChosenExpertsAloneHaveNoWeights) {
    const auto run = test::makeRun({});
    import(dump(run, false, true, false));
    expectRouting(run, false);
    const auto recording = Recording::open(m_folder / "runs.db");
    EXPECT_EQ(recording->run("").spec.content, RunContent::RoutesOnly);
    EXPECT_TRUE(std::isnan(recording->route(recording->run(""), 0)[0].weights[0]));
    EXPECT_THAT(exported("load"), Not(HasSubstr("nan")));
    EXPECT_THROW(exported("logits"), Error);
}

TEST_F(ImportTest, RefuseADumpThatIsNotWhole) {
    auto run = test::makeRun({});
    run.ids[1][6] = 99;
    EXPECT_THAT(refusal(dump(run, true, true, true)), HasSubstr("topk_ids.3"));
    run.ids[1][6] = run.ids[1][7];
    EXPECT_THAT(refusal(dump(run, true, true, true)), HasSubstr("twice in layer 3"));
}

// Counts that OLMoE's authors published; not part of the project.
TEST_F(ImportTest, PublishedCountsGiveThePublishedFigures) {
    const char* const folder = std::getenv("MOESCOPE_REAL_COUNTS");
    if (folder == nullptr) {
        GTEST_SKIP() << "MOESCOPE_REAL_COUNTS names no folder with olmoe-1b-7b.top8.csv";
    }
    import(std::filesystem::path(folder) / "olmoe-1b-7b.top8.csv", 8);
    const auto recording = Recording::open(m_folder / "runs.db");
    RunFilter github;
    github.domains = {"github"};
    github.layers = {LayerId(7)};
    const auto sums = recording->summaries(recording->run(""), github);
    const LoadBalance balance = loadBalance(sums.front().assignments);
    EXPECT_EQ(sums.front().tokens, 208896);
    EXPECT_NEAR(balance.cv, 1.3489, 5e-5);
    EXPECT_NEAR(balance.maxVio, 5.1566, 5e-5);
    EXPECT_NEAR(balance.gini, 0.5835, 5e-5);
    EXPECT_NEAR(balance.normalizedEntropy, 0.85137, 5e-6);
}

} // namespace
} // namespace moescope
