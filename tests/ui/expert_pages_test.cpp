// Pages about experts and their tokens, and the SQL console.
#include <QComboBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QTextBrowser>

#include "tests/ui/page_driver.h"
#include "ui/charts/heatmap_widget.h"
#include "ui/charts/sankey_widget.h"
#include "ui/pages/dossier_page.h"

namespace moescope {
namespace {

class ExpertPageTest : public test::PageDriver {
protected:
    void open(const char* name, const test::SampleShape& shape = {}) {
        test::writeSampleRecording(file(), test::sampleTexts(), shape);
        show(name);
    }
};

TEST_F(ExpertPageTest, flowFollowsExpertsByMouseAndKey) {
    open("flow");
    auto& sankey = child<SankeyWidget>();
    ASSERT_EQ(sankey.data()->nodes.size(), 6U);
    const SankeyLayout layout = sankey.currentLayout();
    QTest::mouseClick(&sankey, Qt::LeftButton, {}, layout.nodes[2][7].center().toPoint());
    settle();
    EXPECT_EQ(selected().layer, LayerId(2));
    EXPECT_EQ(selected().expert, ExpertId(7));
    sankey.setFocus();
    QTest::keyClick(&sankey, Qt::Key_Right);
    QTest::keyClick(&sankey, Qt::Key_Return);
    settle();
    EXPECT_EQ(selected().layer, LayerId(3));
}

TEST_F(ExpertPageTest, flowCountsEveryPairOfChoices) {
    open("flow");
    const SankeyData& data = *child<SankeyWidget>().data();
    std::vector<double> sums(5);
    for (const SankeyLink& link : data.links) {
        sums[std::size_t(link.column)] += link.weight;
    }
    for (const double sum : sums) {
        EXPECT_DOUBLE_EQ(sum, 4.0 * double(m_workspace.facts()->run.tokens)); // k x k
    }
    const HeatmapData& pairs = *child<HeatmapWidget>().data();
    double both = 0;
    for (int a = 0; a < 16; ++a) {
        for (int b = 0; b < 16; ++b) {
            both += a == b ? 0 : double(pairs.counts[std::size_t(a) * 16 + std::size_t(b)]);
        }
    }
    EXPECT_DOUBLE_EQ(both, 2.0 * double(m_workspace.facts()->run.tokens));
}

TEST_F(ExpertPageTest, flowDrawsTheWayOfAToken) {
    open("flow");
    auto& token = child<QSpinBox>();
    token.setFocus();
    token.selectAll();
    QTest::keyClicks(&token, QStringLiteral("21"));
    QTest::keyClick(&token, Qt::Key_Return);
    settle();
    EXPECT_EQ(selected().token, 21);
    const auto route = m_workspace.recording()->route(m_workspace.facts()->run, 21);
    const SankeyData& data = *child<SankeyWidget>().data();
    ASSERT_EQ(data.path.size(), 6U);
    for (std::size_t l = 0; l < 6; ++l) {
        EXPECT_EQ(data.nodes[l][std::size_t(data.path[l][0])].expert, int(route[l].ids[0]));
    }
}

TEST_F(ExpertPageTest, flowOfManyExpertsStaysReadable) {
    test::SampleShape shape;
    shape.experts = 128;
    shape.topK = 8;
    open("flow", shape);
    for (const auto& column : child<SankeyWidget>().data()->nodes) {
        EXPECT_LE(column.size(), 24U);
    }
}

TEST_F(ExpertPageTest, dossierReadsTheSelectedExpertInContext) {
    open("dossier");
    m_workspace.selection().setLayerAndExpert(LayerId(2), ExpertId(9));
    settle();
    auto& page = static_cast<DossierPage&>(*m_page);
    const QString markdown = page.markdown();
    EXPECT_TRUE(markdown.startsWith(QStringLiteral("# Expert L2/E9")));
    for (const char* part :
         {"## Load", "## Domains", "## Tokens", "## Kinds of tokens", "## Company", "## In context"}) {
        EXPECT_TRUE(markdown.contains(QLatin1String(part))) << part;
    }
    EXPECT_TRUE(child<QTextBrowser>(QStringLiteral("Tokens in context")).toPlainText().size() > 200);
    EXPECT_GT(m_page->panels().front()->csv().count(QLatin1Char('\n')), 5);
}

TEST_F(ExpertPageTest, sqlRunsByKeyAndSaysWhatIsWrong) {
    open("sql");
    auto& table = child<QTableView>();
    EXPECT_GT(table.model()->rowCount(), 5); // the first example
    auto& editor = child<QPlainTextEdit>();
    editor.setFocus();
    editor.selectAll();
    QTest::keyClicks(&editor, QStringLiteral("SELECT count(*) AS n FROM tokens"));
    QTest::keyClick(&editor, Qt::Key_Return, Qt::ControlModifier);
    settle();
    ASSERT_EQ(table.model()->rowCount(), 1);
    EXPECT_EQ(table.model()->index(0, 0).data().toLongLong(), m_workspace.facts()->run.tokens);
    for (const Panel* panel : m_page->panels()) {
        if (panel->hasCsv()) {
            EXPECT_EQ(panel->csv(), QStringLiteral("n\r\n%1\r\n").arg(m_workspace.facts()->run.tokens));
        }
    }
    for (const char* wrong : {"SELECT nonsense FROM tokens", "DELETE FROM run"}) {
        editor.setPlainText(QLatin1String(wrong));
        QTest::keyClick(&editor, Qt::Key_Return, Qt::ControlModifier);
        settle();
        EXPECT_TRUE(messages().contains(QStringLiteral("SQL"))) << wrong;
    }
}

TEST_F(ExpertPageTest, sqlExamplesAllRun) {
    open("sql");
    auto& box = child<QComboBox>(QStringLiteral("Examples"));
    for (int i = 1; i < box.count(); ++i) {
        box.setCurrentIndex(i);
        Q_EMIT box.activated(i);
        settle();
        EXPECT_FALSE(messages().contains(QStringLiteral("SQL:"))) << i << messages().toStdString();
    }
}

} // namespace
} // namespace moescope
