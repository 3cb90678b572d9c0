#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QChartView>

#include "ui/charts/bar_names.h"
#include "ui/charts/chart_style.h"
#include "ui/charts/chart_words.h"

class QBarSet;
class QAbstractBarSeries;

namespace moescope {

struct BarStack {
    QString name;
    Role role = Role::Neutral;
    std::vector<double> values; // [categories]
};

// Stacked bars over categories, with the band that chance alone would fill and lines to hold them against.
struct BarChartData {
    QStringList categories;
    QString categoryAxis, valueAxis;
    std::vector<BarStack> stacks;
    ChanceBand chance;
    std::vector<ReferenceLine> references;
    QStringList toolTips; // [categories] rich text
    Qt::Orientation orientation = Qt::Vertical;
    QString csv() const;
    double total(int category) const;
    double highest() const;
};

// Bars one can point at, click and walk with the arrow keys. Of lying bars the upper ones are drawn, as many as have
// room for their names.
class BarChart : public QChartView {
    Q_OBJECT
public:
    explicit BarChart(QWidget* parent = nullptr);

    void setData(std::shared_ptr<const BarChartData> data);
    const BarChartData* data() const { return m_data.get(); }
    void setSelected(std::optional<int> category);
    std::optional<int> categoryAt(QPoint position) const;
    int shownBars() const { return m_shown; }
    QSize sizeHint() const override { return {460, 260}; }
    QSize minimumSizeHint() const override { return {220, 140}; }

Q_SIGNALS:
    void categorySelected(int category);
    void shownBarsChanged(int bars);

protected:
    bool viewportEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;

private:
    void rebuild();
    void addBars();
    void addChance();
    void addReferences();
    void addAxes();
    void addWords();
    void makeRoom();
    void showBars(); // as many as fit
    void setCategoryTicks();
    void markSelected();
    QString readingOf(int category) const; // where there is no tooltip of its own

    std::shared_ptr<const BarChartData> m_data;
    ChartWords m_words;
    BarNames m_names; // of lying bars
    int m_shown = 0;
    std::vector<QBarSet*> m_sets;
    std::optional<int> m_selected;
};

} // namespace moescope
