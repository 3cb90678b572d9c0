#include "ui/charts/heatmap_data.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>

#include "ui/charts/csv_text.h"
#include "ui/charts/number_format.h"

namespace moescope {

double HeatmapData::largest() const {
    double top = 0;
    for (const double v : values) {
        top = std::isfinite(v) ? std::max(top, v) : top;
    }
    return top;
}

QString HeatmapData::toolTip(int row, int column) const {
    const double value = at(row, column);
    QString text =
        QStringLiteral("<b>%1 %2 · %3 %4</b><br>")
            .arg(rowAxis, rowLabels.value(row).toHtmlEscaped(), columnAxis, columnLabels.value(column).toHtmlEscaped());
    text += std::isnan(value) ? QCoreApplication::translate("HeatmapData", "no value")
                              : QStringLiteral("%1 <b>%2</b>").arg(valueName, shortNumber(value, 6));
    if (!counts.empty()) {
        text += QStringLiteral("<br>%1 %2").arg(countName, count(counts[std::size_t(row) * columns + column]));
    }
    if (!std::isnan(chanceLow)) {
        text += QStringLiteral("<br>") + QCoreApplication::translate("HeatmapData", "chance alone: %1 to %2 (95 %)")
                                             .arg(shortNumber(chanceLow), shortNumber(chanceHigh));
    }
    return definition.isEmpty() ? text : text + QStringLiteral("<br><i>%1</i>").arg(definition);
}

QString HeatmapData::csv() const {
    QString out = csvRow({rowAxis, columnAxis, valueName, counts.empty() ? QString() : countName});
    for (int r = 0; r < rows; ++r) {
        for (int c = 0; c < columns; ++c) {
            const auto i = std::size_t(r) * columns + c;
            out += csvRow({rowLabels.value(r), columnLabels.value(c), exactNumber(values[i]),
                           counts.empty() ? QString() : QString::number(counts[i])});
        }
    }
    return out;
}

} // namespace moescope
