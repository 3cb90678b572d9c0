#include <cmath>

#include <gtest/gtest.h>

#include <QImage>
#include <QLabel>
#include <QPainter>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "engine/routing/error.h"
#include "ui/charts/bar_chart.h"
#include "ui/charts/csv_text.h"
#include "ui/charts/expert_colors.h"
#include "ui/charts/heatmap_widget.h"
#include "ui/charts/line_chart.h"
#include "ui/charts/number_format.h"
#include "ui/charts/picture.h"
#include "ui/charts/sankey_raster.h"
#include "ui/charts/wrapped_label.h"

namespace moescope {
namespace {

std::shared_ptr<const HeatmapData> heatmap(int rows, int columns) {
    auto data = std::make_shared<HeatmapData>();
    data->rows = rows;
    data->columns = columns;
    data->rowAxis = QStringLiteral("layer");
    data->columnAxis = QStringLiteral("expert");
    data->valueName = QStringLiteral("share");
    for (int r = 0; r < rows; ++r) {
        data->rowLabels << QString::number(r);
        for (int c = 0; c < columns; ++c) {
            data->values.push_back(double(r * columns + c) / (rows * columns));
        }
    }
    for (int c = 0; c < columns; ++c) {
        data->columnLabels << QString::number(c);
    }
    data->scale = ColorScale::sequential(ColorMap::Viridis, 0, 1);
    return data;
}

TEST(ColorScale, runsFromDarkToLightThroughViridis) {
    const ColorScale scale = ColorScale::sequential(ColorMap::Viridis, 0, 10);
    EXPECT_NEAR(scale.color(0, lightTheme()).red(), 0x44, 4);
    EXPECT_NEAR(scale.color(10, lightTheme()).green(), 0xe7, 4);
    double before = -1;
    for (int i = 0; i <= 20; ++i) {
        const double lightness = scale.colorAt(i / 20.0, lightTheme()).lightnessF();
        const QColor c = scale.colorAt(i / 20.0, lightTheme());
        const double luminance = 0.2126 * c.redF() + 0.7152 * c.greenF() + 0.0722 * c.blueF();
        EXPECT_GT(luminance, before) << i << ' ' << lightness;
        before = luminance;
    }
}

TEST(ColorScale, ratioIsSymmetricInLogarithm) {
    const ColorScale scale = ColorScale::ratio(2);
    EXPECT_DOUBLE_EQ(scale.position(1), 0.5);
    EXPECT_DOUBLE_EQ(scale.position(2) - 0.5, 0.5 - scale.position(0.5));
    EXPECT_DOUBLE_EQ(scale.position(0), 0);
    EXPECT_DOUBLE_EQ(scale.position(100), 1);
    EXPECT_NEAR(scale.valueAt(scale.position(1.7)), 1.7, 1e-12);
    EXPECT_TRUE(std::isnan(scale.position(NAN)));
    EXPECT_EQ(scale.ticks().size(), 5U);
}

TEST(NumberFormat, readsWell) {
    EXPECT_EQ(count(1234567), QStringLiteral("1,234,567"));
    EXPECT_EQ(shortNumber(0.123456), QStringLiteral("0.123"));
    EXPECT_EQ(shortNumber(1234567), QStringLiteral("1.23 M"));
    EXPECT_EQ(shortNumber(0), QStringLiteral("0"));
    EXPECT_EQ(shortNumber(NAN), QStringLiteral("–"));
    EXPECT_EQ(times(4.16), QStringLiteral("4.2 ×"));
    EXPECT_EQ(times(1.012), QStringLiteral("1.01 ×"));
    EXPECT_EQ(exactNumber(0.1), QStringLiteral("0.1"));
    EXPECT_EQ(niceTicks(0, 1, 5), (std::vector<double>{0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0}));
}

TEST(Csv, quotesWhatMustBeQuoted) {
    EXPECT_EQ(csvRow({QStringLiteral("a"), QStringLiteral("b,c"), QStringLiteral("d\"e")}),
              QStringLiteral("a,\"b,c\",\"d\"\"e\"\r\n"));
}

TEST(ExpertColors, differBetweenNeighbours) {
    for (const Theme* theme : {&lightTheme(), &darkTheme()}) {
        for (int e = 0; e + 1 < 16; ++e) {
            const QColor a = expertColor(e, 16, *theme, false), b = expertColor(e + 1, 16, *theme, false);
            EXPECT_GT(std::abs(a.red() - b.red()) + std::abs(a.green() - b.green()) + std::abs(a.blue() - b.blue()), 40)
                << e;
        }
    }
}

TEST(HeatmapWidget, pixelsDecodeToTheirValues) {
    HeatmapWidget widget;
    widget.resize(600, 400);
    widget.setData(heatmap(6, 8));
    const QImage image = imageOf(widget, 1);
    const HeatmapLayout layout = widget.currentLayout();
    const HeatmapData& data = *widget.data();
    for (int r = 0; r < 6; ++r) {
        for (int c = 0; c < 8; ++c) {
            const QPoint corner = layout.cell(r, c).topLeft().toPoint() + QPoint(4, 4); // beside the number
            EXPECT_EQ(image.pixelColor(corner).name(), data.scale.color(data.at(r, c), lightTheme()).name())
                << r << ' ' << c;
        }
    }
}

TEST(HeatmapWidget, clickSelectsTheCellUnderThePointer) {
    HeatmapWidget widget;
    widget.resize(600, 400);
    widget.setData(heatmap(6, 8));
    QSignalSpy selected(&widget, &HeatmapWidget::cellSelected);
    QTest::mouseClick(&widget, Qt::LeftButton, {}, widget.currentLayout().cell(4, 2).center().toPoint());
    ASSERT_EQ(selected.size(), 1);
    EXPECT_EQ(selected[0][0].toInt(), 4);
    EXPECT_EQ(selected[0][1].toInt(), 2);
}

TEST(HeatmapWidget, keyboardWalksZoomsAndSelects) {
    HeatmapWidget widget;
    widget.resize(600, 400);
    widget.setData(heatmap(6, 8));
    QSignalSpy selected(&widget, &HeatmapWidget::cellSelected);
    QTest::keyClick(&widget, Qt::Key_Right);
    QTest::keyClick(&widget, Qt::Key_Right);
    QTest::keyClick(&widget, Qt::Key_Down);
    EXPECT_EQ(widget.cursor(), QPoint(2, 1));
    QTest::keyClick(&widget, Qt::Key_Return);
    ASSERT_EQ(selected.size(), 1);
    EXPECT_FALSE(widget.isZoomed());
    QTest::keyClick(&widget, Qt::Key_Plus);
    EXPECT_TRUE(widget.isZoomed());
    for (int i = 0; i < 9; ++i) {
        QTest::keyClick(&widget, Qt::Key_Right); // the view follows the cursor
    }
    EXPECT_EQ(widget.cursor(), QPoint(7, 1));
    const HeatmapLayout layout = widget.currentLayout();
    EXPECT_TRUE(layout.cells.contains(layout.cell(1, 7).center()));
    QTest::keyClick(&widget, Qt::Key_0);
    EXPECT_FALSE(widget.isZoomed());
}

TEST(HeatmapData, csvHoldsEveryCell) {
    const QString csv = heatmap(2, 2)->csv();
    EXPECT_EQ(csv, QStringLiteral("layer,expert,share\r\n0,0,0\r\n0,1,0.25\r\n1,0,0.5\r\n1,1,0.75\r\n"));
    EXPECT_TRUE(heatmap(2, 2)->toolTip(1, 0).contains(QStringLiteral("0.5")));
}

std::shared_ptr<const BarChartData> bars() {
    auto data = std::make_shared<BarChartData>();
    data->categoryAxis = QStringLiteral("expert");
    data->valueAxis = QStringLiteral("load");
    data->categories = {QStringLiteral("0"), QStringLiteral("1"), QStringLiteral("2"), QStringLiteral("3")};
    data->stacks = {{QStringLiteral("load"), Role::Over, {1, 2, 0.5, 1.5}}};
    data->chance = {0.9, 1.1};
    return data;
}

TEST(BarChart, arrowsWalkAndClicksSelect) {
    BarChart chart;
    chart.resize(480, 300);
    chart.setData(bars());
    chart.show();
    QApplication::processEvents();
    QSignalSpy selected(&chart, &BarChart::categorySelected);
    QTest::keyClick(&chart, Qt::Key_Right);
    QTest::keyClick(&chart, Qt::Key_Right);
    ASSERT_EQ(selected.size(), 2);
    EXPECT_EQ(selected[1][0].toInt(), 1);
    const QRectF plot = chart.chart()->plotArea();
    const QPoint third =
        chart.mapFromScene(chart.chart()->mapToScene(QPointF(plot.left() + plot.width() * 0.62, plot.center().y())));
    QTest::mouseClick(chart.viewport(), Qt::LeftButton, {}, third);
    ASSERT_EQ(selected.size(), 3);
    EXPECT_EQ(selected[2][0].toInt(), 2);
    EXPECT_EQ(chart.data()->csv(), QStringLiteral("expert,load\r\n0,1\r\n1,2\r\n2,0.5\r\n3,1.5\r\n"));
}

// The quick way to draw links shows what filling their outlines would.
TEST(SankeyRaster, drawsWhatThePathsWould) {
    for (const SankeyBand& band : {SankeyBand{10, 150, 20, 30, 90, 12}, SankeyBand{10, 150, 60, 0.6, 10, 0.4},
                                   SankeyBand{10, 150, 5, 40, 5, 40}}) {
        QImage paths(160, 130, QImage::Format_ARGB32_Premultiplied);
        paths.fill(Qt::transparent);
        QPainter painter(&paths);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        QColor color(200, 120, 40);
        color.setAlphaF(0.6F);
        painter.setBrush(color);
        painter.drawPath(band.path());
        painter.end();
        SankeyRaster raster(paths.size(), 1);
        raster.add(band, color);
        const QImage quick = raster.image();
        double difference = 0, sum = 0, quickSum = 0;
        for (int y = 0; y < paths.height(); ++y) {
            for (int x = 0; x < paths.width(); ++x) {
                difference += std::abs(qAlpha(paths.pixel(x, y)) - qAlpha(quick.pixel(x, y)));
                sum += qAlpha(paths.pixel(x, y));
                quickSum += qAlpha(quick.pixel(x, y));
            }
        }
        EXPECT_NEAR(quickSum, sum, 0.05 * sum);
        EXPECT_LT(difference, 0.2 * sum); // the thinnest fall on one pixel or are shared by two
        EXPECT_EQ(quick.pixelColor(80, 0).alpha(), 0);
    }
}

TEST(WrappedLabel, isAsHighAsAnyLabel) {
    WrappedLabel label;
    QLabel plain;
    plain.setWordWrap(true);
    for (const char* text : {"short", "<b>a</b> longer text that takes several lines at a small width, or one", ""}) {
        label.setText(QLatin1String(text));
        plain.setText(QLatin1String(text));
        for (const int width : {400, 60, 400}) {
            EXPECT_EQ(label.heightForWidth(width), plain.heightForWidth(width));
        }
    }
    label.setText(QStringLiteral("two words"));
    const int before = label.heightForWidth(60);
    QFont larger = label.font();
    larger.setPointSizeF(30);
    label.setFont(larger);
    EXPECT_GT(label.heightForWidth(60), before);
}

// Faint lines are drawn, though they are no series of the chart.
TEST(LineChart, drawsFaintLinesBehind) {
    LineChart chart;
    chart.resize(400, 300);
    auto data = std::make_shared<LineChartData>();
    data->lines.push_back({QStringLiteral("own"), Role::Lost, 0, {{0, 0}, {1, 0}}, false});
    auto more = std::make_shared<LineChartData>(*data);
    more->lines.push_back({QString(), Role::Neutral, 0, {{0, 1}, {1, 1}}, true});
    more->lines.front().points = {{0, 0}, {1, 0}, {1, 1}}; // the same range either way
    data = std::make_shared<LineChartData>(*more);
    data->lines.pop_back();
    chart.setData(data);
    const QImage alone = imageOf(chart);
    chart.setData(more);
    EXPECT_NE(imageOf(chart), alone);
    EXPECT_EQ(chart.chart()->series().size(), 1);
}

TEST(LineChart, tellsWhereItWasClicked) {
    LineChart chart;
    chart.resize(480, 300);
    auto data = std::make_shared<LineChartData>();
    data->lines.push_back({QStringLiteral("a"), Role::Accent, 0, {{0, 1}, {10, 3}}, false});
    chart.setData(data);
    chart.show();
    QApplication::processEvents();
    QSignalSpy selected(&chart, &LineChart::xSelected);
    const QRectF plot = chart.chart()->plotArea();
    QTest::mouseClick(chart.viewport(), Qt::LeftButton, {},
                      chart.mapFromScene(chart.chart()->mapToScene(plot.center())));
    ASSERT_EQ(selected.size(), 1);
    EXPECT_NEAR(selected[0][0].toDouble(), 5, 0.2);
}

TEST(Picture, writesEveryFormatAndNothingElse) {
    const QTemporaryDir folder;
    HeatmapWidget widget;
    widget.resize(300, 200);
    widget.setData(heatmap(3, 3));
    for (const char* ending : {"png", "svg", "pdf"}) {
        const QString file = folder.filePath(QStringLiteral("a.") + QLatin1String(ending));
        savePicture(widget, file);
        EXPECT_GT(QFileInfo(file).size(), 500) << ending;
    }
    EXPECT_THROW(savePicture(widget, folder.filePath(QStringLiteral("a.bmp"))), Error);
    EXPECT_THROW(savePicture(widget, folder.filePath(QStringLiteral("none/a.png"))), Error);
    EXPECT_EQ(fileNameOf(QStringLiteral("Run 1: layer 5"), QStringLiteral("png")), QStringLiteral("run-1-layer-5.png"));
}

} // namespace
} // namespace moescope
