// The filter's experts in every chart that has experts, on screen and as CSV; where a page counts all, it says so.
#include <gtest/gtest.h>

#include <QLabel>
#include <QRegularExpression>
#include <QTest>

#include "tests/ui/page_driver.h"
#include "ui/charts/bar_chart.h"
#include "ui/charts/heatmap_widget.h"
#include "ui/charts/sankey_widget.h"

namespace moescope {
namespace {

class ExpertFilterTest : public test::PageDriver {
protected:
    ExpertFilterTest() {
        test::writeSampleRecording(file(), test::sampleTexts(), {}, "a");
        test::SampleShape other;
        other.seed = 8;
        test::writeSampleRecording(file(), test::sampleTexts(), other, "b");
    }
    void showFiltered(const char* name) {
        show(name, "a");
        RunFilter filter;
        filter.experts = {ExpertId(2), ExpertId(5)};
        m_workspace.selection().setFilter(filter);
        ASSERT_TRUE(QTest::qWaitFor([&] { return m_workspace.facts()->filter.experts.size() == 2; }));
        settle();
    }
    QString note() const {
        const auto* label = m_page->findChild<QLabel*>(QStringLiteral("filterNote"));
        return label->isVisible() ? label->text() : QString();
    }
    static bool taken(int expert) { return expert == 2 || expert == 5; }
    static void expectOnly(const HeatmapData& data, bool rows = false) {
        for (int r = 0; r < data.rows; ++r) {
            for (int c = 0; c < data.columns; ++c) {
                if (!taken(rows ? r : c)) {
                    EXPECT_TRUE(std::isnan(data.at(r, c))) << r << ' ' << c;
                }
            }
        }
        EXPECT_FALSE(std::isnan(rows ? data.at(2, 5) : data.at(0, 2)));
    }
    static void expectOnly(const BarChartData& data) {
        for (int e = 0; e < int(data.categories.size()); ++e) {
            EXPECT_EQ(data.total(e) > 0, taken(e)) << e;
        }
        const QStringList lines = data.csv().split(QStringLiteral("\r\n"));
        EXPECT_TRUE(lines[1].startsWith(QStringLiteral("0,"))) << lines[1].toStdString();
        EXPECT_FALSE(lines[1].contains(QRegularExpression(QStringLiteral("[1-9]")))) << lines[1].toStdString();
    }
};

TEST_F(ExpertFilterTest, load) {
    showFiltered("load");
    expectOnly(*child<HeatmapWidget>().data());
    expectOnly(*child<BarChart>().data());
    EXPECT_FALSE(note().isEmpty());
    m_workspace.selection().setFilter({});
    EXPECT_TRUE(QTest::qWaitFor([&] { return note().isEmpty(); }));
}

TEST_F(ExpertFilterTest, specialization) {
    showFiltered("specialization");
    expectOnly(*child<HeatmapWidget>().data());
    EXPECT_FALSE(note().isEmpty());
}

TEST_F(ExpertFilterTest, capacity) {
    showFiltered("capacity");
    expectOnly(*child<BarChart>().data());
    EXPECT_FALSE(note().isEmpty());
}

TEST_F(ExpertFilterTest, flow) {
    showFiltered("flow");
    expectOnly(*child<HeatmapWidget>().data(), true);
    const SankeyData& flows = *child<SankeyWidget>().data();
    ASSERT_FALSE(flows.links.empty());
    for (const SankeyLink& link : flows.links) {
        EXPECT_TRUE(taken(flows.nodes[std::size_t(link.column)][std::size_t(link.from)].expert));
    }
    EXPECT_FALSE(note().isEmpty());
}

TEST_F(ExpertFilterTest, compare) {
    showFiltered("compare");
    for (const HeatmapWidget* map : m_page->findChildren<HeatmapWidget*>()) {
        if (map->data() && map->isVisible()) {
            expectOnly(*map->data());
        }
    }
    EXPECT_FALSE(note().isEmpty());
}

class PartlyFilteredTest : public ExpertFilterTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(PartlyFilteredTest, saysWhatTheFilterDoesNotReach) {
    showFiltered(GetParam());
    EXPECT_FALSE(note().isEmpty());
}

INSTANTIATE_TEST_SUITE_P(Pages, PartlyFilteredTest, ::testing::Values("overview", "tokens", "training", "sql"));

} // namespace
} // namespace moescope
