#include "ui/pages/training_page.h"

#include <algorithm>
#include <chrono>

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/charts/heatmap_widget.h"
#include "ui/charts/line_chart.h"
#include "ui/models/training_table_model.h"
#include "ui/pages/live_strip.h"
#include "ui/pages/table_view.h"
#include "ui/pages/training_views.h"

namespace moescope {

namespace {

constexpr int kMaps = 4; // then the two that come from recordings made on the way
constexpr std::chrono::milliseconds kPollEvery(1000);

// The file's trainings as of a version of it.
struct ReadTrainings {
    std::int64_t version = 0;
    TrainingRuns runs;
};

// Loads that are as good as even are one grey picture: those of experts that choose their tokens.
bool showsLoads(const TrainingRun& run) {
    constexpr double kEven = 0.05;
    return run.finalMaxVio > kEven;
}

} // namespace

TrainingPage::TrainingPage(Workspace& space, QWidget* parent)
    : Page(QStringLiteral("training"), space, parent), m_live(new LiveStrip), m_model(new TrainingTableModel(this)) {
    controls().addWidget(m_live, 1);
    build();
    connect(m_live, &LiveStrip::stopWanted, this, [this] {
        if (const LiveTraining* training = workspace().training()) {
            training->stop();
        }
    });
    connect(&space, &Workspace::trainingChanged, this, &TrainingPage::showTraining);
    connect(&space, &Workspace::opened, this, &TrainingPage::followTraining);
    if (space.readerMode() == Reader::Mode::OwnThread) {
        m_poll = new QTimer(this);
        connect(m_poll, &QTimer::timeout, this, &TrainingPage::poll);
        connect(this, &Page::failed, m_poll, &QTimer::stop); // once is enough
    }
    connect(m_measure, &QComboBox::currentIndexChanged, this, &TrainingPage::showCurves);
    connect(m_detail, &QComboBox::currentIndexChanged, this, &TrainingPage::showDetail);
    connect(m_map, &HeatmapWidget::cellSelected, this, [this](int row, int) {
        if (m_map->data()->rowAxis == m_map->property("layers").toString() && shown()) {
            selection().setLayer(shown()->run.spec.layers[std::size_t(row)].layer);
        } else {
            selection().setExpert(ExpertId(row));
        }
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
        if (now.isValid()) {
            workspace().selectRun(m_model->at(sourceRow(*m_table, now.row())).seeds.front()->run.id);
            showDetail(); // the run may have been the selected one before
        }
    });
}

void TrainingPage::build() {
    auto* upper = new QSplitter(Qt::Horizontal);
    buildCurves(*upper);
    m_table = makeTable(*m_model, true);
    m_table->setAccessibleName(tr("Trainings"));
    fitColumns(*m_table);
    m_tablePanel = addPanel(tr("Where they ended"), m_table);
    m_tablePanel->setFileName(tr("strategies"));
    m_tablePanel->setCsv([this] { return csvOf(*m_table->model()); });
    auto* lower = new QSplitter(Qt::Horizontal);
    lower->addWidget(m_tablePanel);
    lower->addWidget(buildDetail());
    auto* all = new QSplitter(Qt::Vertical);
    all->addWidget(upper);
    all->addWidget(lower);
    for (QSplitter* splitter : {upper, lower, all}) {
        splitter->setHandleWidth(12);
        splitter->setChildrenCollapsible(false);
    }
    lower->setSizes({750, 470});
    all->setStretchFactor(0, 1);
    all->setStretchFactor(1, 1);
    body().addWidget(all, 1);
}

void TrainingPage::buildCurves(QWidget& row) {
    auto& splitter = static_cast<QSplitter&>(row);
    m_balance = new LineChart;
    m_loss = new LineChart;
    m_measure = new QComboBox;
    m_measure->addItems({tr("MaxVio"), tr("CV"), tr("Dead experts")});
    m_measure->setAccessibleName(tr("Which figure of balance is drawn"));
    m_balancePanel = addPanel(tr("Balance over steps"), m_balance);
    m_balancePanel->addControl(m_measure);
    m_balancePanel->setSubtitle(tr("Mean over layers, lower is more even"));
    m_balancePanel->setFileName(tr("balance over steps"));
    m_balancePanel->setCsv([this] { return m_balance->data() ? m_balance->data()->csv() : QString(); });
    m_lossPanel = addPanel(tr("Loss over steps"), m_loss);
    m_lossPanel->setSubtitle(tr("The language model's own loss, without what the strategy adds"));
    m_lossPanel->setFileName(tr("loss over steps"));
    m_lossPanel->setCsv([this] { return m_loss->data() ? m_loss->data()->csv() : QString(); });
    splitter.addWidget(m_balancePanel);
    splitter.addWidget(m_lossPanel);
}

QWidget* TrainingPage::buildDetail() {
    m_map = new HeatmapWidget;
    m_settling = new LineChart;
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_map);
    m_stack->addWidget(m_settling);
    m_detail = new QComboBox;
    m_detail->addItems({tr("Load of a layer"), tr("MaxVio by layer"), tr("CV by layer"), tr("Dead by layer"),
                        tr("Saturation"), tr("Specialisation")});
    m_detail->setAccessibleName(tr("What is drawn of one training"));
    m_detailPanel = addPanel(tr("One training"), m_stack);
    m_detailPanel->addControl(m_detail);
    m_detailPanel->setCsv([this] {
        if (m_stack->currentWidget() == m_settling) {
            return m_settling->data() ? m_settling->data()->csv() : QString();
        }
        return m_map->data() ? m_map->data()->csv() : QString();
    });
    return m_detailPanel;
}

void TrainingPage::clear() {
    m_runs.reset();
    m_strategies.clear();
    m_snapshots.reset();
    m_version = -1;
    m_followed = {};
}

void TrainingPage::changeEvent(QEvent* event) {
    Page::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_model->setStrategies(m_strategies, themeOf(*this)); // its colours are those of the curves
    }
}

QString TrainingPage::beyondFilter(const RunFilter& filter) const {
    return filter == RunFilter() ? QString()
                                 : tr("The filter does not apply here: steps are those of whole trainings.");
}

void TrainingPage::showFacts() {
    m_version = -1;
    if (m_poll) {
        m_poll->start(kPollEvery);
    }
    showTraining();
    if (reader()) {
        readTrainings();
    }
}

void TrainingPage::poll() {
    if (isActive() && !isBusy() && reader()) {
        readTrainings();
    }
}

// Reads what has changed since.
void TrainingPage::readTrainings() {
    const auto known = m_runs;
    const std::int64_t before = m_version;
    reader()->ask(
        QStringLiteral("trainings"), this,
        [known, before](const Recording& recording, std::stop_token stop) {
            ReadTrainings read{recording.version(), {}};
            if (read.version != before) {
                read.runs = readTrainingRuns(recording, recording.runs(), known ? *known : TrainingRuns(), stop);
            }
            return read;
        },
        [this, before](const std::shared_ptr<const ReadTrainings>& read) {
            const bool changed = read->version != before;
            m_version = read->version;
            if (changed && (before < 0 || !m_runs || *m_runs != read->runs)) {
                gotRuns(std::make_shared<const TrainingRuns>(read->runs));
            }
        });
}

// What the window tells of the training it is at work on.
void TrainingPage::showTraining() {
    const LiveTraining* training = workspace().training();
    training ? m_live->show(*training) : m_live->hide();
    followTraining();
}

// Each training that begins is selected, until the user looks at another run.
void TrainingPage::followTraining() {
    const LiveTraining* training = workspace().training();
    if (!training || training->run.isEmpty() || !isActive()) {
        m_followed = training ? m_followed : RunId{};
        return;
    }
    const auto& runs = workspace().runs();
    const auto at =
        std::find_if(runs.begin(), runs.end(), [this](const RunInfo& r) { return workspace().isTrained(r); });
    const bool isFollowed = m_followed == RunId{} || selected().run == m_followed;
    if (at != runs.end() && at->id != m_followed && isFollowed) {
        m_followed = at->id;
        workspace().selectRun(m_followed);
    }
}

void TrainingPage::gotRuns(std::shared_ptr<const TrainingRuns> runs) {
    m_runs = std::move(runs);
    m_strategies = strategiesOf(*m_runs);
    m_model->setStrategies(m_strategies, themeOf(*this));
    const Finding finding = trainingFinding(m_strategies, workspace().training());
    setFinding(finding);
    for (Panel* panel : {m_balancePanel, m_lossPanel, m_tablePanel, m_detailPanel}) {
        panel->setMessage(m_strategies.empty() ? finding.second : QString());
    }
    if (m_strategies.empty()) {
        return;
    }
    showCurves();
    showDetail();
    for (std::size_t s = 0; s < m_strategies.size(); ++s) {
        if (m_strategies[s].name == shown()->strategy) {
            showRow(*m_table, int(s));
        }
    }
}

std::shared_ptr<const TrainingRun> TrainingPage::shown() const {
    if (!m_runs || m_runs->empty()) {
        return nullptr;
    }
    const auto at =
        std::find_if(m_runs->begin(), m_runs->end(), [this](const auto& run) { return run->run.id == selected().run; });
    if (at != m_runs->end() && (workspace().isRunChosen() || showsLoads(**at))) {
        return *at;
    }
    const auto first = std::find_if(m_runs->begin(), m_runs->end(), [](const auto& run) { return showsLoads(*run); });
    return first != m_runs->end() ? *first : at != m_runs->end() ? *at : m_runs->front();
}

int TrainingPage::layerRow(const TrainingRun& run) const {
    for (std::size_t l = 0; l < run.run.spec.layers.size(); ++l) {
        if (selected().layer == run.run.spec.layers[l].layer) {
            return int(l);
        }
    }
    return 0;
}

void TrainingPage::showCurves() {
    if (!m_strategies.empty()) {
        m_balance->setData(balanceCurves(m_strategies, TrainingCurve(m_measure->currentIndex())));
        m_loss->setData(lossCurves(m_strategies));
    }
}

void TrainingPage::showDetail() {
    if (!shown()) {
        return;
    }
    const bool map = m_detail->currentIndex() < kMaps;
    m_stack->setCurrentIndex(map ? 0 : 1);
    m_detailPanel->setMessage({});
    if (map) {
        showMap();
    } else {
        askSnapshots();
    }
}

void TrainingPage::showMap() {
    const auto run = shown();
    const auto measure = TrainingMap(m_detail->currentIndex());
    const int row = layerRow(*run);
    const auto drawn = trainingMap(*run, measure, row);
    const QString name = QString::fromStdString(run->run.spec.name);
    if (drawn->empty()) {
        return m_detailPanel->setMessage(tr("The steps of this training hold no loads."));
    }
    const int layer = run->run.spec.layers[std::size_t(row)].layer.value;
    m_detailPanel->setTitle(measure == TrainingMap::Load ? tr("%1: layer %2 over steps").arg(name).arg(layer)
                                                         : tr("%1: every layer over steps").arg(name));
    m_detailPanel->setSubtitle(measure == TrainingMap::Load
                                   ? tr("A row for each expert; orange is more than its fair share, blue less")
                                   : tr("A row for each layer; dark is more even"));
    m_detailPanel->setFileName(tr("steps of %1").arg(name));
    m_map->setProperty("layers", measure == TrainingMap::Load ? QString() : drawn->rowAxis);
    m_map->setData(drawn);
    const auto expert =
        measure == TrainingMap::Load && selected().expert ? std::optional(int(selected().expert->value)) : std::nullopt;
    m_map->setSelection(measure == TrainingMap::Load ? expert : std::optional(row), std::nullopt);
}

void TrainingPage::askSnapshots() {
    if (m_snapshots && m_snapshots->end.id == shown()->run.id) {
        return showSnapshots();
    }
    reader()->ask(
        QStringLiteral("snapshots"), this,
        [runs = workspace().runs(), end = shown()->run](const Recording& recording, std::stop_token stop) {
            return readTrainingSnapshots(recording, runs, end, stop);
        },
        [this](const std::shared_ptr<const TrainingSnapshots>& snapshots) {
            m_snapshots = snapshots;
            showSnapshots();
        });
}

void TrainingPage::showSnapshots() {
    const bool separability = m_detail->currentIndex() == kMaps + 1;
    const QString name = QString::fromStdString(m_snapshots->end.spec.name);
    m_detailPanel->setTitle(separability ? tr("%1: how far domains part").arg(name)
                                         : tr("%1: how routing settles").arg(name));
    m_detailPanel->setFileName(separability ? tr("specialisation of %1").arg(name) : tr("saturation of %1").arg(name));
    m_detailPanel->setSubtitle(separability
                                   ? tr("Mean divergence of the domains' use of experts, by layer; 0: all alike")
                                   : tr("Share of a token's experts that are already those of the end, by layer"));
    m_detailPanel->setMessage(
        m_snapshots->points.empty()
            ? tr("This file holds no recordings made during the training; `moescope train --record-every` makes them.")
            : QString());
    m_settling->setData(snapshotCurves(*m_snapshots, separability));
}

void TrainingPage::showSelection(const Selected& now, const Selected& before) {
    if (m_runs && (now.layer != before.layer || now.expert != before.expert) && m_detail->currentIndex() < kMaps) {
        showDetail();
    }
}

} // namespace moescope
