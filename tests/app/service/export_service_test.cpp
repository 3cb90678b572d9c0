#include "app/service/export_service.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/service/export_filter.h"
#include "db/run_writer.h"
#include "db/train_log.h"
#include "engine/routing/error.h"
#include "tests/support/csv.h"
#include "tests/support/naive_topk.h"
#include "tests/support/recorded_run.h"

namespace moescope {
namespace {

class Notes final : public ExportObserver {
public:
    void progress(std::string_view table, double done) override {
        EXPECT_GE(done, m_done[std::string(table)]);
        EXPECT_LE(done, 1.0);
        m_done[std::string(table)] = done;
    }
    void note(const std::string& line) override { lines.push_back(line); }
    std::vector<std::string> lines;

private:
    std::map<std::string, double> m_done;
};

// A recording with one made-up run, and its tables read back.
class ExportServiceTest : public testing::Test {
protected:
    void record(const test::RunShape& shape, const std::string& name = "run") {
        m_run = test::makeRun(shape);
        m_run.spec.name = name;
        RunWriter writer(file(), m_run.spec, m_run.documents, m_run.pieces);
        m_run.deliverAll(writer, 0, 1000);
        writer.finish(RunState::Complete);
    }

    std::filesystem::path file() const { return m_folder / "run.moe"; }

    std::string bytes(ExportRequest request) {
        request.output = m_folder / "table.out";
        const auto recording = Recording::open(file());
        Notes notes;
        const auto done = ExportService(*recording).run(request, notes);
        EXPECT_EQ(done.size(), 1U);
        std::ifstream in(request.output, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    test::Csv table(const std::string& name, const RunFilter& filter = {}, const CapacityOptions& capacity = {}) {
        ExportRequest request;
        request.table = name;
        request.filter = filter;
        request.capacity = capacity;
        const test::Csv csv = test::parseCsv(bytes(request));
        const auto columns = exportColumns(name);
        EXPECT_TRUE(std::equal(columns.begin(), columns.end(), csv.columns.begin(), csv.columns.end()));
        return csv;
    }

    std::size_t topK() const { return std::size_t(m_run.spec.layers[0].moe.topK); }
    std::int32_t experts() const { return m_run.spec.layers[0].moe.experts; }
    std::string domainOf(TokenIndex token) const {
        for (const DocumentInfo& d : m_run.documents) {
            if (token < d.first + d.tokens) {
                return d.domain;
            }
        }
        return {};
    }

    test::TemporaryFolder m_folder;
    test::RecordedRun m_run;
    Notes m_notes;
};

TEST_F(ExportServiceTest, RoutingGivesTheRecordingBack) {
    record({.layers = 2, .experts = 8, .topK = 3, .tokens = 1500});
    const test::Csv csv = table("routing");
    ASSERT_EQ(csv.rows.size(), 1500U * 2 * 3);
    std::size_t row = 0;
    for (std::size_t t = 0; t < 1500; ++t) {
        for (std::size_t l = 0; l < 2; ++l) {
            const auto logits = std::span(m_run.logits[l]).subspan(t * 8, 8);
            const auto probs = test::naiveScores(ScoreFunction::Softmax, logits);
            for (std::size_t slot = 0; slot < 3; ++slot, ++row) {
                const std::size_t e = m_run.ids[l][t * 3 + slot];
                ASSERT_EQ(csv.at(row, "run"), "run");
                ASSERT_EQ(csv.integer(row, "token"), int(t));
                ASSERT_EQ(csv.integer(row, "layer"), m_run.spec.layers[l].layer.value);
                ASSERT_EQ(csv.integer(row, "slot"), int(slot));
                ASSERT_EQ(csv.integer(row, "expert"), int(e));
                ASSERT_EQ(std::stof(csv.at(row, "weight")), m_run.weights[l][t * 3 + slot]);
                ASSERT_EQ(std::stof(csv.at(row, "logit")), logits[e]);
                ASSERT_NEAR(csv.number(row, "prob"), probs[e], 1e-6);
            }
        }
    }
}

TEST_F(ExportServiceTest, LogitsAndTokensGiveTheRecordingBack) {
    record({.layers = 2, .experts = 4, .topK = 1, .tokens = 700});
    const test::Csv logits = table("logits");
    ASSERT_EQ(logits.rows.size(), 700U * 2 * 4);
    for (std::size_t row = 0; row < logits.rows.size(); ++row) {
        const std::size_t t = row / 8, l = row / 4 % 2, e = row % 4;
        ASSERT_EQ(logits.integer(row, "token"), int(t));
        ASSERT_EQ(logits.integer(row, "expert"), int(e));
        ASSERT_EQ(std::stof(logits.at(row, "logit")), m_run.logits[l][t * 4 + e]);
    }
    const test::Csv tokens = table("tokens");
    ASSERT_EQ(tokens.rows.size(), 700U);
    for (std::size_t t = 0; t < 700; ++t) {
        ASSERT_EQ(tokens.integer(t, "token"), int(t));
        ASSERT_EQ(tokens.at(t, "domain"), domainOf(TokenIndex(t)));
        ASSERT_EQ(tokens.integer(t, "token_id"), m_run.tokenIds[t]);
        ASSERT_EQ(tokens.at(t, "phase"), "prompt");
        ASSERT_EQ(tokens.at(t, "text"),
                  m_run.tokenIds[t] == 7 ? "\\xE2\\x82" : "t" + std::to_string(m_run.tokenIds[t]));
        if (std::isnan(m_run.nll[t])) {
            ASSERT_EQ(tokens.at(t, "nll"), "");
        } else {
            ASSERT_EQ(std::stof(tokens.at(t, "nll")), m_run.nll[t]);
        }
    }
}

TEST_F(ExportServiceTest, LoadAndBalanceAgreeWithRoutingAndLogits) {
    record({.layers = 2, .experts = 8, .topK = 2, .tokens = 2000});
    const test::Csv load = table("load");
    const test::Csv balance = table("balance");
    ASSERT_EQ(load.rows.size(), 16U);
    ASSERT_EQ(balance.rows.size(), 2U);
    for (std::size_t l = 0; l < 2; ++l) {
        std::vector<double> counts(8), top1(8), probs(8), weights(8);
        double z = 0, margin = 0;
        for (std::size_t t = 0; t < 2000; ++t) {
            auto p = test::naiveScores(ScoreFunction::Softmax, std::span(m_run.logits[l]).subspan(t * 8, 8));
            double sum = 0;
            for (std::size_t e = 0; e < 8; ++e) {
                probs[e] += p[e] / 2000;
                sum += std::exp(double(m_run.logits[l][t * 8 + e]));
            }
            z += std::log(sum) * std::log(sum) / 2000;
            std::sort(p.rbegin(), p.rend());
            margin += (p[1] - p[2]) / 2000;
            for (std::size_t slot = 0; slot < 2; ++slot) {
                counts[m_run.ids[l][t * 2 + slot]] += 1;
                weights[m_run.ids[l][t * 2 + slot]] += double(m_run.weights[l][t * 2 + slot]);
            }
            top1[m_run.ids[l][t * 2]] += 1;
        }
        double squares = 0, entropy = 0, aux = 0;
        for (std::size_t e = 0; e < 8; ++e) {
            const std::size_t row = l * 8 + e;
            EXPECT_EQ(load.number(row, "assignments"), counts[e]);
            EXPECT_NEAR(load.number(row, "share"), counts[e] / 4000, 1e-12);
            EXPECT_NEAR(load.number(row, "load_ratio"), counts[e] / 500, 1e-12);
            EXPECT_EQ(load.number(row, "top1"), top1[e]);
            EXPECT_NEAR(load.number(row, "mean_prob"), probs[e], 1e-6);
            EXPECT_NEAR(load.number(row, "weight_sum"), weights[e], 1e-6 * weights[e]);
            squares += (counts[e] - 500) * (counts[e] - 500) / 8;
            entropy -= counts[e] / 4000 * std::log(counts[e] / 4000);
            aux += 8 * top1[e] / 2000 * probs[e];
        }
        EXPECT_EQ(balance.integer(l, "tokens"), 2000);
        EXPECT_EQ(balance.integer(l, "assignments"), 4000);
        EXPECT_NEAR(balance.number(l, "cv"), std::sqrt(squares) / 500, 1e-12);
        EXPECT_NEAR(balance.number(l, "max_vio"), *std::max_element(counts.begin(), counts.end()) / 500 - 1, 1e-12);
        EXPECT_NEAR(balance.number(l, "normalized_entropy"), entropy / std::log(8), 1e-12);
        EXPECT_NEAR(balance.number(l, "kl_uniform"), std::log(8) - entropy, 1e-12);
        EXPECT_EQ(balance.integer(l, "dead_experts"), 0);
        EXPECT_NEAR(balance.number(l, "null_cv"), std::sqrt(6.0 / 4000), 1e-12);
        EXPECT_NEAR(balance.number(l, "switch_aux"), aux, 1e-5);
        EXPECT_NEAR(balance.number(l, "z_loss"), z, 1e-5 * z);
        EXPECT_NEAR(balance.number(l, "mean_margin"), margin, 1e-5);
    }
}

TEST_F(ExportServiceTest, LiftComparesADomainWithTheWholeRunWhateverTheFilter) {
    record({.layers = 1, .experts = 4, .topK = 2, .tokens = 3000});
    std::map<std::string, std::map<int, double>> counts;
    std::map<int, double> pooled;
    std::map<std::string, double> total;
    for (std::size_t i = 0; i < 6000; ++i) {
        const std::string domain = domainOf(TokenIndex(i / 2));
        counts[domain][m_run.ids[0][i]] += 1;
        pooled[m_run.ids[0][i]] += 1;
        total[domain] += 1;
    }
    const test::Csv all = table("load_by_domain");
    EXPECT_EQ(all.rows.size(), 4 * counts.size());
    RunFilter code;
    code.domains = {"code"};
    const test::Csv one = table("load_by_domain", code);
    EXPECT_EQ(one.rows.size(), 4U);
    for (const test::Csv* csv : {&all, &one}) {
        for (std::size_t row = 0; row < csv->rows.size(); ++row) {
            const std::string domain = csv->at(row, "domain");
            const int e = int(csv->integer(row, "expert"));
            const double share = counts[domain][e] / total[domain];
            EXPECT_EQ(csv->number(row, "assignments"), counts[domain][e]);
            EXPECT_NEAR(csv->number(row, "share"), share, 1e-12);
            EXPECT_NEAR(csv->number(row, "lift"), share / (pooled[e] / 6000), 1e-12);
            EXPECT_NEAR(csv->number(row, "pmi_bits"), std::log2(csv->number(row, "lift")), 1e-12);
        }
    }
}

TEST_F(ExportServiceTest, PairTablesAgreeWithNaiveCounts) {
    record({.layers = 3, .experts = 6, .topK = 3, .tokens = 900});
    std::map<std::tuple<int, int, int>, long long> pairs, moves, words;
    std::map<int, long long> seen;
    for (std::size_t t = 0; t < 900; ++t) {
        ++seen[m_run.tokenIds[t]];
        for (std::size_t l = 0; l < 3; ++l) {
            for (std::size_t a = 0; a < 3; ++a) {
                const int e = m_run.ids[l][t * 3 + a];
                ++words[{int(2 * l + 1), e, m_run.tokenIds[t]}];
                for (std::size_t b = 0; b < 3; ++b) {
                    if (a != b) {
                        ++pairs[{int(2 * l + 1), e, m_run.ids[l][t * 3 + b]}];
                    }
                    if (l < 2) {
                        ++moves[{int(2 * l + 1), e, m_run.ids[l + 1][t * 3 + b]}];
                    }
                }
            }
        }
    }
    const test::Csv coactivation = table("coactivation");
    EXPECT_EQ(coactivation.rows.size(), pairs.size());
    for (std::size_t r = 0; r < coactivation.rows.size(); ++r) {
        const std::tuple key(int(coactivation.integer(r, "layer")), int(coactivation.integer(r, "expert_a")),
                             int(coactivation.integer(r, "expert_b")));
        EXPECT_EQ(coactivation.integer(r, "count"), pairs[key]);
    }
    const test::Csv transitions = table("transitions");
    EXPECT_EQ(transitions.rows.size(), moves.size());
    for (std::size_t r = 0; r < transitions.rows.size(); ++r) {
        const std::tuple key(int(transitions.integer(r, "layer")), int(transitions.integer(r, "expert")),
                             int(transitions.integer(r, "next_expert")));
        EXPECT_EQ(transitions.integer(r, "count"), moves[key]);
        EXPECT_EQ(transitions.integer(r, "next_layer"), transitions.integer(r, "layer") + 2);
    }
    const test::Csv vocabulary = table("vocabulary");
    EXPECT_EQ(vocabulary.rows.size(), words.size());
    for (std::size_t r = 0; r < vocabulary.rows.size(); ++r) {
        const int id = int(vocabulary.integer(r, "token_id"));
        const std::tuple key(int(vocabulary.integer(r, "layer")), int(vocabulary.integer(r, "expert")), id);
        EXPECT_EQ(vocabulary.integer(r, "count"), words[key]);
        EXPECT_NEAR(vocabulary.number(r, "share_of_token"), double(words[key]) / double(seen[id]), 1e-12);
        EXPECT_EQ(vocabulary.at(r, "text"), id == 7 ? "\\xE2\\x82" : "t" + std::to_string(id));
    }
}

TEST_F(ExportServiceTest, OverflowConservesChoicesAndAgreesWithItsTokens) {
    record({.layers = 2, .experts = 8, .topK = 2, .tokens = 2500});
    for (OverflowPolicy policy :
         {OverflowPolicy::Drop, OverflowPolicy::Priority, OverflowPolicy::Prob, OverflowPolicy::Next}) {
        CapacityOptions capacity;
        capacity.factor = 1.0;
        capacity.groupTokens = 300;
        capacity.policy = policy;
        const test::Csv overflow = table("overflow", {}, capacity);
        const test::Csv tokens = table("overflow_tokens", {}, capacity);
        ASSERT_EQ(overflow.rows.size(), 16U);
        std::map<long long, long long> dropped, received, rerouted;
        for (std::size_t r = 0; r < 16; ++r) {
            EXPECT_EQ(overflow.integer(r, "capacity"), 75);
            EXPECT_EQ(overflow.integer(r, "group_tokens"), 300);
            EXPECT_EQ(overflow.integer(r, "assigned"),
                      overflow.integer(r, "kept") + overflow.integer(r, "dropped") + overflow.integer(r, "rerouted"));
            dropped[overflow.integer(r, "layer")] += overflow.integer(r, "dropped");
            received[overflow.integer(r, "layer")] += overflow.integer(r, "received");
            rerouted[overflow.integer(r, "layer")] += overflow.integer(r, "rerouted");
        }
        EXPECT_EQ(received, rerouted);
        for (std::size_t r = 0; r < tokens.rows.size(); ++r) {
            dropped[tokens.integer(r, "layer")] -= tokens.integer(r, "dropped_slots");
            EXPECT_EQ(tokens.integer(r, "all_dropped"), tokens.integer(r, "dropped_slots") == 2 ? 1 : 0);
        }
        EXPECT_EQ(dropped, (std::map<long long, long long>{{1, 0}, {3, 0}}));
    }
}

TEST_F(ExportServiceTest, FiltersTakeTheRowsTheyName) {
    record({.layers = 3, .experts = 8, .topK = 2, .tokens = 3000});
    const RunInfo run = Recording::open(file())->run("");
    RunFilter filter;
    filter.layers = {LayerId(3)};
    filter.experts = {ExpertId(2), ExpertId(5)};
    filter.domains = {"code", "maths"};
    filter.tokenBegin = 100;
    filter.tokenEnd = 2900;
    const auto taken = tokenFlags(tokenRanges(run, filter), {0, 3000});
    CapacityOptions capacity;
    capacity.factor = 0.9;
    capacity.groupTokens = 256;
    for (const char* name : {"routing", "logits", "overflow_tokens"}) {
        const test::Csv all = table(name, {}, capacity);
        const test::Csv some = table(name, filter, capacity);
        std::size_t expected = 0;
        for (std::size_t r = 0; r < all.rows.size(); ++r) {
            const bool byExpert = std::string(name) == "overflow_tokens";
            expected += all.integer(r, "layer") == 3 && taken[std::size_t(all.integer(r, "token"))] != 0 &&
                                (byExpert || all.integer(r, "expert") == 2 || all.integer(r, "expert") == 5)
                            ? 1
                            : 0;
        }
        if (std::string(name) == "overflow_tokens") {
            EXPECT_LE(some.rows.size(), expected);
        } else {
            EXPECT_EQ(some.rows.size(), expected) << name;
        }
        EXPECT_GT(some.rows.size(), 0U) << name;
    }
    // The choices counted under the filter are those of its tokens.
    const test::Csv overflow = table("overflow", filter, capacity);
    std::map<int, long long> assigned;
    for (std::size_t t = 0; t < 3000; ++t) {
        for (std::size_t slot = 0; slot < 2 && taken[t] != 0; ++slot) {
            ++assigned[m_run.ids[1][t * 2 + slot]];
        }
    }
    ASSERT_EQ(overflow.rows.size(), 2U);
    EXPECT_EQ(overflow.integer(0, "assigned"), assigned[2]);
    EXPECT_EQ(overflow.integer(1, "assigned"), assigned[5]);
    const test::Csv load = table("load", filter);
    ASSERT_EQ(load.rows.size(), 2U);
    EXPECT_EQ(load.integer(1, "assignments"), assigned[5]);
    EXPECT_EQ(table("transitions", filter).rows.size(), 16U);
}

TEST_F(ExportServiceTest, JsonHoldsTheSameAsCsv) {
    record({.layers = 2, .experts = 4, .topK = 2, .tokens = 300});
    for (std::string_view name : exportTables()) {
        if (name == "steps" || name == "interventions" || name == "compare") { // of other runs, or of several
            continue;
        }
        const test::Csv csv = table(std::string(name));
        ExportRequest request;
        request.table = name;
        request.format = ExportFormat::Json;
        const auto json = nlohmann::json::parse(bytes(request));
        ASSERT_EQ(json.size(), csv.rows.size()) << name;
        for (std::size_t r = 0; r < csv.rows.size(); ++r) {
            for (std::string_view column : exportColumns(name)) {
                const auto& value = json[r].at(std::string(column));
                const std::string& cell = csv.at(r, column);
                if (value.is_string()) {
                    ASSERT_EQ(std::string(value), cell);
                } else if (value.is_null()) {
                    ASSERT_TRUE(cell.empty() || cell == "-inf");
                } else {
                    ASSERT_EQ(double(value), std::stod(cell));
                }
            }
        }
    }
}

TEST_F(ExportServiceTest, SeveralRunsFollowEachOther) {
    record({.layers = 1, .experts = 4, .topK = 1, .tokens = 100, .seed = 1}, "first");
    record({.layers = 1, .experts = 8, .topK = 2, .tokens = 50, .seed = 2}, "second");
    ExportRequest request;
    request.table = "load";
    request.runs = {"second", "first"};
    const test::Csv csv = test::parseCsv(bytes(request));
    ASSERT_EQ(csv.rows.size(), 12U);
    EXPECT_EQ(csv.at(0, "run"), "second");
    EXPECT_EQ(csv.at(11, "run"), "first");
    EXPECT_EQ(table("load").at(0, "run"), "second"); // the latest
}

TEST_F(ExportServiceTest, AllWritesWhatTheRunHoldsAndNotesTheRest) {
    record({.layers = 2, .experts = 4, .topK = 2, .tokens = 200, .logits = LogitStorage::None});
    ExportRequest request;
    request.table = "all";
    request.output = m_folder / "tables";
    const auto recording = Recording::open(file());
    const auto done = ExportService(*recording).run(request, m_notes);
    EXPECT_EQ(done.size(), exportTables().size() - 4);
    ASSERT_EQ(m_notes.lines.size(), 4U);
    EXPECT_NE(m_notes.lines[1].find("the steps of a training"), std::string::npos);
    EXPECT_NE(m_notes.lines[2].find("moescope ablate"), std::string::npos);
    EXPECT_NE(m_notes.lines[3].find("two runs or more"), std::string::npos);
    EXPECT_NE(m_notes.lines[0].find("table logits needs more than run 'run' holds: router logits"), std::string::npos);
    for (const ExportedTable& table : done) {
        EXPECT_TRUE(std::filesystem::exists(table.file)) << table.table;
    }
    EXPECT_FALSE(std::filesystem::exists(request.output / "logits.csv"));
    // What comes from logits is empty, not zero.
    EXPECT_EQ(table("balance").at(0, "z_loss"), "");
    EXPECT_EQ(table("load").at(0, "mean_prob"), "");
    EXPECT_EQ(table("routing").at(0, "prob"), "");
}

TEST_F(ExportServiceTest, RefusesWithAReasonAndLeavesNoFile) {
    record({.layers = 1, .experts = 4, .topK = 2, .tokens = 200, .logits = LogitStorage::None});
    const auto code = [&](const std::string& table, RunFilter filter, OverflowPolicy policy) {
        ExportRequest request;
        request.table = table;
        request.filter = std::move(filter);
        request.capacity.policy = policy;
        request.output = m_folder / "refused.csv";
        const auto recording = Recording::open(file());
        try {
            ExportService(*recording).run(request, m_notes);
        } catch (const Error& error) {
            EXPECT_FALSE(std::filesystem::exists(request.output));
            return error.code();
        }
        ADD_FAILURE() << "exported " << table;
        return ErrorCode::Io;
    };
    EXPECT_EQ(code("logits", {}, OverflowPolicy::Drop), ErrorCode::Unsupported);
    EXPECT_EQ(code("overflow", {}, OverflowPolicy::Prob), ErrorCode::Unsupported);
    EXPECT_EQ(code("transitions", {}, OverflowPolicy::Drop), ErrorCode::Unsupported);
    EXPECT_EQ(code("loads", {}, OverflowPolicy::Drop), ErrorCode::InvalidArgument);
    RunFilter ninth;
    ninth.layers = {LayerId(9)};
    EXPECT_EQ(code("load", ninth, OverflowPolicy::Drop), ErrorCode::InvalidArgument);
}

// More tokens than are read of one layer before the next.
TEST_F(ExportServiceTest, TransitionsOfALongRunAgreeWithANaiveCount) {
    constexpr std::size_t kTokens = 40'000;
    record({.layers = 3, .experts = 4, .topK = 2, .tokens = kTokens, .logits = LogitStorage::None});
    std::map<std::tuple<int, int, int>, long long> moves;
    for (std::size_t l = 0; l < 2; ++l) {
        for (std::size_t i = 0; i < 4 * kTokens; ++i) {
            const std::size_t t = i / 4;
            ++moves[{int(2 * l + 1), m_run.ids[l][2 * t + i / 2 % 2], m_run.ids[l + 1][2 * t + i % 2]}];
        }
    }
    const test::Csv csv = table("transitions");
    ASSERT_EQ(csv.rows.size(), moves.size());
    for (std::size_t r = 0; r < csv.rows.size(); ++r) {
        const std::tuple key(int(csv.integer(r, "layer")), int(csv.integer(r, "expert")),
                             int(csv.integer(r, "next_expert")));
        EXPECT_EQ(csv.integer(r, "count"), moves[key]);
    }
}

TEST_F(ExportServiceTest, StepsOfATrainingHaveARowPerLayer) {
    m_run = test::makeRun({.layers = 2, .experts = 4, .topK = 2, .tokens = 100});
    {
        RunWriter writer(file(), m_run.spec, m_run.documents, m_run.pieces);
        TrainLog log(file(), writer.run(), 1);
        log.add({1, 64, 2.0, 0.01, 0.02, 0, 0, 0, {{64, 64, 0, 0}, {32, 32, 32, 32}}, {}, {}});
        log.add({2, 128, 1.0, 0.01, 0.02, 0, 0, 0, {{32, 32, 32, 32}, {128, 0, 0, 0}}, {}, {}});
        log.flush();
        m_run.deliverAll(writer, 0, 100);
        writer.finish(RunState::Complete);
    }
    const test::Csv csv = table("steps");
    ASSERT_EQ(csv.rows.size(), 4U);
    EXPECT_EQ(csv.integer(2, "step"), 2);
    EXPECT_EQ(csv.integer(2, "tokens"), 128);
    EXPECT_EQ(csv.integer(3, "layer"), 3);
    EXPECT_NEAR(csv.number(0, "perplexity"), std::exp(2.0), 1e-12);
    EXPECT_EQ(csv.number(0, "cv"), 1);
    EXPECT_EQ(csv.number(0, "max_vio"), 1);
    EXPECT_EQ(csv.integer(0, "dead_experts"), 2);
    EXPECT_EQ(csv.number(3, "max_vio"), 3);
    RunFilter filter;
    filter.layers = {LayerId(3)};
    EXPECT_EQ(table("steps", filter).rows.size(), 2U);
}

TEST_F(ExportServiceTest, StopsWhenAsked) {
    record({.tokens = 500});
    ExportRequest request;
    request.table = "routing";
    request.output = m_folder / "stopped.csv";
    std::stop_source stop;
    stop.request_stop();
    const auto recording = Recording::open(file());
    try {
        ExportService(*recording).run(request, m_notes, stop.get_token());
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::Cancelled);
    }
    EXPECT_FALSE(std::filesystem::exists(request.output));
    EXPECT_FALSE(std::filesystem::exists(request.output.string() + ".part"));
}

} // namespace
} // namespace moescope
