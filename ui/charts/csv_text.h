#pragma once

#include <QStringList>

namespace moescope {

// A cell as RFC 4180 wants it: quoted where it must be.
inline QString csvCell(QString cell) {
    const bool quote = cell.contains(QLatin1Char('"')) || cell.contains(QLatin1Char(',')) ||
                       cell.contains(QLatin1Char('\n')) || cell.contains(QLatin1Char('\r'));
    return quote ? QLatin1Char('"') + cell.replace(QLatin1Char('"'), QLatin1String("\"\"")) + QLatin1Char('"') : cell;
}

inline QString csvRow(const QStringList& cells) {
    QStringList out;
    for (const QString& cell : cells) {
        out << csvCell(cell);
    }
    while (out.size() > 1 && out.last().isNull()) {
        out.removeLast(); // a null cell is an absent column, an empty one an empty value
    }
    return out.join(QLatin1Char(',')) + QStringLiteral("\r\n");
}

} // namespace moescope
