#pragma once

#include <QChart>
#include <QList>
#include <QPainter>
#include <QString>

#include "ui/charts/theme.h"

namespace moescope {

// The words around a chart's plot: what its axes count and what its marks mean. Qt's own titles and legend end in dots
// where room is short; these break into lines and are always read whole.
class ChartWords {
public:
    enum class Mark { Box, Line, Dashes };
    struct Entry {
        QString name;
        QColor color;
        Mark mark = Mark::Box;
    };

    void set(QString valueAxis, QString categoryAxis, QList<Entry> key, Qt::Orientation orientation = Qt::Vertical);
    void setInset(int width) { m_inset = width; } // for what the chart itself writes left of the plot
    void clear() { *this = ChartWords(); }
    // Keeps room for the words around the plot, as a chart of that width needs it.
    void makeRoom(QChart& chart, double width) const;
    // Paints them about the chart's plot, in the scene's coordinates.
    void paint(QPainter& painter, const QChart& chart, const Theme& theme) const;
    // The accent round the plot of the chart that has the keyboard.
    static void paintFocus(QPainter& painter, const QChart& chart, const Theme& theme);

private:
    struct Place {
        double x = 0;
        int line = 0;
    };
    QList<Place> places(double width) const; // [key]
    int lines(double width) const;

    QString m_left, m_below;
    int m_inset = 0;
    QList<Entry> m_key;
};

} // namespace moescope
