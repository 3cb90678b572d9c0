#include "ui/charts/number_format.h"

#include <algorithm>
#include <cmath>

#include <QLocale>
#include <QRegularExpression>

namespace moescope {

namespace {

const QLocale& numberLocale() {
    static const QLocale locale(QLocale::English);
    return locale;
}

double niceStep(double span, int wanted) {
    const double raw = span / std::max(1, wanted);
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    const double fraction = raw / power;
    return power * (fraction <= 1.0 ? 1.0 : fraction <= 2.0 ? 2.0 : fraction <= 5.0 ? 5.0 : 10.0);
}

QString trimmed(double value, int digits) {
    const double magnitude = value == 0 ? 0 : std::floor(std::log10(std::abs(value)));
    const int decimals = std::clamp(digits - 1 - int(magnitude), 0, 12);
    QString text = QString::number(value, 'f', decimals);
    if (text.contains(QLatin1Char('.'))) {
        while (text.endsWith(QLatin1Char('0'))) {
            text.chop(1);
        }
        if (text.endsWith(QLatin1Char('.'))) {
            text.chop(1);
        }
    }
    return text;
}

} // namespace

QString count(qint64 value) {
    return numberLocale().toString(value);
}

QString shortNumber(double value, int digits) {
    if (!std::isfinite(value)) {
        return QStringLiteral("–");
    }
    const double size = std::abs(value);
    if (size >= 1e9) {
        return trimmed(value / 1e9, digits) + QStringLiteral(" G");
    }
    if (size >= 1e6) {
        return trimmed(value / 1e6, digits) + QStringLiteral(" M");
    }
    if (size >= 1e4) {
        return trimmed(value / 1e3, digits) + QStringLiteral(" k");
    }
    if (size != 0 && size < 1e-4) {
        return QString::number(value, 'e', std::max(0, digits - 1));
    }
    return trimmed(value, digits);
}

QString significant(double value, int digits) {
    const double size = std::abs(value);
    if (!std::isfinite(value) || size >= 1e4 || size < 1e-4) {
        return shortNumber(value, digits);
    }
    const double rounded = QString::number(size, 'g', digits).toDouble(); // 0.999 is 1.0
    const int magnitude = int(std::floor(std::log10(rounded) + 1e-12));
    return QString::number(value, 'f', std::max(0, digits - 1 - magnitude));
}

QString percent(double share, int decimals) {
    return std::isfinite(share) ? QString::number(share * 100, 'f', decimals) + QStringLiteral(" %")
                                : QStringLiteral("–");
}

QString times(double ratio) {
    return std::isfinite(ratio) ? QString::number(ratio, 'f',
                                                  ratio < 1.5  ? 2
                                                  : ratio < 10 ? 1
                                                               : 0) +
                                      QStringLiteral(" ×")
                                : QStringLiteral("–");
}

QString expectedCount(double mean) {
    return mean < 0.005 ? QStringLiteral("0") : shortNumber(mean, 2);
}

QString clockTime(double seconds) {
    const qint64 whole = std::llround(seconds);
    const auto two = [](qint64 value) { return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0')); };
    return whole >= 3600 ? QStringLiteral("%1:%2:%3").arg(whole / 3600).arg(two(whole / 60 % 60), two(whole % 60))
                         : QStringLiteral("%1:%2").arg(whole / 60).arg(two(whole % 60));
}

QString exactNumber(double value) {
    return std::isnan(value) ? QString() : QString::number(value, 'g', QLocale::FloatingPointShortest);
}

QString plainText(const QString& richText) {
    QString text = richText;
    text.replace(QRegularExpression(QStringLiteral("<br>")), QStringLiteral(", "));
    text.remove(QRegularExpression(QStringLiteral("<[^>]*>")));
    text.replace(QLatin1String("&lt;"), QLatin1String("<")).replace(QLatin1String("&gt;"), QLatin1String(">"));
    text.replace(QLatin1String("&quot;"), QLatin1String("\"")).replace(QLatin1String("&amp;"), QLatin1String("&"));
    return text;
}

std::vector<double> niceTicks(double low, double high, int wanted) {
    std::vector<double> out;
    if (!(high > low) || !std::isfinite(high - low)) {
        return {low};
    }
    const double step = niceStep(high - low, wanted);
    for (double v = std::ceil(low / step - 1e-9) * step; v <= high + step * 1e-9; v += step) {
        out.push_back(std::abs(v) < step * 1e-9 ? 0.0 : v);
    }
    return out;
}

double niceCeiling(double value) {
    if (!(value > 0) || !std::isfinite(value)) {
        return 1.0;
    }
    const double step = niceStep(value, 5);
    return std::ceil(value / step - 1e-9) * step;
}

} // namespace moescope
