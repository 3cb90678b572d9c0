#pragma once

#include <vector>

#include <QString>
#include <QStringList>

namespace moescope {

struct SankeyNode {
    int expert = 0; // -1: several small ones together
    double weight = 0;
    QString toolTip; // rich text
};

struct SankeyLink {
    int column = 0;       // from this one to the next
    int from = 0, to = 0; // nodes by place in their column
    double weight = 0;
    double lift = 1; // over what loads alone would give
    bool beyondChance = false;
    QString toolTip;
};

// Columns of nodes and what flows between neighbours.
struct SankeyData {
    QStringList columns; // "layer 3"
    std::vector<std::vector<SankeyNode>> nodes;
    std::vector<SankeyLink> links;
    std::vector<std::vector<int>> path; // [columns] nodes of one token, first the strongest; empty: none
    int experts = 0;                    // for colours

    bool empty() const { return nodes.empty(); }
    int nodeOf(int column, int expert) const; // -1: not there
    QString csv() const;
};

} // namespace moescope
