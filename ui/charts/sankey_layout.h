#pragma once

#include <optional>
#include <vector>

#include <QFont>
#include <QPainterPath>
#include <QRectF>

#include "ui/charts/sankey_data.h"

namespace moescope {

// A node of a Sankey by place.
struct SankeyPlace {
    int column = 0;
    int node = 0;
    friend bool operator==(const SankeyPlace&, const SankeyPlace&) = default;
};

// A link from one node's right side to another's left: as high as it is at either end, bent so that it leaves and
// arrives level.
struct SankeyBand {
    double left = 0, right = 0;
    double y0 = 0, h0 = 0; // at the left end
    double y1 = 0, h1 = 0;
    QPainterPath path() const;
    bool contains(QPointF point) const;
};

// Where nodes stand and links run in a given size.
struct SankeyLayout {
    std::vector<std::vector<QRectF>> nodes; // [columns][nodes]
    std::vector<SankeyBand> links;          // [links]
    double titleHeight = 0;

    static SankeyLayout of(const SankeyData& data, QSizeF size, const QFont& font);
    std::optional<SankeyPlace> nodeAt(QPointF point) const;
    int linkAt(QPointF point, const SankeyData& data) const; // the strongest there; -1: none
};

} // namespace moescope
