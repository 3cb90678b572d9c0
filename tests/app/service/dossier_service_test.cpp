#include "app/service/dossier_service.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "app/service/dossier_report.h"
#include "app/service/sql_query.h"
#include "db/run_writer.h"
#include "engine/routing/error.h"
#include "tests/support/recorded_run.h"

namespace moescope {
namespace {

class DossierTest : public testing::Test {
protected:
    DossierTest() : m_run(test::makeRun({})) {
        RunWriter writer(file(), m_run.spec, m_run.documents, m_run.pieces);
        m_run.deliverAll(writer, 0, 700);
        writer.finish(RunState::Complete);
    }
    std::filesystem::path file() const { return m_folder / "runs.moe"; }
    ExpertDossier read(int layer, int expert) const {
        DossierRequest request;
        request.layer = LayerId(layer);
        request.expert = ExpertId(expert);
        return readDossier(*Recording::open(file()), request, {});
    }
    bool has(std::size_t layer, TokenIndex token, int expert) const {
        const auto begin = m_run.ids[layer].begin() + token * 2;
        return std::find(begin, begin + 2, std::uint16_t(expert)) != begin + 2;
    }

    test::TemporaryFolder m_folder;
    test::RecordedRun m_run;
};

TEST_F(DossierTest, CountsWhatTheRunHolds) {
    const ExpertDossier dossier = read(3, 5);
    std::int64_t own = 0, withFirst = 0, next = 0;
    for (TokenIndex t = 0; t < m_run.tokens(); ++t) {
        own += has(1, t, 5) ? 1 : 0;
        withFirst += has(1, t, 5) && has(1, t, dossier.partners.front().expert.value) ? 1 : 0;
        next += has(1, t, 5) && has(2, t, dossier.behind.front().expert.value) ? 1 : 0;
    }
    EXPECT_EQ(dossier.assignments, own);
    EXPECT_EQ(dossier.partners.front().count, withFirst);
    EXPECT_EQ(dossier.behind.front().count, next);
    EXPECT_EQ(dossier.layerBefore, LayerId(1));
    EXPECT_EQ(dossier.layerBehind, LayerId(5));
    std::int64_t kinds = 0;
    for (const auto& kind : dossier.classes) {
        kinds += kind.count;
    }
    EXPECT_EQ(kinds, own);
}

TEST_F(DossierTest, ContextsAreTheTextAround) {
    const ExpertDossier dossier = read(3, 5);
    ASSERT_EQ(dossier.strongest.size(), 12U);
    ASSERT_EQ(dossier.sample.size(), 12U);
    EXPECT_GE(dossier.strongest.front().weight, dossier.strongest.back().weight);
    for (const auto& context : dossier.sample) {
        EXPECT_TRUE(has(1, context.token, 5));
        const auto piece = m_run.pieces[std::size_t(m_run.tokenIds[std::size_t(context.token)])].bytes;
        EXPECT_EQ(context.text, piece);
    }
}

TEST_F(DossierTest, WritesMarkdown) {
    const std::string text = dossierMarkdown(read(1, 0));
    EXPECT_EQ(text.rfind("# Expert L1/E0 of made-up\n", 0), 0U);
    for (const char* part : {"## Load", "## Domains", "## Tokens", "## Kinds of tokens", "## Company", "«"}) {
        EXPECT_NE(text.find(part), std::string::npos) << part;
    }
    EXPECT_EQ(oneLine("a\n\tb\xFF"), "a↵→b\\xFF");
}

TEST_F(DossierTest, RefusesWhatTheRunDoesNotHave) {
    EXPECT_THROW(read(2, 0), Error); // a dense layer
    EXPECT_THROW(read(3, 8), Error);
}

TEST_F(DossierTest, QueriesStopAtTheLimitAndOnRequest) {
    const SqlTable table = querySql(file(), "SELECT token, layer FROM routing", 100, {});
    EXPECT_EQ(table.columns, (std::vector<std::string>{"token", "layer"}));
    EXPECT_EQ(table.rows.size(), 100U);
    EXPECT_TRUE(table.cut);
    EXPECT_THROW(querySql(file(), "DELETE FROM run", 10, {}), Error);
    EXPECT_EQ(sqlText(SqlValue(std::int64_t(7))), "7");
    EXPECT_EQ(sqlText(SqlValue()), "");
}

} // namespace
} // namespace moescope
