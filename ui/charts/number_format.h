#pragma once

#include <vector>

#include <QString>

namespace moescope {

QString count(qint64 value); // 12,345
QString shortNumber(double value,
                    int digits = 3); // at most `digits` significant digits, never 1e+06 for what reads as 1.2 M
QString significant(double value, int digits = 3); // as many digits for every value: 2.0, 0.550
QString percent(double share, int decimals = 1);   // 0.1234 -> 12.3 %
QString times(double ratio);                       // 2.13 -> 2.1 ×, 1.012 -> 1.01 ×
QString expectedCount(double mean);                // an expectation of a count: what is next to nothing reads 0
QString clockTime(double seconds);                  // 1:05, 2:03:20
QString exactNumber(double value);                 // shortest text that reads back exactly

// Rich text as a screen reader says it: tags off, a comma for a line break.
QString plainText(const QString& richText);

// Round values between low and high, about `wanted` of them.
std::vector<double> niceTicks(double low, double high, int wanted);
// The smallest round number not below value: where an axis ends.
double niceCeiling(double value);

} // namespace moescope
