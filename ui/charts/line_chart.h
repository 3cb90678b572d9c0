#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QChartView>
#include <QPointF>

#include "ui/charts/chart_style.h"
#include "ui/charts/chart_words.h"

class QLineSeries;

namespace moescope {

struct LineSeriesData {
    QString name;
    Role role = Role::Series;
    int index = 0; // colour of Role::Series
    QList<QPointF> points;
    bool faint = false; // drawn behind, for context
};

// Lines over a value axis, the band chance alone would fill, and a marker where the page stands.
struct LineChartData {
    QString xAxis, yAxis;
    std::vector<LineSeriesData> lines;
    QList<QPointF> chanceLow, chanceHigh;  // same x; empty: not drawn
    std::vector<ReferenceLine> references; // horizontal
    ReferenceLine marker;                  // vertical
    bool percentValues = false;            // y shown in per cent
    bool fromZero = true;
    bool wholeX = false; // x counts: no label between two whole numbers
    QString csv() const;
};

// Left and right, Home and End walk along the points and tell their values, Enter selects there.
class LineChart : public QChartView {
    Q_OBJECT
public:
    explicit LineChart(QWidget* parent = nullptr);
    void setData(std::shared_ptr<const LineChartData> data);
    const LineChartData* data() const { return m_data.get(); }
    // Moves the marker without drawing the rest anew.
    void setMarker(double x);
    QSize sizeHint() const override { return {420, 240}; }
    QSize minimumSizeHint() const override { return {200, 130}; }

Q_SIGNALS:
    void xSelected(double x);

protected:
    bool viewportEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void drawBackground(QPainter* painter, const QRectF& rect) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;

private:
    void rebuild();
    void addChance();
    void addLines();
    void addMarks();
    void addAxes();
    void addWords();
    const LineSeriesData* readLine() const; // the one the keyboard walks along
    void moveCursor(qsizetype to);
    QLineF cursorLine() const;
    QString toolTipAt(double x) const;

    std::shared_ptr<const LineChartData> m_data;
    ChartWords m_words;
    std::optional<qsizetype> m_cursor;
    QLineSeries* m_marker = nullptr;
    double m_low = 0, m_high = 1;
};

} // namespace moescope
