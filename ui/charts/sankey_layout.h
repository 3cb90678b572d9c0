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

// Where nodes stand and links run in a given size.
struct SankeyLayout {
    std::vector<std::vector<QRectF>> nodes; // [columns][nodes]
    std::vector<QPainterPath> links;        // [links] bands
    double titleHeight = 0;

    static SankeyLayout of(const SankeyData& data, QSizeF size, const QFont& font);
    std::optional<SankeyPlace> nodeAt(QPointF point) const;
    int linkAt(QPointF point, const SankeyData& data) const; // the strongest there; -1: none
};

} // namespace moescope
