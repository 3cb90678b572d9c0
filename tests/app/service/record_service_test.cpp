// What the service does around a model: planning, provenance, resuming, stopping. The model is a fake; recordings are
// real.
#include "app/service/record_service.h"

#include <cmath>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/service/record_report.h"
#include "app/service/recording.h"
#include "engine/routing/error.h"
#include "tests/support/fake_engine.h"

namespace moescope {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

namespace {

// Stops after a number of progress reports.
class Stopper : public RecordObserver {
public:
    explicit Stopper(int after = -1) : m_left(after) {}
    void started(const std::string&, const RecordProgress& progress) override { m_resumed = progress.resumed; }
    void progress(const RecordProgress& progress) override {
        EXPECT_LE(progress.done, progress.total);
        if (--m_left == 0)
            m_source.request_stop();
    }
    void beganAnew(const std::string& why) override { m_why = why; }
    std::stop_token token() const { return m_source.get_token(); }
    const std::string& why() const { return m_why; }
    std::int64_t resumed() const { return m_resumed; }

private:
    int m_left;
    std::int64_t m_resumed = -1;
    std::string m_why;
    std::stop_source m_source;
};

// Everything a reader can see of a run, but for its name and times.
std::string dump(const fs::path& db, const std::string& name) {
    const auto recording = Recording::open(db);
    const RunInfo run = recording->run(name);
    std::string text;
    for (const DocumentInfo& d : run.documents)
        text += d.name + "|" + d.domain + "|" + std::to_string(d.first) + "+" + std::to_string(d.tokens) + "\n";
    for (const TokenRecord& t : recording->tokens(run, 0, run.tokens))
        text += std::to_string(t.tokenId) + " " + t.text + " " + std::to_string(t.nll) + " " +
                std::to_string(int(t.phase)) + "\n";
    recording->eachRouting(run, {}, true, [&](const RoutingBlock& block) {
        for (std::int32_t i = 0; i < block.tokens; ++i) {
            text += std::to_string(block.layer.value) + ":" + std::to_string(block.first + i);
            for (const auto id : block.idsOf(i))
                text += " " + std::to_string(id);
            for (const float logit : block.logitsOf(i))
                text += " " + std::to_string(logit);
            text += "\n";
        }
    });
    return text;
}

} // namespace

class RecordServiceTest : public testing::Test {
protected:
    void SetUp() override {
        fs::remove_all(m_folder);
        fs::create_directories(m_folder / "model");
        const fs::path golden = fs::path(MOESCOPE_SOURCE_DIR) / "tests/golden";
        fs::copy(golden / "tokenizers/small_bytelevel/tokenizer.json", m_folder / "model/tokenizer.json");
        fs::copy(golden / "mixtral_gqa/config.json", m_folder / "model/config.json");
        fs::copy(golden / "mixtral_gqa/model.safetensors", m_folder / "model/model.safetensors");
    }
    void TearDown() override { fs::remove_all(m_folder); }

    fs::path write(const std::string& name, const std::string& bytes) const {
        std::ofstream(m_folder / name, std::ios::binary) << bytes;
        return m_folder / name;
    }
    RecordRequest request(const std::string& name) const {
        RecordRequest r;
        r.model = m_folder / "model";
        r.db = m_folder / "test.moescope";
        r.name = name;
        r.context = 8;
        r.batchTokens = 16;
        r.threads = 1;
        return r;
    }
    RecordRequest idsRequest(const std::string& name) const {
        RecordRequest r = request(name);
        std::string row;
        for (int i = 0; i < 100; ++i)
            row += (i ? "," : "") + std::to_string(i * 7 % 600);
        std::ofstream(m_folder / "ids.json") << "[[" + row + "],[1,2,3],[],[5]]";
        r.tokenIds = m_folder / "ids.json";
        return r;
    }
    RecordSummary record(const RecordRequest& r) {
        Stopper never;
        return RecordService(m_engine).record(r, never, {});
    }
    std::string messageOf(const RecordRequest& r, ErrorCode code) {
        try {
            record(r);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), code) << error.what();
            return error.what();
        }
        ADD_FAILURE() << "nothing was thrown";
        return "";
    }

    test::FakeEngine m_engine;
    fs::path m_folder = fs::path(testing::TempDir()) /
                        (std::string("record-") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(RecordServiceTest, RecordsTokenIdsAsGiven) {
    const RecordSummary summary = record(idsRequest("run"));
    EXPECT_EQ(summary.tokens, 104);
    EXPECT_EQ(summary.documents, 3); // the empty one has no tokens to route
    const auto recording = Recording::open(m_folder / "test.moescope");
    const RunInfo run = recording->run("run");
    EXPECT_EQ(run.state, RunState::Complete);
    EXPECT_EQ(run.tokens, 104);
    const auto tokens = recording->tokens(run, 0, 104);
    EXPECT_EQ(tokens[1].tokenId, 7);
    EXPECT_TRUE(std::isnan(tokens[0].nll)); // nothing was put in front
    EXPECT_TRUE(std::isnan(tokens[8].nll)); // a new window
    EXPECT_FLOAT_EQ(tokens[1].nll, 7.0F / 64);
}

TEST_F(RecordServiceTest, TextsKeepTheirWordsAndDomains) {
    RecordRequest r = request("run");
    r.inputs = {{write("a.txt", "hello world"), "news"}, {write("b.txt", ""), "web"}, {write("c.txt", "x"), "web"}};
    const RecordSummary summary = record(r);
    EXPECT_EQ(summary.documents, 2);
    const auto recording = Recording::open(r.db);
    const RunInfo run = recording->run("run");
    std::string text;
    for (const TokenRecord& token : recording->tokens(run, 0, run.tokens))
        text += token.text;
    EXPECT_EQ(text, "hello worldx");
    EXPECT_EQ(run.domains, (std::vector<std::string>{"news", "web"}));
}

TEST_F(RecordServiceTest, AStoppedRunGoesOnToTheSameRecording) {
    record(idsRequest("whole"));
    for (const int after : {6, 12, 33}) {
        RecordRequest r = idsRequest("cut" + std::to_string(after));
        Stopper stopper(after);
        try {
            RecordService(m_engine).record(r, stopper, stopper.token());
            ADD_FAILURE() << "not stopped";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::Cancelled);
        }
        const TokenIndex kept = Recording::open(r.db)->run(r.name).tokens;
        EXPECT_GT(kept, 0);
        EXPECT_LT(kept, 104);
        r.resume = true;
        Stopper never;
        EXPECT_EQ(RecordService(m_engine).record(r, never, {}).tokens, 104);
        EXPECT_EQ(never.resumed(), kept);
        EXPECT_EQ(dump(r.db, r.name), dump(r.db, "whole"));
    }
}

TEST_F(RecordServiceTest, StoppedBeforeTheFirstBatchKeepsNothing) {
    Stopper stopper(1);
    EXPECT_THROW(RecordService(m_engine).record(idsRequest("run"), stopper, stopper.token()), Error);
    EXPECT_FALSE(fs::exists(m_folder / "test.moescope"));
}

TEST_F(RecordServiceTest, ResumingWithOtherInputsIsRefused) {
    RecordRequest r = idsRequest("run");
    Stopper stopper(6);
    EXPECT_THROW(RecordService(m_engine).record(r, stopper, stopper.token()), Error);
    r.resume = true;
    RecordRequest other = r;
    other.dtype = "bf16";
    EXPECT_THAT(messageOf(other, ErrorCode::Conflict), HasSubstr("dtype"));
    other = r;
    other.expertWeights = "int8";
    EXPECT_THAT(messageOf(other, ErrorCode::Conflict), HasSubstr("expert weights"));
    other = r;
    other.context = 4;
    EXPECT_THAT(messageOf(other, ErrorCode::Conflict), HasSubstr("context"));
    other = r;
    other.tokenIds = write("others.json", "[[1,2,3]]");
    EXPECT_THAT(messageOf(other, ErrorCode::Conflict), HasSubstr("input hash"));
    other = r;
    other.name.clear(); // the latest run, which is interrupted
    other.context = 4;
    EXPECT_THAT(messageOf(other, ErrorCode::Conflict), HasSubstr("context"));
}

TEST_F(RecordServiceTest, ResumingWhatIsCompleteDoesNothingAndWhatIsNotThereBegins) {
    RecordRequest r = idsRequest("run");
    r.resume = true;
    EXPECT_EQ(record(r).resumed, 0);
    const RecordSummary again = record(r);
    EXPECT_EQ(again.resumed, 104);
    EXPECT_EQ(again.tokens, 104);
    r.limit = 10;
    EXPECT_THAT(messageOf(r, ErrorCode::Conflict),
                AllOf(HasSubstr("limit was 'none' and is now '10'"), HasSubstr("--name")));
    r.limit = 0;
    r.intervention.ablated = {{LayerId(0), 1}};
    EXPECT_THAT(messageOf(r, ErrorCode::Conflict), HasSubstr("intervention was 'none' and is now 'without 0:1'"));
}

// Without a name there may be no run to go on with: that a new one begins is said, with what is different.
TEST_F(RecordServiceTest, ResumingUnderNoNameWithOtherOptionsBeginsAnewAndSaysWhy) {
    RecordRequest r = idsRequest("");
    r.resume = true;
    Stopper first;
    EXPECT_EQ(RecordService(m_engine).record(r, first, {}).run, "model");
    EXPECT_EQ(first.why(), "") << "the file is new";
    r.batchTokens = 8;
    Stopper other;
    EXPECT_EQ(RecordService(m_engine).record(r, other, {}).run, "model-2");
    EXPECT_THAT(other.why(), AllOf(HasSubstr("a new one begins"), HasSubstr("run 'model'"),
                                   HasSubstr("batch tokens was '16' and is now '8'")));
    Stopper same;
    EXPECT_EQ(RecordService(m_engine).record(r, same, {}).run, "model-2") << "nothing to do";
    EXPECT_EQ(same.why(), "");
}

TEST_F(RecordServiceTest, ACapacityIsPartOfTheSummary) {
    RecordRequest r = idsRequest("run");
    EXPECT_EQ(record(r).capacity, "");
    r.name = "limited";
    r.intervention.capacity = CapacityOptions();
    const RecordSummary summary = record(r);
    EXPECT_EQ(summary.capacity, "capacity factor 1.25 floor drop in groups of 1024 tokens");
    EXPECT_THAT(recordSummaryText(summary, r.db), HasSubstr("under " + summary.capacity));
}

TEST_F(RecordServiceTest, NamesAreUniqueInAFile) {
    RecordRequest r = idsRequest("");
    EXPECT_EQ(record(r).run, "model");
    EXPECT_EQ(record(r).run, "model-2");
    r.name = "model";
    messageOf(r, ErrorCode::Conflict);
}

TEST_F(RecordServiceTest, GenerationFollowsEachDocument) {
    RecordRequest r = idsRequest("run");
    r.generate = 3;
    const RecordSummary summary = record(r);
    const auto recording = Recording::open(r.db);
    const RunInfo run = recording->run("run");
    EXPECT_EQ(summary.generated, run.tokens - 104);
    EXPECT_GT(summary.generated, 0);
    std::int64_t generated = 0;
    double cost = 0;
    for (const TokenRecord& token : recording->tokens(run, 0, run.tokens))
        if (token.phase == Phase::Generated) {
            EXPECT_EQ(token.nll, float(token.tokenId) / 64) << "as the fake engine has it";
            cost += double(token.nll);
            ++generated;
        }
    EXPECT_EQ(generated, summary.generated);
    EXPECT_NEAR(summary.meanNll.generated, cost / double(generated), 1e-9);
    EXPECT_EQ(run.documents.size(), 3U);
}

// The mean is the run's, not that of what the last call added.
TEST_F(RecordServiceTest, TheMeanNllOfAResumedRunIsThatOfTheWhole) {
    const RecordSummary whole = record(idsRequest("whole"));
    EXPECT_TRUE(std::isnan(whole.meanNll.generated));
    RecordRequest r = idsRequest("cut");
    Stopper stopper(5);
    EXPECT_THROW(RecordService(m_engine).record(r, stopper, stopper.token()), Error);
    r.resume = true;
    const RecordSummary resumed = record(r);
    ASSERT_GT(resumed.resumed, 0);
    EXPECT_EQ(resumed.meanNll.prompt, whole.meanNll.prompt);
    EXPECT_EQ(record(r).meanNll.prompt, whole.meanNll.prompt) << "nothing left to do";
    double sum = 0;
    std::int64_t count = 0;
    const auto recording = Recording::open(r.db);
    for (const TokenRecord& token : recording->tokens(recording->run("cut"), 0, 104))
        if (!std::isnan(token.nll)) {
            sum += double(token.nll);
            ++count;
        }
    EXPECT_NEAR(whole.meanNll.prompt, sum / double(count), 1e-9);
}

TEST_F(RecordServiceTest, AGenerationCutOffGoesOnToTheSameRecording) {
    RecordRequest r = idsRequest("whole");
    r.generate = 3;
    record(r);
    r.name = "cut";
    Stopper stopper(32);
    EXPECT_THROW(RecordService(m_engine).record(r, stopper, stopper.token()), Error);
    r.resume = true;
    record(r);
    EXPECT_EQ(dump(r.db, "cut"), dump(r.db, "whole"));
}

TEST_F(RecordServiceTest, BadRequestsSayWhatToDo) {
    EXPECT_THAT(messageOf(request("run"), ErrorCode::InvalidArgument), HasSubstr("--input"));
    RecordRequest r = request("run");
    r.tokenIds = write("large.json", "[[1,600]]");
    EXPECT_THAT(messageOf(r, ErrorCode::InvalidArgument), HasSubstr("vocabulary of 600"));
    r.tokenIds = write("none.json", "[[],[]]");
    EXPECT_THAT(messageOf(r, ErrorCode::InvalidArgument), HasSubstr("no tokens"));
    r = request("run");
    r.text = "bad \xFF";
    EXPECT_THAT(messageOf(r, ErrorCode::InvalidArgument), HasSubstr("UTF-8"));
    r.text = "good";
    fs::remove(m_folder / "model/tokenizer.json");
    EXPECT_THAT(messageOf(r, ErrorCode::NotFound), HasSubstr("--token-ids"));
    EXPECT_FALSE(fs::exists(r.db));
}

TEST_F(RecordServiceTest, GivenIdsNeedNoTokenizer) {
    fs::remove(m_folder / "model/tokenizer.json");
    record(idsRequest("run"));
    EXPECT_FALSE(Recording::open(m_folder / "test.moescope")->run("run").spec.text);
}

} // namespace moescope
