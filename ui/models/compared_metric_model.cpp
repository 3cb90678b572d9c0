#include "ui/models/compared_metric_model.h"

#include <algorithm>

#include <QFont>

#include "ui/charts/csv_text.h"
#include "ui/charts/number_format.h"

namespace moescope {

namespace {

struct Words {
    const char* key;
    const char* name;
    const char* definition;
};

constexpr Words kWords[] = {
    {"nll", QT_TRANSLATE_NOOP("ComparedMetricModel", "Loss per token"),
     QT_TRANSLATE_NOOP("ComparedMetricModel", "Mean negative log-likelihood of a token, in nats; lower is better")},
    {"max_vio", QT_TRANSLATE_NOOP("ComparedMetricModel", "MaxVio"),
     QT_TRANSLATE_NOOP("ComparedMetricModel", "(largest load − mean load) / mean load, mean over layers; 0 is even")},
    {"cv", QT_TRANSLATE_NOOP("ComparedMetricModel", "CV of load"),
     QT_TRANSLATE_NOOP("ComparedMetricModel", "Standard deviation over mean of the experts' loads, mean over layers")},
    {"normalized_entropy", QT_TRANSLATE_NOOP("ComparedMetricModel", "Entropy"),
     QT_TRANSLATE_NOOP("ComparedMetricModel", "Entropy of the load over ln E, mean over layers; 1 is even")},
    {"gini", QT_TRANSLATE_NOOP("ComparedMetricModel", "Gini"),
     QT_TRANSLATE_NOOP("ComparedMetricModel", "Gini coefficient of the load, mean over layers; 0 is even")},
    {"kl_uniform", QT_TRANSLATE_NOOP("ComparedMetricModel", "Distance from even"),
     QT_TRANSLATE_NOOP("ComparedMetricModel",
                       "ln E minus the entropy of the load in nats, mean over layers; 0 is even")},
    {"dead_experts", QT_TRANSLATE_NOOP("ComparedMetricModel", "Dead experts"),
     QT_TRANSLATE_NOOP("ComparedMetricModel", "Experts without a single assignment, over all layers")},
    {"dropped", QT_TRANSLATE_NOOP("ComparedMetricModel", "Dropped at 1.25"),
     QT_TRANSLATE_NOOP("ComparedMetricModel", "Share of choices that do not fit at capacity factor 1.25")},
    {"separability", QT_TRANSLATE_NOOP("ComparedMetricModel", "Separability"),
     QT_TRANSLATE_NOOP("ComparedMetricModel",
                       "Mean divergence of the domains' use of experts in bits: 0 all alike, 1 none shared")},
    {"mean_margin", QT_TRANSLATE_NOOP("ComparedMetricModel", "Margin"),
     QT_TRANSLATE_NOOP("ComparedMetricModel", "Score of rank k minus rank k+1: how close tokens are to another route")},
    {"z_loss", QT_TRANSLATE_NOOP("ComparedMetricModel", "z-loss"),
     QT_TRANSLATE_NOOP("ComparedMetricModel", "Mean squared logarithm of the router's normaliser")},
    {"changed_tokens", QT_TRANSLATE_NOOP("ComparedMetricModel", "Expert set changed"),
     QT_TRANSLATE_NOOP("ComparedMetricModel", "Share of tokens that have another set of experts than in run A")},
    {"jaccard", QT_TRANSLATE_NOOP("ComparedMetricModel", "Overlap of routes"),
     QT_TRANSLATE_NOOP("ComparedMetricModel",
                       "Experts shared with run A over experts used by either, mean over tokens")},
    {"saturation", QT_TRANSLATE_NOOP("ComparedMetricModel", "Kept experts"),
     QT_TRANSLATE_NOOP("ComparedMetricModel",
                       "Of a token's experts in run A, the share that it still has, mean over tokens")},
    {"perplexity", QT_TRANSLATE_NOOP("ComparedMetricModel", "Perplexity"),
     QT_TRANSLATE_NOOP("ComparedMetricModel", "e to the mean negative log-likelihood of a token; lower is better")},
};

const Words* wordsOf(const std::string& key) {
    for (const Words& words : kWords) {
        if (key == words.key) {
            return &words;
        }
    }
    return nullptr;
}

bool isShare(const std::string& key) {
    return key == "dropped" || key == "changed_tokens" || key == "jaccard" || key == "saturation";
}

QString shown(const std::string& key, double value) {
    return value != value ? QStringLiteral("–") : isShare(key) ? percent(value) : shortNumber(value);
}

// An end of an interval: short, a share's sign left to the value before.
QString bound(const std::string& key, double value) {
    return shortNumber(isShare(key) ? value * 100 : value, 2);
}

} // namespace

QString ComparedMetricModel::nameOf(const std::string& key) {
    const Words* words = wordsOf(key);
    return words ? tr(words->name) : QString::fromStdString(key);
}

QString ComparedMetricModel::definitionOf(const std::string& key) {
    const Words* words = wordsOf(key);
    return words ? tr(words->definition) : QString();
}

void ComparedMetricModel::setMetrics(const QStringList& runs, std::vector<ComparedMetric> metrics) {
    beginResetModel();
    m_runs = runs;
    m_metrics = std::move(metrics);
    endResetModel();
}

ColumnInfo ComparedMetricModel::column(int column) const {
    if (column == 0) {
        return {tr("Metric"), tr("Point at a metric for its definition"), false};
    }
    return {m_runs.value(column - 1), column == 1
                                          ? tr("Run A, which the others are held against")
                                          : tr("* differs from run A beyond chance, corrected for the number of tests "
                                               "(Benjamini-Hochberg, 5 %)")};
}

QVariant ComparedMetricModel::cell(int row, int column) const {
    return column == 0 ? QVariant(nameOf(m_metrics[std::size_t(row)].key)) : QVariant(value(row, column).value);
}

bool ComparedMetricModel::hasNotes() const {
    return std::any_of(m_metrics.begin(), m_metrics.end(), [](const ComparedMetric& metric) {
        return std::any_of(metric.values.begin(), metric.values.end(),
                           [](const ComparedValue& v) { return !v.note.empty(); });
    });
}

QString ComparedMetricModel::text(int row, int column) const {
    if (column == 0) {
        return cell(row, 0).toString();
    }
    const std::string& key = m_metrics[std::size_t(row)].key;
    const ComparedValue& v = value(row, column);
    QString out = shown(key, v.value);
    if (v.hasInterval()) {
        out += QStringLiteral(" [%1, %2]").arg(bound(key, v.low), bound(key, v.high));
    }
    return out + (v.differs ? QStringLiteral(" *") : QString()) + (v.note.empty() ? QString() : QStringLiteral(" †"));
}

QString ComparedMetricModel::toolTip(int row, int column) const {
    const std::string& key = m_metrics[std::size_t(row)].key;
    if (column == 0) {
        return definitionOf(key);
    }
    const ComparedValue& v = value(row, column);
    QString out = QStringLiteral("<b>%1</b> %2").arg(nameOf(key).toHtmlEscaped(), exactNumber(v.value));
    if (v.hasInterval()) {
        out +=
            QStringLiteral("<br>") + tr("95 % interval: %1 to %2").arg(shortNumber(v.low, 5), shortNumber(v.high, 5));
    }
    if (v.p == v.p) {
        out += QStringLiteral("<br>") + tr("p against run A: %1").arg(shortNumber(v.p));
    }
    if (!v.note.empty()) {
        out += QStringLiteral("<br>") + QString::fromStdString(v.note).toHtmlEscaped();
    }
    return out + QStringLiteral("<br><i>%1</i>").arg(definitionOf(key).toHtmlEscaped());
}

QVariant ComparedMetricModel::extra(int row, int column, int role) const {
    if (role == Qt::FontRole && column > 0 && value(row, column).differs) {
        QFont bold;
        bold.setBold(true);
        return bold;
    }
    return {};
}

QString ComparedMetricModel::csv() const {
    QString out =
        csvRow({tr("metric"), tr("run"), tr("value"), tr("low"), tr("high"), QStringLiteral("p"), tr("differs")});
    const auto number = [](double v) { return v == v ? exactNumber(v) : QStringLiteral(""); };
    for (const ComparedMetric& metric : m_metrics) {
        for (std::size_t r = 0; r < metric.values.size(); ++r) {
            const ComparedValue& v = metric.values[r];
            out += csvRow({QString::fromStdString(metric.key), m_runs.value(int(r)), number(v.value), number(v.low),
                           number(v.high), number(v.p), v.differs ? QStringLiteral("1") : QStringLiteral("0")});
        }
    }
    return out;
}

} // namespace moescope
