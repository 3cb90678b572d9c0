#include "ui/charts/sankey_data.h"

#include <QCoreApplication>

#include "ui/charts/csv_text.h"
#include "ui/charts/number_format.h"

namespace moescope {

namespace {

QString nameOf(int expert) {
    return expert < 0 ? QCoreApplication::translate("SankeyData", "others") : QString::number(expert);
}

} // namespace

int SankeyData::nodeOf(int column, int expert) const {
    const auto& all = nodes[std::size_t(column)];
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].expert == expert) {
            return int(i);
        }
    }
    return -1;
}

QString SankeyData::csv() const {
    QString out = csvRow({QStringLiteral("from"), QStringLiteral("expert"), QStringLiteral("to"),
                          QStringLiteral("next_expert"), QStringLiteral("count"), QStringLiteral("lift")});
    for (const SankeyLink& link : links) {
        const auto column = std::size_t(link.column);
        out += csvRow({columns[link.column], nameOf(nodes[column][std::size_t(link.from)].expert),
                       columns[link.column + 1], nameOf(nodes[column + 1][std::size_t(link.to)].expert),
                       exactNumber(link.weight), exactNumber(link.lift)});
    }
    return out;
}

} // namespace moescope
