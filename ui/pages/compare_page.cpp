#include "ui/pages/compare_page.h"

#include <algorithm>

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/charts/heatmap_widget.h"
#include "ui/models/compared_metric_model.h"
#include "ui/pages/compare_words.h"
#include "ui/pages/expert_filter.h"
#include "ui/pages/table_view.h"
#include "ui/pages/training_views.h"

namespace moescope {

ComparePage::ComparePage(Workspace& space, QWidget* parent)
    : Page(QStringLiteral("compare"), space, parent), m_metrics(new ComparedMetricModel(this)) {
    m_chooser = new RunChooser(space);
    controls().addWidget(m_chooser, 1);
    m_measure = new QComboBox;
    m_measure->addItems({tr("Load ratio"), tr("Share"), tr("First choices"), tr("Mean probability")});
    m_measure->setAccessibleName(tr("What the heatmaps show"));
    controls().addWidget(m_measure);
    auto* upper = new QWidget;
    buildHeatmaps(*upper);
    auto* lower = new QSplitter(Qt::Horizontal);
    lower->addWidget(buildDetail());
    lower->addWidget(buildMetrics());
    lower->setSizes({440, 790});
    auto* all = new QSplitter(Qt::Vertical);
    all->addWidget(upper);
    all->addWidget(lower);
    for (QSplitter* splitter : {lower, all}) {
        splitter->setHandleWidth(12);
        splitter->setChildrenCollapsible(false);
    }
    all->setStretchFactor(0, 1);
    all->setStretchFactor(1, 1);
    body().addWidget(all, 1);
    connect(m_chooser, &RunChooser::changed, this, &ComparePage::askRuns);
    connect(m_measure, &QComboBox::currentIndexChanged, this, [this] {
        if (isComplete()) {
            showHeatmaps();
        }
    });
}

void ComparePage::buildHeatmaps(QWidget& box) {
    auto* row = new QHBoxLayout(&box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    for (std::size_t i = 0; i < m_heatmaps.size(); ++i) {
        m_heatmaps[i] = new HeatmapWidget;
        m_heatmaps[i]->setMinimumWidth(160); // four of them fit beside the docks on a laptop
        m_heatPanels[i] = addPanel(RunChooser::letter(i), m_heatmaps[i]);
        m_heatPanels[i]->setCsv([map = m_heatmaps[i]] { return map->data() ? map->data()->csv() : QString(); });
        row->addWidget(m_heatPanels[i], 1);
        connect(m_heatmaps[i], &HeatmapWidget::cellSelected, this,
                [this, i](int cellRow, int column) { onCell(i, cellRow, column); });
    }
}

QWidget* ComparePage::buildDetail() {
    m_difference = new HeatmapWidget;
    m_lines = new LineChart;
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_difference);
    m_stack->addWidget(m_lines);
    m_detailKind = new QComboBox;
    m_detailKind->addItems({tr("Difference map"), tr("Dropped by capacity factor"), tr("Changed routes by layer"),
                            tr("Overlap of routes by layer"), tr("Separability by layer"), tr("Loss over steps"),
                            tr("MaxVio over steps")});
    m_detailKind->setAccessibleName(tr("What is drawn below the heatmaps"));
    m_against = new QComboBox;
    m_against->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_against->setMinimumContentsLength(10);
    m_against->setAccessibleName(tr("Which run's difference from run A is drawn"));
    m_detailPanel = addPanel(tr("Difference"), m_stack);
    m_detailKind->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_detailKind->setMinimumContentsLength(13); // the title has the whole of it; the metrics need the room
    m_detailPanel->addControl(m_against);
    m_detailPanel->addControl(m_detailKind);
    m_detailPanel->setCsv([this] {
        const bool lines = m_stack->currentWidget() == m_lines;
        return lines ? (m_lines->data() ? m_lines->data()->csv() : QString())
                     : (m_difference->data() ? m_difference->data()->csv() : QString());
    });
    connect(m_detailKind, &QComboBox::currentIndexChanged, this, &ComparePage::showDetail);
    connect(m_against, &QComboBox::currentIndexChanged, this, &ComparePage::showDifference);
    connect(m_difference, &HeatmapWidget::cellSelected, this, [this](int row, int column) {
        selection().setLayerAndExpert(LayerId(m_difference->data()->rowLabels.value(row).toInt()), ExpertId(column));
    });
    return m_detailPanel;
}

QWidget* ComparePage::buildMetrics() {
    m_metricTable = makeTable(*m_metrics, false);
    m_metricTable->setAccessibleName(tr("Metrics of the runs"));
    fitColumns(*m_metricTable);
    m_metricPanel = addPanel(tr("Metrics"), m_metricTable);
    m_metricPanel->setFileName(tr("metrics of runs"));
    m_metricPanel->setCsv([this] { return m_metrics->csv(); });
    return m_metricPanel;
}

void ComparePage::prepareRuns(const std::vector<RunId>& others) {
    m_chooser->setOthers(others);
}

QString ComparePage::fileWords() const {
    QStringList names;
    for (const RunInfo& run : m_chooser->runs()) {
        names << QString::fromStdString(run.spec.name);
    }
    return QStringLiteral("compare ") + names.join(QLatin1Char(' '));
}

QString ComparePage::beyondFilter(const RunFilter& filter) const {
    return filter.experts.empty() ? QString() : tr("The metrics count all experts; the heatmaps show the filter's.");
}

void ComparePage::clear() {
    m_runs.clear();
    m_curves.clear();
    m_statistics.reset();
    m_training.reset();
}

void ComparePage::showFacts() {
    m_chooser->fill();
    askRuns();
}

bool ComparePage::isComplete() const {
    return !m_runs.empty() && std::all_of(m_runs.begin(), m_runs.end(), [](const auto& run) { return run != nullptr; });
}

void ComparePage::askRuns() {
    const auto& runs = m_chooser->runs();
    m_runs.assign(runs.size(), nullptr);
    m_curves.assign(runs.size(), {});
    m_statistics.reset();
    m_training.reset();
    for (std::size_t i = 0; i < m_heatPanels.size(); ++i) {
        m_heatPanels[i]->setVisible(i < std::max<std::size_t>(runs.size(), 2));
    }
    for (std::size_t i = 0; i < runs.size() && reader(); ++i) {
        if (runs[i].id == facts()->run.id) {
            gotRun(i, facts());
            continue;
        }
        reader()->ask(
            QStringLiteral("run %1").arg(i), this,
            [run = runs[i], filter = facts()->filter](const Recording& recording, std::stop_token stop) {
                return readRunFacts(recording, run, filterFor(run, filter), stop);
            },
            [this, i](std::shared_ptr<const RunFacts> facts) { gotRun(i, std::move(facts)); });
    }
}

void ComparePage::gotRun(std::size_t place, std::shared_ptr<const RunFacts> facts) {
    if (place < m_runs.size()) {
        m_runs[place] = std::move(facts);
    }
    if (isComplete()) {
        showRuns();
    }
}

void ComparePage::showRuns() {
    setFinding(compareFinding(m_runs));
    showHeatmaps();
    const QSignalBlocker quiet(m_against);
    m_against->clear();
    for (std::size_t i = 1; i < m_runs.size(); ++i) {
        m_against->addItem(tr("%1 minus A").arg(RunChooser::letter(i)));
    }
    showMetrics();
    showDetail();
    askStatistics();
}

void ComparePage::showHeatmaps() {
    const auto maps = loadHeatmaps(m_runs, LoadMeasure(m_measure->currentIndex()));
    for (std::size_t i = 0; i < m_heatmaps.size(); ++i) {
        const bool there = i < maps.size();
        m_heatmaps[i]->setData(there ? maps[i] : nullptr);
        m_heatPanels[i]->setMessage(there ? QString() : oneRunMessage());
        if (there) {
            const QString name = QString::fromStdString(m_runs[i]->run.spec.name);
            m_heatPanels[i]->setTitle(QStringLiteral("%1 · %2").arg(RunChooser::letter(i), name));
            m_heatPanels[i]->setFileName(tr("load of %1").arg(name));
        }
    }
    showMarks();
}

void ComparePage::showDetail() {
    const int kind = m_detailKind->currentIndex();
    m_stack->setCurrentIndex(kind == Difference ? 0 : 1);
    m_against->setVisible(kind == Difference && m_against->count() > 1);
    if (!isComplete()) {
        return;
    }
    m_detailPanel->setMessage({});
    switch (kind) {
    case Drops:
        return askDrops();
    case Changed:
        return showLayers("changed_tokens");
    case Overlap:
        return showLayers("jaccard");
    case Separability:
        return showLayers("separability");
    case Loss:
    case Balance:
        return askTraining();
    default:
        return showDifference();
    }
}

void ComparePage::showLayers(const char* metric) {
    m_detailPanel->setTitle(m_detailKind->currentText());
    m_detailPanel->setFileName(m_detailKind->currentText());
    m_detailPanel->setSubtitle(ComparedMetricModel::definitionOf(metric));
    if (m_runs.size() < 2) {
        return m_detailPanel->setMessage(oneRunMessage());
    }
    if (!m_statistics) {
        return m_detailPanel->setMessage(tr("Working it out…"));
    }
    const auto drawn = layerLines(*m_statistics, metric, ComparedMetricModel::nameOf(metric));
    m_detailPanel->setMessage(
        drawn->lines.empty() ? tr("These runs do not hold the same tokens with their routes, so they do not compare "
                                  "token by token.")
                             : QString());
    m_lines->setData(drawn);
}

void ComparePage::askStatistics() {
    if (m_runs.size() < 2) {
        return m_metricPanel->setSubtitle({});
    }
    CompareRequest request;
    request.runs.clear();
    for (const auto& run : m_runs) {
        request.runs.push_back(std::to_string(run->run.id.value));
    }
    m_metricPanel->setSubtitle(facts()->filter.everyToken()
                                   ? tr("Working out the intervals…")
                                   : tr("Intervals and marks are made for whole runs; clear the filter to see them."));
    if (!facts()->filter.everyToken()) {
        return;
    }
    reader()->ask(
        QStringLiteral("statistics"), this,
        [request](const Recording& recording, std::stop_token stop) {
            CompareObserver observer;
            return CompareService(recording).compare(request, observer, stop);
        },
        [this](const std::shared_ptr<const CompareResult>& result) {
            m_statistics = result;
            showMetrics();
            if (m_detailKind->currentIndex() >= Changed && m_detailKind->currentIndex() <= Separability) {
                showDetail();
            }
        });
}

void ComparePage::askTraining() {
    m_detailPanel->setTitle(m_detailKind->currentText());
    m_detailPanel->setFileName(m_detailKind->currentText());
    m_detailPanel->setSubtitle(tr("While the runs' models were trained"));
    if (m_training) {
        return showTraining();
    }
    std::vector<RunInfo> runs;
    for (const auto& run : m_runs) {
        runs.push_back(run->run);
    }
    reader()->ask(
        QStringLiteral("training"), this,
        [runs](const Recording& recording, std::stop_token stop) {
            return readTrainingRuns(recording, runs, {}, stop);
        },
        [this](const std::shared_ptr<const TrainingRuns>& training) {
            m_training = training;
            showTraining();
        });
}

void ComparePage::showTraining() {
    std::vector<TrainingStrategy> single; // each run a line of its own
    for (const auto& run : *m_training) {
        single.push_back({run->run.spec.name, {run}});
    }
    m_detailPanel->setMessage(single.empty() ? trainingFinding(single).second : QString());
    m_lines->setData(m_detailKind->currentIndex() == Loss ? lossCurves(single)
                                                          : balanceCurves(single, TrainingCurve::MaxVio));
}

void ComparePage::showDifference() {
    if (!isComplete() || m_detailKind->currentIndex() != Difference) {
        return;
    }
    const auto other = std::size_t(std::max(0, m_against->currentIndex()) + 1);
    if (other >= m_runs.size()) {
        return m_detailPanel->setMessage(oneRunMessage());
    }
    const RunFacts &a = *m_runs.front(), &b = *m_runs[other];
    const auto drawn = onlyExperts(differenceHeatmap(a, b), facts()->filter);
    m_detailPanel->setTitle(tr("Load of %1 minus %2").arg(RunChooser::letter(other), RunChooser::letter(0)));
    m_detailPanel->setFileName(
        tr("load difference %1 %2")
            .arg(QString::fromStdString(b.run.spec.name), QString::fromStdString(a.run.spec.name)));
    m_detailPanel->setSubtitle(tr("Orange: more load than in A, blue: less; the bracket is what chance alone shows"));
    m_detailPanel->setMessage(drawn->empty() ? tr("These models have other layers or experts, so their loads cannot be "
                                                  "subtracted. The metrics beside still compare.")
                                             : QString());
    m_difference->setData(drawn);
    showMarks();
}

void ComparePage::askDrops() {
    m_detailPanel->setTitle(tr("Dropped by capacity factor"));
    m_detailPanel->setFileName(tr("dropped by capacity factor"));
    m_detailPanel->setSubtitle(tr("Mean over layers, groups of 1,024 tokens; the dotted line is factor 1.25"));
    m_detailPanel->setMessage({});
    m_lines->setData(dropCurves(m_runs, m_curves));
    for (std::size_t i = 0; i < m_runs.size(); ++i) {
        if (m_runs[i]->run.spec.content == RunContent::CountsOnly || !m_curves[i].empty()) {
            continue;
        }
        reader()->stream<LayerCurve>(
            QStringLiteral("drops %1").arg(i), this,
            [run = m_runs[i]->run](const Recording& recording, std::stop_token stop, const DeliverCurve& deliver) {
                readCapacityCurves(recording, run, CapacityOptions(), LayerId(-1), stop, deliver);
            },
            [this, i](const std::shared_ptr<const LayerCurve>& curve) {
                m_curves[i].push_back(curve);
                if (m_curves[i].size() == m_runs[i]->layers.size()) {
                    m_lines->setData(dropCurves(m_runs, m_curves));
                }
            });
    }
}

void ComparePage::showMetrics() {
    QStringList names;
    for (const auto& run : m_runs) {
        names << QString::fromStdString(run->run.spec.name);
    }
    m_metrics->setMetrics(names, m_statistics ? metricsOf(*m_statistics) : metricsOfSums(m_runs));
    if (m_statistics) {
        const QString marks = tr("Brackets: 95 % intervals, bootstrapped over windows of text within each domain; * "
                                 "differs from A beyond chance");
        m_metricPanel->setSubtitle(m_metrics->hasNotes() ? marks + tr("; † has a note: point at it") : marks);
    }
}

void ComparePage::onCell(std::size_t place, int row, int column) {
    if (place < m_runs.size()) {
        const LayerId layer = m_runs[place]->layers[std::size_t(row)].layer();
        if (facts()->find(layer)) {
            selection().setLayerAndExpert(layer, ExpertId(column));
        }
    }
}

void ComparePage::showMarks() {
    const Selected& now = selected();
    const std::optional<int> expert = now.expert ? std::optional(int(now.expert->value)) : std::nullopt;
    for (std::size_t i = 0; i < m_runs.size(); ++i) {
        const int row = now.layer && m_runs[i] ? m_runs[i]->indexOf(*now.layer) : -1;
        m_heatmaps[i]->setSelection(row < 0 ? std::nullopt : std::optional(row), expert);
    }
    if (const HeatmapData* drawn = m_difference->data()) {
        const auto row = now.layer ? drawn->rowLabels.indexOf(QString::number(now.layer->value)) : -1;
        m_difference->setSelection(row < 0 ? std::nullopt : std::optional(int(row)), expert);
    }
}

void ComparePage::showSelection(const Selected& now, const Selected& before) {
    if (now.layer != before.layer || now.expert != before.expert) {
        showMarks();
    }
}

} // namespace moescope
