// Pages that hold runs against each other: compare and training.
#include <algorithm>

#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QTableView>

#include "db/train_log.h"
#include "tests/ui/page_driver.h"
#include "ui/charts/heatmap_widget.h"
#include "ui/charts/line_chart.h"
#include "ui/pages/compare_page.h"

namespace moescope {
namespace {

class ComparePageTest : public test::PageDriver {
protected:
    void write(const char* name, unsigned seed, int experts = 16, int topK = 2) {
        test::SampleShape shape;
        shape.seed = seed;
        shape.experts = experts;
        shape.topK = topK;
        test::writeSampleRecording(file(), test::sampleTexts(), shape, name);
    }
    // Those of the runs in their order, then the difference.
    QList<HeatmapWidget*> shownHeatmaps() const {
        QList<HeatmapWidget*> out;
        for (HeatmapWidget* map : m_page->findChildren<HeatmapWidget*>()) {
            if (map->isVisible() && map->data()) {
                out << map;
            }
        }
        std::stable_partition(out.begin(), out.end(), [](const HeatmapWidget* map) {
            return map->data()->valueName != QStringLiteral("difference");
        });
        return out;
    }
};

TEST_F(ComparePageTest, showsRunsOnOneScaleAndWhereTheyDiffer) {
    write("a", 7);
    write("b", 8);
    write("c", 9);
    show("compare", "a");
    const auto maps = shownHeatmaps(); // three runs and the difference
    ASSERT_EQ(maps.size(), 4);
    EXPECT_EQ(maps[0]->data()->scale.high(), maps[1]->data()->scale.high());
    EXPECT_EQ(maps[0]->data()->scale.high(), maps[2]->data()->scale.high());
    const HeatmapData &a = *maps[0]->data(), &b = *maps[1]->data(), &difference = *maps[3]->data();
    for (int l = 0; l < 6; ++l) {
        for (int e = 0; e < 16; ++e) {
            EXPECT_DOUBLE_EQ(difference.at(l, e), b.at(l, e) - a.at(l, e));
        }
    }
    auto& against = child<QComboBox>(QStringLiteral("Which run's difference from run A is drawn"));
    against.setFocus();
    QTest::keyClick(&against, Qt::Key_Down);
    EXPECT_EQ(against.currentIndex(), 1);
    EXPECT_DOUBLE_EQ(maps[3]->data()->at(2, 5), maps[2]->data()->at(2, 5) - maps[0]->data()->at(2, 5));
}

TEST_F(ComparePageTest, clicksAndRunsAreShared) {
    write("a", 7);
    write("b", 8);
    show("compare", "a");
    const auto maps = shownHeatmaps();
    ASSERT_EQ(maps.size(), 3);
    QTest::mouseClick(maps[1], Qt::LeftButton, {}, maps[1]->currentLayout().cell(4, 3).center().toPoint());
    EXPECT_EQ(selected().layer, LayerId(4));
    EXPECT_EQ(selected().expert, ExpertId(3));
    auto& first = child<QComboBox>(QStringLiteral("Run A"));
    first.setFocus();
    QTest::keyClick(&first, Qt::Key_Down);
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_workspace.facts()->run.spec.name == "b"; }));
    settle();
    auto& page = static_cast<ComparePage&>(*m_page);
    ASSERT_EQ(page.chooser().runs().size(), 2U);
    EXPECT_EQ(page.chooser().runs()[0].spec.name, "b");
    EXPECT_EQ(page.chooser().runs()[1].spec.name, "a");
}

TEST_F(ComparePageTest, everyDetailIsDrawnAndExported) {
    write("a", 7);
    write("b", 8);
    show("compare", "a");
    auto& kind = child<QComboBox>(QStringLiteral("What is drawn below the heatmaps"));
    for (int i = 0; i < kind.count(); ++i) {
        kind.setCurrentIndex(i);
        settle();
        for (const Panel* panel : m_page->panels()) {
            if (panel->isVisible() && panel->content()->isVisible()) {
                EXPECT_GT(panel->csv().count(QLatin1Char('\n')), 1) << i << panel->fileWords().toStdString();
            }
        }
    }
}

TEST_F(ComparePageTest, otherExpertCountsSaySo) {
    write("a", 7);
    write("b", 8, 8);
    show("compare", "a");
    EXPECT_TRUE(messages().contains(QStringLiteral("cannot be subtracted")));
    EXPECT_EQ(shownHeatmaps().size(), 2);
    EXPECT_TRUE(m_page->finding().contains(QStringLiteral("nearest to even"))) << "MaxVio does not compare";
}

TEST_F(ComparePageTest, otherExpertsPerTokenAreNamed) {
    write("a", 7);
    write("b", 8, 16, 3);
    show("compare", "a");
    EXPECT_TRUE(std::ranges::any_of(m_page->findChildren<QLabel*>(), [](const QLabel* label) {
        return label->text().startsWith(QStringLiteral("<b>a</b> gives a token 2 experts, <b>b</b> gives it 3:"));
    }));
}

TEST_F(ComparePageTest, oneRunSaysWhatToDo) {
    write("a", 7);
    show("compare");
    EXPECT_TRUE(messages().contains(QStringLiteral("moescope replay")));
}

class TrainingPageTest : public test::PageDriver {
protected:
    // Loss falls; the busiest expert's part grows with `lean`.
    void train(RunId run, double lean) {
        TrainLog log(file(), run, 1);
        for (int s = 1; s <= 300; ++s) {
            TrainStep step;
            step.step = s;
            step.tokens = s * 1000;
            step.loss = 2 + 6.0 / s;
            for (int l = 0; l < 6; ++l) {
                step.load.push_back(std::vector<std::int64_t>(16, 125));
                step.load.back()[3] += std::int64_t(lean * s);
            }
            log.add(step);
        }
    }
    void write(const char* name) { test::writeSampleRecording(file(), test::sampleTexts(), {}, name); }
};

TEST_F(TrainingPageTest, namesTheStrategyThatBalancesBest) {
    write("none");
    write("aux");
    train(RunId(1), 2);
    train(RunId(2), 0.1);
    show("training");
    EXPECT_TRUE(m_page->finding().contains(QStringLiteral("<b>aux</b>")));
    auto& table = child<QTableView>();
    ASSERT_EQ(table.model()->rowCount(), 2);
    QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, table.visualRect(table.model()->index(0, 0)).center());
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_workspace.facts()->run.spec.name == "none"; }));
    settle();
    auto& map = child<HeatmapWidget>();
    EXPECT_EQ(map.data()->rows, 16);
    EXPECT_GT(map.data()->at(3, map.data()->columns - 1), 4);
    auto& detail = child<QComboBox>(QStringLiteral("What is drawn of one training"));
    for (int i = 0; i < detail.count(); ++i) {
        detail.setCurrentIndex(i);
        settle();
    }
    EXPECT_TRUE(messages().contains(QStringLiteral("--record-every")));
    EXPECT_EQ(child<LineChart>(QStringLiteral("Lines of MaxVio over step")).data()->lines.size(), 2U);
}

// Opened at no run in particular, the file's latest is not shown where its loads are one grey.
TEST_F(TrainingPageTest, showsATrainingWithSomethingToSeeUntilOneIsChosen) {
    write("aux");
    write("expert-choice");
    train(RunId(1), 0.1);
    train(RunId(2), 0);
    show("training");
    const auto busiest = [this] {
        const HeatmapData& map = *child<HeatmapWidget>().data();
        return map.at(3, map.columns - 1);
    };
    const auto titled = [this](const char* run) {
        return std::ranges::any_of(m_page->findChildren<QLabel*>(),
                                   [run](const QLabel* label) { return label->text().startsWith(QLatin1String(run)); });
    };
    EXPECT_TRUE(titled("aux:"));
    EXPECT_GT(busiest(), 1.1);
    auto& table = child<QTableView>();
    EXPECT_EQ(table.currentIndex().row(), 0);
    QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, table.visualRect(table.model()->index(1, 0)).center());
    settle();
    EXPECT_TRUE(titled("expert-choice:"));
    EXPECT_EQ(busiest(), 1);
    show("training", "expert-choice");
    EXPECT_TRUE(QTest::qWaitFor([&] { return titled("expert-choice:"); })) << "asked for by name";
}

TEST_F(TrainingPageTest, aFileWithoutTrainingSaysWhatToDo) {
    write("plain");
    show("training");
    EXPECT_TRUE(messages().contains(QStringLiteral("moescope train")));
}

} // namespace
} // namespace moescope
