// Every page by keyboard alone: Tab reaches each of its charts, and each tells what is under its cursor.
#include <set>

#include <gtest/gtest.h>

#include <QAbstractScrollArea>
#include <QTableView>
#include <QTest>

#include "tests/support/recorded_run.h"
#include "tests/ui/sample_recording.h"
#include "ui/charts/bar_chart.h"
#include "ui/charts/heatmap_widget.h"
#include "ui/charts/line_chart.h"
#include "ui/charts/sankey_widget.h"
#include "ui/pages/ink_legend.h"
#include "ui/pages/page_factory.h"
#include "ui/pages/route_strip.h"
#include "ui/text/token_text_view.h"
#include "ui/window/main_window.h"

namespace moescope {
namespace {

template <class... Kinds>
QList<QWidget*> visibleOf(QWidget& page) {
    QList<QWidget*> out;
    const auto add = [&out](const auto& widgets) {
        for (QWidget* widget : widgets) {
            if (widget->isVisible()) {
                out << widget;
            }
        }
    };
    (add(page.findChildren<Kinds*>()), ...);
    return out;
}

class FocusWalkTest : public ::testing::TestWithParam<QString> {
protected:
    FocusWalkTest() {
        test::writeSampleRecording(m_folder / "sample.db", test::sampleTexts(), {}, "a");
        test::SampleShape other;
        other.seed = 8;
        test::writeSampleRecording(m_folder / "sample.db", test::sampleTexts(), other, "b");
    }
    static void settle(MainWindow& window) {
        ASSERT_TRUE(QTest::qWaitFor([&] { return window.currentPage() && !window.currentPage()->isBusy(); }, 20000));
        QApplication::processEvents();
    }
    test::TemporaryFolder m_folder;
};

TEST_P(FocusWalkTest, tabReachesEveryChartAndTheArrowsReadIt) {
    MainWindow window{WindowServices()};
    window.resize(1280, 800);
    window.show();
    window.openFile(QString::fromStdString((m_folder / "sample.db").string()), QStringLiteral("a"));
    settle(window);
    window.showPage(GetParam());
    window.workspace().selection().setToken(20);
    settle(window);
    window.activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
    Page& page = *window.currentPage();
    std::set<QWidget*> reached;
    for (int i = 0; i < 200; ++i) {
        QWidget* at = QApplication::focusWidget();
        QTest::keyClick(at ? at : &window, Qt::Key_Tab);
        reached.insert(QApplication::focusWidget());
    }
    const auto charts = visibleOf<HeatmapWidget, BarChart, LineChart, SankeyWidget, RouteStrip, TokenTextView>(page);
    for (QWidget* widget : charts + visibleOf<InkLegend, QTableView>(page)) {
        EXPECT_TRUE(reached.contains(widget))
            << widget->metaObject()->className() << ": " << widget->accessibleName().toStdString();
        EXPECT_FALSE(widget->accessibleName().isEmpty()) << widget->metaObject()->className();
    }
    for (QWidget* widget : charts) {
        widget->setFocus(Qt::TabFocusReason);
        QTest::keyClick(widget, Qt::Key_Right);
        settle(window);
        EXPECT_FALSE(widget->accessibleDescription().isEmpty()) << widget->accessibleName().toStdString();
    }
}

INSTANTIATE_TEST_SUITE_P(Pages, FocusWalkTest,
                         ::testing::Values("overview", "load", "specialization", "tokens", "capacity", "flow",
                                           "compare", "dossier", "sql"),
                         [](const auto& page) { return page.param.toStdString(); });

} // namespace
} // namespace moescope
