// Pages as a user drives them: mouse and keyboard over a recording.
#include <gtest/gtest.h>

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSlider>
#include <QTableView>
#include <QTest>

#include "tests/support/recorded_run.h"
#include "tests/ui/sample_recording.h"
#include "ui/charts/bar_chart.h"
#include "ui/charts/heatmap_widget.h"
#include "ui/charts/line_chart.h"
#include "ui/models/lost_token_model.h"
#include "ui/pages/capacity_controls.h"
#include "ui/pages/ink_legend.h"
#include "ui/pages/page_factory.h"
#include "ui/pages/route_strip.h"
#include "ui/pages/tokens_page.h"

namespace moescope {
namespace {

class PageTest : public ::testing::Test {
protected:
    void open(const char* name, const test::SampleShape& shape = {}) {
        test::writeSampleRecording(m_folder / "sample.db", test::sampleTexts(), shape);
        m_workspace.openFile(m_folder / "sample.db");
        m_page.reset(makePage(QLatin1String(name), m_workspace));
        m_page->resize(1280, 800);
        m_page->show();
        QObject::connect(m_page.get(), &Page::failed, m_page.get(), [this](const QString& m) { m_failure = m; });
        ASSERT_TRUE(QTest::qWaitFor([&] { return m_workspace.facts() != nullptr; }));
        m_page->setActive(true);
        settle();
    }
    void settle() {
        ASSERT_TRUE(QTest::qWaitFor([&] { return !m_page->isBusy(); }));
        QApplication::processEvents();
        EXPECT_EQ(m_failure, QString());
    }
    template <class Kind>
    Kind& child() {
        return *m_page->findChild<Kind*>();
    }
    const Selected& selected() const { return m_workspace.selected(); }

    test::TemporaryFolder m_folder;
    Workspace m_workspace{Reader::Mode::OwnThread};
    std::unique_ptr<Page> m_page;
    QString m_failure;
};

TEST_F(PageTest, overviewNamesTheWorstLayerAndSelectsRows) {
    open("overview");
    EXPECT_TRUE(m_page->finding().contains(QString::number(m_workspace.facts()->leastBalanced()->layer().value)));
    auto& table = child<QTableView>();
    ASSERT_EQ(table.model()->rowCount(), 6);
    QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, table.visualRect(table.model()->index(2, 0)).center());
    EXPECT_EQ(selected().layer, LayerId(2));
    QTest::keyClick(&table, Qt::Key_Down);
    EXPECT_EQ(selected().layer, LayerId(3));
    for (const Panel* panel : m_page->panels()) {
        EXPECT_GT(panel->csv().count(QLatin1Char('\n')), 1) << panel->fileWords().toStdString();
    }
}

TEST_F(PageTest, loadFollowsClicksInTheHeatmap) {
    open("load");
    auto& heatmap = child<HeatmapWidget>();
    const QString before = m_page->finding();
    QTest::mouseClick(&heatmap, Qt::LeftButton, {}, heatmap.currentLayout().cell(1, 4).center().toPoint());
    EXPECT_EQ(selected().layer, LayerId(1));
    EXPECT_EQ(selected().expert, ExpertId(4));
    settle();
    EXPECT_NE(m_page->finding(), before);
    auto& bars = child<BarChart>();
    EXPECT_EQ(bars.data()->categories.size(), 16);
    QTest::keyClick(&bars, Qt::Key_Right);
    EXPECT_EQ(selected().expert, ExpertId(5));
    EXPECT_FALSE(child<LineChart>().data()->lines.front().points.isEmpty());
    for (int i = 0; i < child<QComboBox>().count(); ++i) {
        child<QComboBox>().setCurrentIndex(i);
        EXPECT_FALSE(heatmap.data()->empty());
    }
}

TEST_F(PageTest, loadOfAllLayersIsTheRecordedLoad) {
    open("load");
    const HeatmapData& data = *child<HeatmapWidget>().data();
    for (int l = 0; l < 6; ++l) {
        double sum = 0;
        qint64 assignments = 0;
        for (int e = 0; e < 16; ++e) {
            sum += data.at(l, e);
            assignments += data.counts[std::size_t(l) * 16 + std::size_t(e)];
        }
        EXPECT_NEAR(sum, 16, 1e-9);
        EXPECT_EQ(assignments, 2 * m_workspace.facts()->run.tokens);
    }
}

TEST_F(PageTest, specializationShowsDomainsAndTokensOfTheChosenExpert) {
    open("specialization");
    auto& heatmap = child<HeatmapWidget>();
    EXPECT_EQ(heatmap.data()->rows, 5);
    QTest::mouseClick(&heatmap, Qt::LeftButton, {}, heatmap.currentLayout().cell(2, 9).center().toPoint());
    settle();
    EXPECT_EQ(selected().expert, ExpertId(9));
    EXPECT_EQ(selected().domain, QStringLiteral("korean"));
    auto& table = child<QTableView>();
    ASSERT_GT(table.model()->rowCount(), 0);
    EXPECT_EQ(child<BarChart>().data()->categories.size(), 5);
}

TEST_F(PageTest, tokensWalkFromTheTextToTheRoute) {
    open("tokens");
    auto& page = static_cast<TokensPage&>(*m_page);
    auto& view = page.text();
    const auto box = view.boxOf(3);
    ASSERT_TRUE(box);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, box->center().toPoint());
    settle();
    EXPECT_EQ(selected().token, 3);
    auto& route = child<QTableView>();
    EXPECT_EQ(route.model()->rowCount(), 6);
    QTest::keyClick(&view, Qt::Key_Right);
    EXPECT_EQ(selected().token, 4);
    settle();
    QTest::mouseClick(route.viewport(), Qt::LeftButton, {}, route.visualRect(route.model()->index(4, 0)).center());
    EXPECT_EQ(selected().layer, LayerId(4));
    settle();
    EXPECT_GT(child<RouteStrip>().csv().count(QLatin1Char('\n')), 6 * 10);
}

TEST_F(PageTest, tokensStepThroughThoseOfAnExpert) {
    open("tokens");
    auto& page = static_cast<TokensPage&>(*m_page);
    auto& legend = child<InkLegend>();
    QTest::mouseClick(&legend, Qt::LeftButton, {}, QPoint(52 + 3 * 30 + 10, 10));
    ASSERT_TRUE(selected().expert);
    settle();
    const auto routing = [&](TokenIndex t) { return m_workspace.recording()->route(m_workspace.facts()->run, t); };
    TokenIndex before = -1;
    for (int i = 0; i < 3; ++i) {
        QTest::keyClick(&page.text(), Qt::Key_N);
        settle();
        ASSERT_TRUE(selected().token);
        EXPECT_GT(*selected().token, before);
        before = *selected().token;
        const auto layer = std::size_t(selected().layer->value);
        const auto ids = routing(before)[layer].ids;
        EXPECT_TRUE(std::find(ids.begin(), ids.end(), selected().expert->value) != ids.end());
    }
    QTest::mouseClick(&legend, Qt::LeftButton, {}, QPoint(52 + 3 * 30 + 10, 10)); // again: all experts
    EXPECT_FALSE(selected().expert);
}

TEST_F(PageTest, tokensFindText) {
    open("tokens");
    auto& search = child<QLineEdit>();
    search.setFocus();
    QTest::keyClicks(&search, QStringLiteral("fog"));
    QTest::keyClick(&search, Qt::Key_Return);
    settle();
    ASSERT_TRUE(selected().token);
    EXPECT_TRUE(m_workspace.recording()
                    ->tokens(m_workspace.facts()->run, *selected().token, *selected().token + 1)[0]
                    .text.find("fog") != std::string::npos);
}

TEST_F(PageTest, tokensColourInEveryMode) {
    open("tokens");
    auto& page = static_cast<TokensPage&>(*m_page);
    QImage before = page.text().grab().toImage();
    for (const InkMode mode : {InkMode::Weight, InkMode::Margin, InkMode::Nll, InkMode::Overflow}) {
        page.setMode(mode);
        settle();
        const QImage now = page.text().grab().toImage();
        EXPECT_NE(now, before) << int(mode);
        before = now;
    }
}

TEST_F(PageTest, capacitySliderAnswersAtOnceAndExactly) {
    open("capacity");
    auto& slider = child<QSlider>();
    auto& controls = child<CapacityControls>();
    slider.setFocus();
    QTest::keyClick(&slider, Qt::Key_Home);
    EXPECT_DOUBLE_EQ(controls.options().factor, 0.5);
    const QString tight = m_page->finding();
    EXPECT_FALSE(m_page->isBusy()); // no reading for another factor
    QTest::keyClick(&slider, Qt::Key_End);
    EXPECT_NE(m_page->finding(), tight);
    // What the page drops at factor 1 is what counting by hand gives: assignments beyond the places of each group.
    controls.setFactor(1);
    settle();
    const RunInfo& run = m_workspace.facts()->run;
    std::vector<std::vector<std::int64_t>> groups(std::size_t((run.tokens + 1023) / 1024),
                                                  std::vector<std::int64_t>(16));
    RunFilter one;
    one.layers = {*selected().layer};
    m_workspace.recording()->eachRouting(run, one, false, [&](const RoutingBlock& b) {
        for (std::int32_t t = 0; t < b.tokens; ++t) {
            for (const auto id : b.idsOf(t)) {
                ++groups[std::size_t((b.first + t) / 1024)][id];
            }
        }
    });
    double lost = 0;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const std::int64_t tokens = std::min<std::int64_t>(1024, run.tokens - std::int64_t(g) * 1024);
        for (const std::int64_t n : groups[g]) {
            lost += double(std::max<std::int64_t>(0, n - capacityOf(controls.options(), tokens, 2, 16)));
        }
    }
    const auto& stacks = child<BarChart>().data()->stacks;
    double shown = 0;
    for (const double v : stacks.back().values) {
        shown += v;
    }
    EXPECT_DOUBLE_EQ(shown, lost);
}

TEST_F(PageTest, capacityShowsEveryPolicy) {
    open("capacity");
    auto& controls = child<CapacityControls>();
    for (const OverflowPolicy policy : {OverflowPolicy::Priority, OverflowPolicy::Prob, OverflowPolicy::Next}) {
        CapacityOptions options = controls.options();
        options.policy = policy;
        options.factor = 1;
        controls.setOptions(options);
        Q_EMIT controls.changed();
        settle();
        EXPECT_FALSE(m_page->finding().isEmpty());
    }
}

TEST_F(PageTest, aRunWithoutLogitsSaysSo) {
    test::SampleShape shape;
    shape.logits = false;
    open("tokens", shape);
    m_workspace.selection().setToken(5);
    settle();
    bool said = false;
    for (const QLabel* label : m_page->findChildren<QLabel*>()) {
        said = said || (label->isVisible() && label->text().contains(QStringLiteral("--logits none")));
    }
    EXPECT_TRUE(said);
}

} // namespace
} // namespace moescope
