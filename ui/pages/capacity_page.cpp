#include "ui/pages/capacity_page.h"

#include <QHBoxLayout>
#include <QSplitter>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/charts/number_format.h"
#include "ui/data/layer_routing.h"
#include "ui/models/lost_token_model.h"
#include "ui/pages/capacity_controls.h"
#include "ui/pages/capacity_views.h"
#include "ui/pages/expert_filter.h"
#include "ui/pages/table_view.h"
#include "ui/pages/tokens_page.h"

namespace moescope {

CapacityPage::CapacityPage(Workspace& space, QWidget* parent)
    : Page(QStringLiteral("capacity"), space, parent), m_lost(new LostTokenModel(this)), m_lostTimer(new QTimer(this)),
      m_curveTimer(new QTimer(this)) {
    m_ink.mode = InkMode::Overflow;
    build();
    m_lostTimer->setSingleShot(true);
    m_lostTimer->setInterval(60); // the table follows once the slider rests
    m_curveTimer->setSingleShot(true);
    m_curveTimer->setInterval(100);
    connect(m_curveTimer, &QTimer::timeout, this, &CapacityPage::showCurves);
    connect(m_lostTimer, &QTimer::timeout, this, &CapacityPage::showLost);
    connect(m_capacity, &CapacityControls::changed, this, &CapacityPage::onCapacity);
    connect(m_curve, &LineChart::xSelected, this, [this](double factor) { m_capacity->setFactor(factor); });
    connect(m_bars, &BarChart::categorySelected, this, [this](int expert) { selection().setExpert(ExpertId(expert)); });
    connect(m_view, &TokenTextView::tokenActivated, this, [this](TokenIndex token) { selection().setToken(token); });
    connect(m_lostTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& now) {
                if (now.isValid()) {
                    selection().setToken(m_lost->tokenAt(sourceRow(*m_lostTable, now.row())));
                }
            });
}

void CapacityPage::build() {
    m_capacity = new CapacityControls;
    controls().addWidget(m_capacity, 1);
    m_curve = new LineChart;
    m_bars = new BarChart;
    m_view = new TokenTextView;
    m_view->setPointSize(10.5);
    m_view->setUseCodeFont(readsAsCode);
    m_view->setStyle([this](TokenIndex token) { return m_ink.styleOf(token, themeOf(*this)); });
    m_lostTable = makeTable(*m_lost, false);
    m_lostTable->setAccessibleName(tr("Tokens that lose experts"));
    fitColumns(*m_lostTable, LostTokenModel::LostExperts);
    m_curvePanel = addPanel(tr("Dropped choices by capacity factor"), m_curve);
    m_curvePanel->setCsv([this] { return m_curve->data() ? m_curve->data()->csv() : QString(); });
    m_barPanel = addPanel(tr("Experts against their places"), m_bars);
    m_barPanel->setCsv([this] { return m_bars->data() ? m_bars->data()->csv() : QString(); });
    m_lostPanel = addPanel(tr("Tokens that lose experts"), m_lostTable);
    m_lostPanel->setCsv([this] { return csvOf(*m_lost); });
    m_textPanel = addPanel(tr("The text with lost tokens marked"), m_view);
    m_textPanel->setSubtitle(tr("Crossed out: lost every expert; underlined: lost some"));
    auto* upper = new QSplitter(Qt::Horizontal);
    upper->addWidget(m_curvePanel);
    upper->addWidget(m_barPanel);
    auto* lower = new QSplitter(Qt::Horizontal);
    lower->addWidget(m_lostPanel);
    lower->addWidget(m_textPanel);
    lower->setSizes({420, 800});
    auto* all = new QSplitter(Qt::Vertical);
    all->addWidget(upper);
    all->addWidget(lower);
    for (QSplitter* splitter : {upper, lower, all}) {
        splitter->setHandleWidth(12);
        splitter->setChildrenCollapsible(false);
    }
    body().addWidget(all, 1);
}

void CapacityPage::prepareCapacity(const CapacityOptions& options) {
    m_capacity->setOptions(options);
    m_options = m_capacity->options();
}

void CapacityPage::clear() {
    m_curves.clear();
    m_curvesOf = RunId();
    m_overflow.reset();
    m_scores.reset();
    m_ink.overflow.reset();
    m_runText.clear();
    m_view->setText(nullptr);
    m_lost->setOverflow(nullptr, m_options, nullptr);
}

QString CapacityPage::beyondFilter(const RunFilter& filter) const {
    const bool tokens = !filter.everyToken();
    return tokens ? tr("The filter's tokens do not apply here: groups are consecutive tokens of the whole run.")
           : !filter.experts.empty() ? tr("All experts compete for places; the bars show those of the filter.")
                                     : QString();
}

void CapacityPage::showFacts() {
    const bool unknown = facts()->run.spec.content == RunContent::CountsOnly;
    const QString message =
        unknown ? tr("This run holds counts only, so which tokens would be dropped is not known.") : QString();
    m_capacity->setEnabled(!unknown);
    for (Panel* panel : {m_curvePanel, m_barPanel, m_lostPanel, m_textPanel}) {
        panel->setMessage(message);
    }
    if (unknown) {
        setFinding({message, tr("Record the model, or import a trace with its routes.")});
        return;
    }
    m_overflow.reset();
    m_scores.reset();
    m_options = m_capacity->options();
    askText();
    // A run that grows shows itself anew each second; the layers' curves may take longer, and are not begun again
    // before they are there.
    const bool underWay = m_curvesOf == facts()->run.id && m_curves.size() < facts()->layers.size();
    if (facts()->run.state != RunState::Recording || !underWay) {
        askCurves();
    }
    askOverflow();
}

void CapacityPage::showSelection(const Selected& now, const Selected& before) {
    if (now.layer != before.layer) {
        askOverflow();
        showCurves();
    }
    if (now.token != before.token) {
        m_view->setCurrent(now.token);
    }
    if (now.expert != before.expert) {
        m_bars->setSelected(now.expert ? std::optional(int(now.expert->value)) : std::nullopt);
    }
}

void CapacityPage::onCapacity() {
    const CapacityOptions before = m_options;
    m_options = m_capacity->options();
    if (!facts() || !isActive()) {
        return;
    }
    if (m_options.groupTokens != before.groupTokens || m_options.rounding != before.rounding) {
        askCurves();
    }
    if (m_overflow && m_overflow->answers(m_options)) {
        showCapacity();
    } else {
        askOverflow();
    }
    m_curve->setMarker(m_options.factor);
}

bool CapacityPage::knowsRoutes() {
    return reader() && selected().layer && facts()->run.spec.content != RunContent::CountsOnly;
}

void CapacityPage::askCurves() {
    if (!knowsRoutes()) {
        return;
    }
    m_curves.clear();
    m_curvesOf = facts()->run.id;
    reader()->stream<LayerCurve>(
        QStringLiteral("curves"), this,
        [run = facts()->run, options = m_options,
         first = *selected().layer](const Recording& recording, std::stop_token stop, const DeliverCurve& deliver) {
            readCapacityCurves(recording, run, options, first, stop, deliver);
        },
        [this](std::shared_ptr<const LayerCurve> curve) {
            const bool own = curve->layer == selected().layer;
            m_curves.push_back(std::move(curve));
            if (own || m_curves.size() == facts()->layers.size()) {
                showCurves();
            } else if (!m_curveTimer->isActive()) {
                m_curveTimer->start(); // layers come faster than they can be drawn
            }
        });
}

void CapacityPage::askOverflow() {
    if (!knowsRoutes()) {
        return;
    }
    reader()->stream<LayerOverflow>(
        QStringLiteral("overflow"), this,
        [run = facts()->run, layer = *selected().layer, options = m_options,
         known = m_scores](const Recording& recording, std::stop_token stop, const DeliverOverflow& deliver) {
            readLayerOverflow(recording, run, layer, options, known, stop, deliver);
        },
        [this](std::shared_ptr<const LayerOverflow> overflow) {
            m_overflow = std::move(overflow);
            m_scores = m_overflow->isSample() ? m_scores : m_overflow->scores;
            showCapacity();
            showLost();
        });
}

void CapacityPage::askText() {
    if (reader() &&
        m_runText.follow(*reader(), this, facts()->run, [this](const TokenTextPart&) { m_view->textGrew(); })) {
        m_view->setText(m_runText.text());
    }
}

void CapacityPage::showCurves() {
    m_curveTimer->stop();
    if (!m_curves.empty() && selected().layer) {
        m_curve->setData(capacityCurves(m_curves, *selected().layer, m_options.factor));
        m_curvePanel->setSubtitle(
            (m_options.policy == OverflowPolicy::Next
                 ? tr("Before any is sent on. Red: layer %1, thin: the others, dotted: the factor at hand")
                 : tr("Red: layer %1, thin: the others, dotted: the factor at hand; click to choose one"))
                .arg(selected().layer->value));
    }
}

void CapacityPage::showCapacity() {
    if (!m_overflow) {
        return;
    }
    auto finding = capacityFinding(*m_overflow, m_options);
    if (m_overflow->isSample()) {
        finding.second = tr("From the first %1 of %2 tokens so far; all are being counted.")
                             .arg(count(m_overflow->tokens()), count(m_overflow->of)) +
                         QLatin1Char(' ') + finding.second;
    }
    setFinding(finding);
    m_bars->setData(onlyExperts(capacityBars(*m_overflow, m_options), facts()->filter));
    m_bars->setSelected(selected().expert ? std::optional(int(selected().expert->value)) : std::nullopt);
    m_barPanel->setTitle((m_overflow->isSample() ? tr("Layer %1: experts against their places, a sample")
                                                 : tr("Layer %1: experts against their places"))
                             .arg(m_overflow->layer.value));
    m_barPanel->setFileName(tr("capacity of layer %1").arg(m_overflow->layer.value));
    m_ink.overflow = m_overflow;
    m_ink.capacity = m_options;
    m_view->restyle();
    m_lostTimer->start();
}

void CapacityPage::showLost() {
    m_lostTimer->stop();
    if (!m_overflow) {
        return;
    }
    m_lost->setOverflow(m_overflow, m_options, m_runText.text());
    const OverflowTotals totals = overflowTotals(*m_overflow, m_options);
    m_lostPanel->setMessage(totals.dropped == 0 ? tr("No token loses an expert at this capacity.") : QString());
    m_lostPanel->setSubtitle(totals.tokensLosingSome > std::int64_t(LostTokenModel::kMost)
                                 ? tr("The first %1 of %2, those that lose all first")
                                       .arg(count(qint64(LostTokenModel::kMost)), count(totals.tokensLosingSome))
                                 : tr("Those that lose all first"));
    if (!selected().token && m_lost->rows() > 0) {
        m_view->setCurrent(m_lost->tokenAt(0)); // where there is something to see
    }
}

} // namespace moescope
