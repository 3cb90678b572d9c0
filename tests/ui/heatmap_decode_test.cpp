// A heatmap's pixels, read back through the legend drawn beside them, are the figures that are exported.
#include <cmath>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include <QApplication>
#include <QImage>

#include "app/service/export_service.h"
#include "tests/support/csv.h"
#include "tests/support/recorded_run.h"
#include "tests/ui/sample_recording.h"
#include "ui/charts/heatmap_widget.h"
#include "ui/pages/page_factory.h"
#include "ui/render.h"

namespace moescope {
namespace {

constexpr QSize kPage(1280, 800);

// Where a page's heatmap lies in its picture, and which scale it wears.
struct Drawn {
    QPoint origin;
    HeatmapLayout layout;
    ColorScale scale;

    QColor cell(const QImage& picture, int row, int column) const { // beside the number that may stand in its middle
        return picture.pixelColor(origin + (layout.cell(row, column).topLeft() + QPointF(4, 3)).toPoint());
    }
    // The value that the legend shows in a cell's colour. Its steps are what the eye can tell: half of one is the
    // error.
    double decode(const QImage& picture, const QColor& color) const {
        double best = 1e9, position = 0;
        const QRect box = layout.legend.toRect();
        for (int y = box.top(); y <= box.bottom(); ++y) {
            const QColor legend = picture.pixelColor(origin + QPoint(box.center().x(), y));
            const double away =
                std::hypot(legend.red() - color.red(), legend.green() - color.green(), legend.blue() - color.blue());
            if (away < best) {
                best = away;
                position = (layout.legend.bottom() - (y + 0.5)) / layout.legend.height();
            }
        }
        EXPECT_LT(best, 16) << "a colour that the legend does not have: " << color.name().toStdString();
        return scale.valueAt(std::clamp(position, 0.0, 1.0));
    }
};

class HeatmapDecodeTest : public ::testing::TestWithParam<bool> { // dark
protected:
    HeatmapDecodeTest() {
        test::writeSampleRecording(m_folder / "sample.db", test::sampleTexts());
        m_request.db = m_folder / "sample.db";
        m_request.output = m_folder / "page.png";
        m_request.layer = LayerId(3);
        m_request.dark = GetParam();
    }
    // As `moescope render` writes it.
    QImage picture(const char* view) {
        m_request.view = view;
        renderPage(m_request);
        return QImage(QString::fromStdString(m_request.output.string())).convertToFormat(QImage::Format_RGB32);
    }
    // The same page laid out once more, to ask where its heatmap is.
    Drawn drawn(const char* view) {
        Workspace workspace(Reader::Mode::AtOnce);
        const std::unique_ptr<Page> page(makePage(QLatin1String(view), workspace));
        page->setFont(textFont());
        page->setStyleSheet(styleSheetOf(m_request.dark ? darkTheme() : lightTheme()));
        workspace.openFile(m_request.db);
        workspace.selection().setLayer(LayerId(3));
        page->setAttribute(Qt::WA_DontShowOnScreen);
        page->resize(kPage);
        page->show();
        page->setActive(true);
        for (int i = 0; i < 3; ++i) {
            QApplication::processEvents();
        }
        const auto* heatmap = page->findChild<HeatmapWidget*>();
        return {heatmap->mapTo(page.get(), QPoint()), heatmap->currentLayout(), heatmap->data()->scale};
    }
    test::Csv exported(const char* table) {
        ExportRequest request;
        request.table = table;
        request.output = m_folder / "table.csv";
        const auto recording = Recording::open(m_request.db);
        ExportObserver quiet;
        ExportService(*recording).run(request, quiet);
        std::ifstream in(request.output, std::ios::binary);
        return test::parseCsv(std::string{std::istreambuf_iterator<char>(in), {}});
    }
    // Apart by no more than a step of the legend; what lies past its ends wears their colour.
    static void expectSame(const Drawn& at, double decoded, double value, const std::string& where) {
        const double shown = std::clamp(value, at.scale.low(), at.scale.high());
        const double step = (std::log2(at.scale.high()) - std::log2(at.scale.low())) / 64;
        EXPECT_LE(std::abs(std::log2(decoded) - std::log2(shown)), step) << where << ": " << decoded << ' ' << value;
    }

    test::TemporaryFolder m_folder;
    RenderRequest m_request;
};

TEST_P(HeatmapDecodeTest, loadRatiosAreThoseOfTheExport) {
    const QImage page = picture("load");
    ASSERT_EQ(page.size(), kPage);
    const Drawn at = drawn("load");
    ASSERT_TRUE(at.scale.isRatio());
    const test::Csv load = exported("load");
    ASSERT_EQ(load.rows.size(), 6U * 16U);
    for (std::size_t i = 0; i < load.rows.size(); ++i) {
        const int layer = int(load.integer(i, "layer")), expert = int(load.integer(i, "expert"));
        expectSame(at, at.decode(page, at.cell(page, layer, expert)), load.number(i, "load_ratio"),
                   "layer " + load.at(i, "layer") + " expert " + load.at(i, "expert"));
    }
}

TEST_P(HeatmapDecodeTest, liftsAreThoseOfTheExport) {
    const QImage page = picture("specialization");
    const Drawn at = drawn("specialization");
    ASSERT_TRUE(at.scale.isRatio());
    const test::Csv table = exported("load_by_domain");
    std::map<std::string, int> rows; // domains by first appearance, as in the heatmap
    int compared = 0;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        const int row = rows.emplace(table.at(i, "domain"), int(rows.size())).first->second;
        if (table.integer(i, "layer") != 3) {
            continue;
        }
        const int expert = int(table.integer(i, "expert"));
        expectSame(at, at.decode(page, at.cell(page, row, expert)), table.number(i, "lift"),
                   table.at(i, "domain") + " expert " + table.at(i, "expert"));
        ++compared;
    }
    EXPECT_EQ(compared, 5 * 16);
}

INSTANTIATE_TEST_SUITE_P(Themes, HeatmapDecodeTest, ::testing::Values(false, true),
                         [](const auto& dark) { return dark.param ? "dark" : "light"; });

} // namespace
} // namespace moescope
