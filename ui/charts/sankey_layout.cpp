#include "ui/charts/sankey_layout.h"

#include <algorithm>

#include <QFontMetricsF>

namespace moescope {

namespace {

constexpr double kNodeWidth = 14;

double sumOf(const std::vector<SankeyNode>& nodes) {
    double sum = 0;
    for (const SankeyNode& node : nodes) {
        sum += node.weight;
    }
    return sum;
}

std::vector<QRectF> columnOf(const std::vector<SankeyNode>& nodes, double x, double top, double height) {
    const double gap = nodes.size() > 1 ? std::min(6.0, height * 0.25 / double(nodes.size() - 1)) : 0;
    const double sum = std::max(sumOf(nodes), 1e-12);
    const double room = height - gap * double(nodes.size() - 1);
    std::vector<QRectF> out;
    double y = top;
    for (const SankeyNode& node : nodes) {
        const double h = std::max(1.0, room * node.weight / sum);
        out.emplace_back(x, y, kNodeWidth, h);
        y += h + gap;
    }
    return out;
}

// A node's height is shared among its links by weight; links leave and arrive in the order of their other end.
std::vector<SankeyBand> bandsOf(const SankeyData& data, const std::vector<std::vector<QRectF>>& nodes) {
    std::vector<std::vector<double>> outSum(nodes.size()), inSum(nodes.size()), outAt(nodes.size()), inAt(nodes.size());
    for (std::size_t c = 0; c < nodes.size(); ++c) {
        for (auto* list : {&outSum[c], &inSum[c], &outAt[c], &inAt[c]}) {
            list->assign(nodes[c].size(), 0);
        }
    }
    for (const SankeyLink& link : data.links) {
        outSum[std::size_t(link.column)][std::size_t(link.from)] += link.weight;
        inSum[std::size_t(link.column) + 1][std::size_t(link.to)] += link.weight;
    }
    std::vector<SankeyBand> out;
    for (const SankeyLink& link : data.links) {
        const auto c = std::size_t(link.column), a = std::size_t(link.from), b = std::size_t(link.to);
        const QRectF &from = nodes[c][a], &to = nodes[c + 1][b];
        const double h0 = from.height() * link.weight / std::max(outSum[c][a], 1e-12);
        const double h1 = to.height() * link.weight / std::max(inSum[c + 1][b], 1e-12);
        out.push_back({from.right(), to.left(), from.top() + outAt[c][a], h0, to.top() + inAt[c + 1][b], h1});
        outAt[c][a] += h0;
        inAt[c + 1][b] += h1;
    }
    return out;
}

} // namespace

QPainterPath SankeyBand::path() const {
    const double middle = (left + right) / 2;
    QPainterPath path(QPointF(left, y0));
    path.cubicTo(middle, y0, middle, y1, right, y1);
    path.lineTo(right, y1 + h1);
    path.cubicTo(middle, y1 + h1, middle, y0 + h0, left, y0 + h0);
    path.closeSubpath();
    return path;
}

bool SankeyBand::contains(QPointF point) const {
    return point.x() >= left && point.x() <= right && point.y() >= std::min(y0, y1) &&
           point.y() <= std::max(y0 + h0, y1 + h1) && path().contains(point);
}

SankeyLayout SankeyLayout::of(const SankeyData& data, QSizeF size, const QFont& font) {
    SankeyLayout out;
    const QFontMetricsF metrics(font);
    out.titleHeight = metrics.height() + 6;
    const bool others = std::any_of(data.nodes.begin(), data.nodes.end(),
                                    [](const auto& column) { return !column.empty() && column.back().expert < 0; });
    const double label = metrics.horizontalAdvance(others ? QStringLiteral("others") : QStringLiteral("E000")) + 8;
    const auto columns = double(data.nodes.size());
    const double width = size.width() - label * 2 - kNodeWidth;
    for (std::size_t c = 0; c < data.nodes.size(); ++c) {
        const double x = label + (columns > 1 ? width * double(c) / (columns - 1) : width / 2);
        out.nodes.push_back(columnOf(data.nodes[c], x, out.titleHeight, size.height() - out.titleHeight - 4));
    }
    out.links = bandsOf(data, out.nodes);
    return out;
}

std::optional<SankeyPlace> SankeyLayout::nodeAt(QPointF point) const {
    for (std::size_t c = 0; c < nodes.size(); ++c) {
        for (std::size_t n = 0; n < nodes[c].size(); ++n) {
            if (nodes[c][n].adjusted(-10, -1, 10, 1).contains(point)) {
                return SankeyPlace{int(c), int(n)};
            }
        }
    }
    return std::nullopt;
}

int SankeyLayout::linkAt(QPointF point, const SankeyData& data) const {
    int found = -1;
    for (std::size_t i = 0; i < links.size(); ++i) {
        if (links[i].contains(point) && (found < 0 || data.links[i].weight > data.links[std::size_t(found)].weight)) {
            found = int(i);
        }
    }
    return found;
}

} // namespace moescope
