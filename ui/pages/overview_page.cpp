#include "ui/pages/overview_page.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/charts/number_format.h"
#include "ui/charts/profile_delegate.h"
#include "ui/models/fact_table_model.h"
#include "ui/models/layer_table_model.h"
#include "ui/pages/findings_text.h"
#include "ui/pages/table_view.h"

namespace moescope {

OverviewPage::OverviewPage(Workspace& space, QWidget* parent)
    : Page(QStringLiteral("overview"), space, parent), m_layers(new LayerTableModel(this)),
      m_run(new FactTableModel({{tr("Fact"), {}, false}, {tr("Value"), {}, false}}, this)),
      m_domains(new FactTableModel({{tr("Domain"), {}, false}, {tr("Documents"), {}}, {tr("Tokens"), {}}}, this)) {
    buildLayers();
    buildRun();
}

void OverviewPage::buildLayers() {
    m_layerTable = makeTable(*m_layers, true);
    m_layerTable->setItemDelegateForColumn(
        LayerTableModel::Profile,
        new ProfileDelegate(LayerTableModel::kProfileRole, LayerTableModel::kChanceRole, this));
    m_layerTable->verticalHeader()->setDefaultSectionSize(34);
    m_layerTable->setAccessibleName(tr("Layers"));
    fitColumns(*m_layerTable, LayerTableModel::Profile);
    auto* panel = addPanel(tr("Layers"), m_layerTable);
    panel->setSubtitle(tr("Orange takes more than chance explains, blue less; the dotted line is the fair share"));
    panel->setCsv([this] { return csvOf(*m_layerTable->model()); });
    body().addWidget(panel, 3);
    connect(m_layerTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& now) {
                if (now.isValid()) {
                    selection().setLayer(m_layers->layerAt(sourceRow(*m_layerTable, now.row())));
                }
            });
    connect(m_layerTable, &QTableView::activated, this, [this] { Q_EMIT pageWanted(QStringLiteral("load")); });
}

void OverviewPage::buildRun() {
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    auto* run = makeTable(*m_run, false);
    run->horizontalHeader()->hide();
    fitColumns(*run, kLeave);
    run->setAccessibleName(tr("Facts about the run"));
    auto* runPanel = addPanel(tr("Run"), run);
    runPanel->setCsv([this] { return csvOf(*m_run); });
    auto* domains = makeTable(*m_domains, true);
    fitColumns(*domains);
    domains->setAccessibleName(tr("Domains of the texts"));
    auto* domainPanel = addPanel(tr("Texts"), domains);
    domainPanel->setCsv([this] { return csvOf(*m_domains); });
    row->addWidget(runPanel, 3);
    row->addWidget(domainPanel, 2);
    body().addLayout(row, 2);
}

QString OverviewPage::beyondFilter(const RunFilter& filter) const {
    QStringList words;
    if (!filter.experts.empty()) {
        words << tr("Bars are those of the filter's experts; a layer's figures count all of its experts.");
    }
    if (!filter.everyToken()) {
        words << tr("What a capacity drops is counted for the whole run.");
    }
    return words.join(QLatin1Char(' '));
}

void OverviewPage::showFacts() {
    const auto now = facts();
    m_layers->setFacts(now);
    m_run->setRows(runFactRows(now->run));
    m_domains->setRows(domainRows(now->run));
    m_overflow.clear();
    showFinding();
    askOverflow();
    showSelection(selected(), selected());
}

// Of a very long run only the beginning; the finding says so.
void OverviewPage::askOverflow() {
    constexpr TokenIndex kTokenLayers = TokenIndex(1) << 26; // seconds in the background
    constexpr TokenIndex kBeginning = 65536;                 // also of a run that grows: it is asked for each second
    if (!reader() || facts()->run.spec.content == RunContent::CountsOnly || facts()->layers.empty()) {
        return;
    }
    RunInfo part = facts()->run;
    const bool grows = part.state == RunState::Recording;
    const TokenIndex most = grows ? kBeginning : kTokenLayers / TokenIndex(part.spec.layers.size());
    part.tokens = std::min(part.tokens, std::max(most, kBeginning));
    m_overflowTokens = part.tokens;
    reader()->stream<LayerCurve>(
        QStringLiteral("overflow"), this,
        [part](const Recording& recording, std::stop_token stop, const DeliverCurve& deliver) {
            readCapacityCurves(recording, part, CapacityOptions(), LayerId(-1), stop, deliver);
        },
        [this](const std::shared_ptr<const LayerCurve>& curve) {
            m_layers->addOverflow(curve);
            m_overflow.push_back(curve);
            if (m_overflow.size() == facts()->layers.size()) {
                showFinding();
            }
        });
}

void OverviewPage::showFinding() {
    Finding finding = overviewFinding(*facts());
    const auto& layers = facts()->layers;
    const bool chosen = std::any_of(layers.begin(), layers.end(), [](const auto& l) { return l.assignments() > 0; });
    const QString overflow = chosen ? overflowWords(m_overflow) : QString(); // no choices, none to drop
    finding.second += overflow.isEmpty() ? QString() : QLatin1Char(' ') + overflow;
    if (!overflow.isEmpty() && m_overflowTokens < facts()->run.tokens) {
        finding.second += QLatin1Char(' ') + tr("(Of the first %1 tokens.)").arg(count(m_overflowTokens));
    }
    setFinding(finding);
}

void OverviewPage::showSelection(const Selected& now, const Selected&) {
    showRow(*m_layerTable, now.layer ? m_layers->rowOf(*now.layer) : -1);
}

} // namespace moescope
