#include "db/verify.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "db/connection.h"
#include "db/run_writer.h"
#include "engine/routing/error.h"
#include "tests/support/recorded_run.h"

namespace moescope {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class VerifyTest : public testing::Test {
protected:
    void SetUp() override {
        const auto run = test::makeRun({2, 8, 2, 3000, LogitStorage::F16, ScoreFunction::Softmax, 1});
        RunWriter writer(file, run.spec, run.documents, run.pieces);
        run.deliverAll(writer, 0, 1000);
        writer.finish(RunState::Complete);
    }

    std::vector<std::string> problemsAfter(const std::string& sql) const {
        sqlite::Connection(file, sqlite::Access::Write).execute(sql);
        return verifyRecording(file).problems;
    }

    test::TemporaryFolder folder;
    std::filesystem::path file = folder / "a.db";
};

TEST_F(VerifyTest, PassesWhatWasRecorded) {
    double last = 0;
    const auto report = verifyRecording(file, [&](double share) {
        EXPECT_GE(share, last);
        last = share;
        return true;
    });
    EXPECT_THAT(report.problems, IsEmpty());
    EXPECT_EQ(report.runs, 1);
    EXPECT_EQ(report.tokens, 3000);
    EXPECT_GT(report.blocks, 6);
    EXPECT_DOUBLE_EQ(last, 1);
    EXPECT_THROW(verifyRecording(file, [](double) { return false; }), Error);
}

TEST_F(VerifyTest, FindsAMissingBlock) {
    EXPECT_THAT(problemsAfter("DELETE FROM route_block WHERE block=1 AND layer_id=1"),
                testing::Contains(HasSubstr("gap before block 2")));
}

TEST_F(VerifyTest, FindsABlockCutShort) {
    EXPECT_THAT(problemsAfter("UPDATE logit_block SET logits=substr(logits, 1, 100) WHERE block=1 AND layer_id=2"),
                ElementsAre(HasSubstr("logit block 1 of layer 3 is missing or cut short")));
}

TEST_F(VerifyTest, FindsAnExpertThatCannotBe) {
    EXPECT_THAT(problemsAfter("UPDATE route_block SET ids=replace(ids, x'07', x'09') WHERE id=1"),
                ElementsAre(HasSubstr("has expert 9 of 8")));
}

TEST_F(VerifyTest, FindsAnExpertTwice) {
    EXPECT_THAT(problemsAfter("UPDATE route_block SET ids=zeroblob(length(ids)) WHERE id=1"),
                ElementsAre(HasSubstr("has expert 0 twice")));
}

TEST_F(VerifyTest, FindsWeightsThatAreNoNumbers) {
    EXPECT_THAT(problemsAfter("UPDATE route_block SET weights=CAST(replace(hex(zeroblob(length(weights)/4)),'00',"
                              "CAST(x'0000c07f' AS TEXT)) AS BLOB) WHERE id=1"),
                Not(IsEmpty()));
}

TEST_F(VerifyTest, FindsSumsThatDiffer) {
    EXPECT_THAT(problemsAfter("UPDATE layer_summary SET sums=zeroblob(length(sums)) WHERE domain=1 AND layer_id=1"),
                ElementsAre(HasSubstr("differ from a recount of its blocks in domain 1")));
    EXPECT_THAT(problemsAfter("DELETE FROM layer_summary WHERE layer_id=1"), Not(IsEmpty()));
}

TEST_F(VerifyTest, FindsMissingTextAndTokens) {
    EXPECT_THAT(problemsAfter("DELETE FROM piece WHERE token_id=3"),
                ElementsAre(HasSubstr("text of token id 3 is missing")));
    EXPECT_THAT(problemsAfter("DELETE FROM token_block WHERE block=2"), testing::Contains(HasSubstr("token block 2")));
    EXPECT_THAT(problemsAfter("UPDATE document SET tokens=tokens+1 WHERE ordinal=(SELECT max(ordinal) FROM document)"),
                testing::Contains(HasSubstr("1 tokens of its documents are missing")));
}

TEST_F(VerifyTest, FindsDamagedPages) {
    {
        std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
        bytes.seekp(16384 * 2 + 100); // past the schema
        bytes << std::string(3 * 16384, 'x');
    }
    try {
        EXPECT_THAT(verifyRecording(file).problems, Not(IsEmpty()));
    } catch (const Error& e) {
        EXPECT_EQ(e.code(), ErrorCode::Corruption) << e.what();
    }
}

} // namespace
} // namespace moescope
