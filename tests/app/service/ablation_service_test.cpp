#include "app/service/ablation_service.h"

#include <cmath>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/service/ablation_report.h"
#include "app/service/intervention_text.h"
#include "app/service/recording.h"
#include "db/ablation_log.h"
#include "engine/routing/error.h"
#include "tests/support/fake_engine.h"
#include "tests/support/recorded_run.h"

namespace moescope {

using testing::AllOf;
using testing::HasSubstr;

namespace {

// Follows both parts; stops the ablation after so many tokens.
class AblationFollower final : public AblationObserver, public RecordObserver {
public:
    RecordObserver& recording() override { return *this; }
    void started(const std::string&, const RecordProgress&) override {}
    void progress(const RecordProgress&) override {}
    void progress(std::int64_t done, std::int64_t total) override {
        EXPECT_LE(done, total);
        last = done;
        ++calls;
        if (stopAt > 0 && done >= stopAt)
            source.request_stop();
    }
    std::int64_t last = 0;
    std::int64_t stopAt = 0;
    int calls = 0;
    std::stop_source source;
};

class AblationServiceTest : public testing::Test {
protected:
    AblationRequest request() const {
        AblationRequest request;
        request.record.model = std::string(MOESCOPE_SOURCE_DIR) + "/tests/golden/mixtral_gqa";
        request.record.db = m_folder / "a.moe";
        request.record.name = "plain";
        request.record.context = 16;
        request.record.batchTokens = 32;
        const auto ids = m_folder / "ids.json";
        std::ofstream(ids) << "[[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20],[30,31,32,33,34,35,36,37,38,39]]";
        request.record.tokenIds = ids;
        request.layer = LayerId(1);
        request.replicates = 100;
        return request;
    }

    // What it says where it does not come to its end.
    std::string refusal(const AblationRequest& request, AblationFollower& follower) {
        try {
            AblationService(m_engine).ablate(request, follower, follower.source.get_token());
        } catch (const Error& error) {
            return error.what();
        }
        ADD_FAILURE() << "it came to its end";
        return "";
    }

    test::TemporaryFolder m_folder;
    test::FakeEngine m_engine;
    AblationFollower m_follower;
};

TEST_F(AblationServiceTest, MeasuresWhatEveryExpertCosts) {
    const AblationSummary summary =
        AblationService(m_engine).ablate(request(), m_follower, m_follower.source.get_token());
    ASSERT_EQ(summary.rows.size(), 4U); // one domain: no rows of domains
    for (const InterventionRow& row : summary.rows) {
        EXPECT_NEAR(row.change, 0.1 * row.expert, 1e-6); // as the fake engine has it
        EXPECT_EQ(row.tokens, 30);
        EXPECT_EQ(row.significant, row.expert > 0);
        EXPECT_NEAR(row.low, row.change, 1e-6); // the same cost everywhere
    }
    const auto recording = Recording::open(m_folder / "a.moe");
    const RunInfo run = recording->run("plain");
    EXPECT_EQ(recording->interventions(run), summary.rows);
    EXPECT_EQ(run.tokens, 30);
    EXPECT_NE(ablationText(summary).find("expert"), std::string::npos);
    EXPECT_NE(ablationJson(summary).find("\"change\""), std::string::npos);
}

TEST_F(AblationServiceTest, StoppedItKeepsTheRunAndNoTable) {
    m_follower.stopAt = 1;
    EXPECT_THAT(refusal(request(), m_follower), AllOf(HasSubstr("% of the ablation is measured"),
                                                      HasSubstr("run plain"), HasSubstr("--resume goes on with it")));
    const auto recording = Recording::open(m_folder / "a.moe");
    EXPECT_EQ(recording->run("plain").state, RunState::Complete);
    EXPECT_TRUE(recording->interventions(recording->run("plain")).empty());
}

// Each expert of each batch that was measured before the stop stays measured.
TEST_F(AblationServiceTest, CutOffItGoesOnFromWhatIsMeasured) {
    AblationRequest whole = request();
    whole.record.batchTokens = 16;
    const auto rows = AblationService(m_engine).ablate(whole, m_follower, {}).rows;
    EXPECT_EQ(m_follower.last, 30 * 5) << "the model as it is, and without each of four experts";

    AblationRequest cut = whole;
    cut.record.name = "cut";
    cut.record.resume = true;
    for (const std::int64_t stopAt : {32, 90}) {
        AblationFollower follower;
        follower.stopAt = stopAt;
        EXPECT_THROW(AblationService(m_engine).ablate(cut, follower, follower.source.get_token()), Error);
        EXPECT_GE(follower.last, stopAt);
        EXPECT_LT(follower.last, stopAt + 32) << "what was measured before is not measured again";
    }
    AblationFollower rest;
    EXPECT_EQ(AblationService(m_engine).ablate(cut, rest, {}).rows, rows);
    EXPECT_EQ(rest.last, 30 * 5);
    EXPECT_LT(rest.calls, 10);
    EXPECT_TRUE(AblationLog(cut.record.db, RunId(2), cut.layer).parts().empty()) << "the table takes their place";
    AblationFollower again;
    EXPECT_EQ(AblationService(m_engine).ablate(cut, again, {}).rows, rows);
    EXPECT_EQ(again.calls, 0) << "nothing is left to do";
}

TEST_F(AblationServiceTest, GoingOnWithAnotherRunNamesWhatIsOther) {
    AblationService(m_engine).ablate(request(), m_follower, {});
    AblationRequest other = request();
    other.record.resume = true;
    other.record.batchTokens = 48;
    AblationFollower follower;
    EXPECT_THAT(refusal(other, follower),
                AllOf(HasSubstr("batch tokens was '32' and is now '48'"), HasSubstr("--name")));
}

TEST_F(AblationServiceTest, RefusesWhatHasNoNllOrNoExperts) {
    AblationRequest wrong = request();
    wrong.record.nll = false;
    EXPECT_THROW(AblationService(m_engine).ablate(wrong, m_follower, {}), Error);
    wrong = request();
    wrong.layer = LayerId(7);
    EXPECT_THROW(AblationService(m_engine).ablate(wrong, m_follower, {}), Error);
    EXPECT_FALSE(std::filesystem::exists(m_folder / "a.moe")); // nothing was begun
}

TEST_F(AblationServiceTest, ReadsExpertsAndBiases) {
    EXPECT_EQ(parseAblated("3:1,0:15"),
              (std::set<std::pair<LayerId, std::int32_t>>{{LayerId(3), 1}, {LayerId(0), 15}}));
    for (const char* wrong : {"", "3", "3:", "3:1,", "3:1;2:2", "a:b"})
        EXPECT_THROW(parseAblated(wrong), Error) << wrong;
    const auto file = m_folder / "bias.json";
    std::ofstream(file) << R"({"2": [0.5, -1], "0": []})";
    EXPECT_EQ(readBiasFile(file).at(LayerId(2)), (std::vector<float>{0.5F, -1.0F}));
    std::ofstream(file) << R"({"two": [1]})";
    EXPECT_THROW(readBiasFile(file), Error);
    std::ofstream(file) << "[1]";
    EXPECT_THROW(readBiasFile(file), Error);
    EXPECT_THROW(readBiasFile(m_folder / "none.json"), Error);
    Intervention intervention;
    intervention.topK = 3;
    intervention.ablated = {{LayerId(1), 2}};
    intervention.capacity = CapacityOptions{};
    EXPECT_EQ(interventionText(intervention),
              "top-k 3, without 1:2, capacity factor 1.25 floor drop in groups of 1024 tokens");
}

} // namespace
} // namespace moescope
