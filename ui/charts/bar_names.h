#pragma once

#include <QFont>
#include <QRectF>
#include <QStringList>

class QPainter;

namespace moescope {

struct Theme;

// The names left of lying bars: one for each bar that is drawn. Qt's own axis of names leaves out those that would
// overlap, so here bars without room for a name are not drawn, and the chart says so.
class BarNames {
public:
    void set(QStringList names) { m_names = std::move(names); } // the first lies below
    // Bars, counted from above, whose names find room over that height; at least one.
    int fitting(double height) const;
    // Room that the names take beside the plot of a chart of that width; longer names end in dots.
    int widthIn(double chart) const;
    // Beside a plot that shows that many bars, from above.
    void paint(QPainter& painter, const QRectF& plot, int shown, const Theme& theme) const;

private:
    QFont font() const;

    QStringList m_names;
};

} // namespace moescope
