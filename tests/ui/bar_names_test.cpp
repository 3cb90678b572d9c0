// A name for every bar that is drawn, whatever the chart's size: read from the picture itself.
#include <QLabel>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>

#include "tests/ui/page_driver.h"
#include "ui/charts/bar_chart.h"
#include "ui/charts/picture.h"
#include "ui/charts/theme.h"

namespace moescope {
namespace {

// Rows of the picture left of the plot that hold ink.
std::vector<bool> inkedRows(const QImage& image, const QRect& names) {
    std::vector<bool> rows;
    for (int y = names.top(); y <= names.bottom(); ++y) {
        bool ink = false;
        for (int x = names.left(); x <= names.right(); ++x) {
            ink = ink || image.pixelColor(x, y).lightness() < 190;
        }
        rows.push_back(ink);
    }
    return rows;
}

// Every bar has ink beside its middle, and no ink between it and the next: names apart from each other.
void expectNames(BarChart& chart) {
    const QImage image = imageOf(chart, 1);
    const QRectF plot = chart.chart()->mapRectToScene(chart.chart()->plotArea());
    const int shown = chart.shownBars();
    const double pitch = plot.height() / shown;
    const auto rows = inkedRows(image, QRect(0, int(plot.top()), int(plot.left()) - 5, int(plot.height())));
    for (int i = 0; i < shown; ++i) {
        int inked = 0;
        for (int y = int(i * pitch); y < int((i + 1) * pitch) && y < int(rows.size()); ++y) {
            inked += rows[std::size_t(y)] ? 1 : 0;
        }
        EXPECT_GE(inked, 4) << "bar " << i << " of " << shown << " from above has no name";
        EXPECT_EQ(chart.categoryAt(QPoint(int(plot.left()) + 3, int(plot.top() + (i + 0.5) * pitch))),
                  int(chart.data()->categories.size()) - 1 - i);
    }
}

std::shared_ptr<const BarChartData> lyingBars(int bars) {
    auto data = std::make_shared<BarChartData>();
    data->orientation = Qt::Horizontal;
    data->valueAxis = QStringLiteral("lift");
    BarStack stack{QStringLiteral("lift"), Role::Over, {}};
    for (int i = 0; i < bars; ++i) {
        data->categories << QStringLiteral("domain %1").arg(i);
        stack.values.push_back(i + 1);
    }
    data->stacks = {stack};
    return data;
}

TEST(BarNames, everyDrawnBarHasOneInEverySize) {
    BarChart chart;
    chart.setPalette(paletteOf(lightTheme()));
    for (const int bars : {1, 5, 12, 30}) {
        for (const int height : {140, 200, 250, 400, 900}) {
            chart.resize(560, height);
            chart.setData(lyingBars(bars));
            chart.show();
            QApplication::processEvents();
            SCOPED_TRACE(::testing::Message() << bars << " bars, " << height << " high");
            EXPECT_LE(chart.shownBars(), bars);
            expectNames(chart);
        }
    }
    EXPECT_EQ(chart.shownBars(), 30);
    chart.resize(560, 140); // fewer fit, and the keys stay among those
    QApplication::processEvents();
    EXPECT_LT(chart.shownBars(), 30);
    expectNames(chart);
    QSignalSpy selected(&chart, &BarChart::categorySelected);
    QTest::keyClick(&chart, Qt::Key_Right);
    ASSERT_EQ(selected.size(), 1);
    EXPECT_EQ(selected[0][0].toInt(), 30 - chart.shownBars());
}

class BarNamesPageTest : public test::PageDriver {};

TEST_F(BarNamesPageTest, specializationNamesItsBarsAndItsTableFits) {
    std::vector<test::SampleText> texts;
    const auto samples = test::sampleTexts();
    for (std::size_t i = 0; i < 18; ++i) {
        test::SampleText text = samples[i % samples.size()];
        text.domain = "domain_" + std::to_string(i);
        texts.push_back(text);
    }
    test::writeSampleRecording(file(), texts);
    show("specialization");
    BarChart& chart = child<BarChart>();
    EXPECT_EQ(chart.shownBars(), 12); // those that the data has
    expectNames(chart);
    const QTableView& table = child<QTableView>();
    EXPECT_EQ(table.horizontalScrollBar()->maximum(), 0);
    m_page->resize(800, 600);
    QApplication::processEvents();
    expectNames(chart);
    const auto labels = m_page->findChildren<QLabel*>();
    const QString words = QStringLiteral("The first %1 of 18").arg(chart.shownBars());
    EXPECT_TRUE(std::any_of(labels.begin(), labels.end(), [&words](const QLabel* l) { return l->text() == words; }));
}

} // namespace
} // namespace moescope
