#include "ui/pages/flow_page.h"

#include <algorithm>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QSplitter>
#include <QVBoxLayout>

#include "ui/charts/heatmap_widget.h"
#include "ui/charts/sankey_widget.h"
#include "ui/pages/expert_filter.h"
#include "ui/pages/flow_views.h"
#include "ui/text/decoded_text.h"

namespace moescope {

namespace {
constexpr int kColumns = 8; // more cannot be read
constexpr int kFirstColumns = 6;
} // namespace

FlowPage::FlowPage(Workspace& space, QWidget* parent) : Page(QStringLiteral("flow"), space, parent) {
    buildControls();
    build();
    connect(m_partnersMap, &HeatmapWidget::cellSelected, this,
            [this](int row, int) { selection().setExpert(ExpertId(row)); });
    connect(m_sankey, &SankeyWidget::nodeSelected, this, [this](int column, int node) {
        const int expert = m_sankey->data()->nodes[std::size_t(column)][std::size_t(node)].expert;
        if (expert >= 0) {
            selection().setLayerAndExpert(m_flow->layers[std::size_t(column)].layer, ExpertId(expert));
        }
    });
    for (QComboBox* box : {m_first, m_last}) {
        connect(box, &QComboBox::activated, this, &FlowPage::askFlow);
    }
    connect(m_token, &QSpinBox::valueChanged, this,
            [this](int token) { selection().setToken(token < 0 ? std::nullopt : std::optional<TokenIndex>(token)); });
}

void FlowPage::buildControls() {
    m_first = new QComboBox;
    m_last = new QComboBox;
    m_token = new QSpinBox;
    m_token->setMinimum(-1);
    m_token->setSpecialValueText(tr("none"));
    m_token->setKeyboardTracking(false);
    m_token->setToolTip(tr("The token whose way through the layers is drawn; pages share it"));
    const std::pair<QString, QWidget*> fields[] = {
        {tr("From layer"), m_first}, {tr("to layer"), m_last}, {tr("Way of token"), m_token}};
    for (const auto& [words, field] : fields) {
        auto* label = new QLabel(words);
        label->setObjectName(QStringLiteral("muted"));
        label->setBuddy(field);
        field->setAccessibleName(words);
        field->setMinimumWidth(72);
        controls().addWidget(label);
        controls().addWidget(field);
    }
    controls().addStretch(1);
}

void FlowPage::build() {
    m_partnersMap = new HeatmapWidget;
    m_sankey = new SankeyWidget;
    m_partnerPanel = addPanel(tr("Experts that act together"), m_partnersMap);
    m_partnerPanel->setSubtitle(
        tr("Of the tokens with the row's expert, the share that has the column's too; the bracket is chance"));
    m_partnerPanel->setCsv([this] { return m_partnersMap->data() ? m_partnersMap->data()->csv() : QString(); });
    m_flowPanel = addPanel(tr("From layer to layer"), m_sankey);
    m_flowPanel->setFileName(tr("flow between layers"));
    m_flowPanel->setCsv([this] { return m_sankey->data() ? m_sankey->data()->csv() : QString(); });
    auto* both = new QSplitter(Qt::Horizontal);
    both->addWidget(m_partnerPanel);
    both->addWidget(m_flowPanel);
    both->setHandleWidth(12);
    both->setChildrenCollapsible(false);
    both->setSizes({480, 760});
    both->setStretchFactor(0, 2);
    both->setStretchFactor(1, 3);
    body().addWidget(both, 1);
}

void FlowPage::clear() {
    m_partners.reset();
    m_flow.reset();
    m_route.reset();
}

QString FlowPage::beyondFilter(const RunFilter& filter) const {
    return filter.experts.empty()
               ? QString()
               : tr("Drawn are partners and flows of the filter's experts; the finding, the boxes and "
                    "a token's way count all.");
}

void FlowPage::showFacts() {
    fillLayers();
    if (facts()->run.spec.content == RunContent::CountsOnly) {
        const QString message = tr("This run holds counts only, so which experts serve the same token is not known.");
        setFinding({message, tr("Record the model, or import a trace with its routes.")});
        m_partnerPanel->setMessage(message);
        m_flowPanel->setMessage(message);
        return;
    }
    m_flowPanel->setMessage(facts()->layers.size() < 2 ? tr("This run has one MoE layer, so nothing flows on from it.")
                                                       : QString());
    {
        const QSignalBlocker quiet(m_token);
        m_token->setMaximum(int(std::min<TokenIndex>(facts()->run.tokens - 1, std::numeric_limits<int>::max())));
    }
    m_route.reset();
    askPartners();
    askRoute();
    askFlow();
}

void FlowPage::fillLayers() {
    const auto& layers = facts()->layers;
    QStringList before, now;
    for (const LayerFacts& layer : layers) {
        now << QString::number(layer.layer().value);
    }
    for (int i = 0; i < m_first->count(); ++i) {
        before << m_first->itemText(i);
    }
    if (before == now) {
        return;
    }
    m_first->clear();
    m_last->clear();
    m_first->addItems(now);
    m_last->addItems(now);
    const int selectedRow = selected().layer ? facts()->indexOf(*selected().layer) : 0;
    const int first = std::clamp(selectedRow - kFirstColumns / 2, 0, std::max(0, int(layers.size()) - kFirstColumns));
    m_first->setCurrentIndex(first);
    m_last->setCurrentIndex(std::min(int(layers.size()), first + kFirstColumns) - 1);
}

std::vector<LayerId> FlowPage::chosenLayers() const {
    const int first = std::min(m_first->currentIndex(), m_last->currentIndex());
    const int last = std::max(m_first->currentIndex(), m_last->currentIndex());
    std::vector<LayerId> layers;
    for (int i = std::max(0, first); i <= last && int(layers.size()) < kColumns; ++i) {
        layers.push_back(facts()->layers[std::size_t(i)].layer());
    }
    return layers;
}

void FlowPage::askPartners() {
    if (!reader() || !layerFacts()) {
        return;
    }
    const LayerId layer = layerFacts()->layer();
    m_partnerPanel->setTitle(tr("Layer %1: experts that act together").arg(layer.value));
    m_partnerPanel->setFileName(tr("coactivation of layer %1").arg(layer.value));
    reader()->ask(
        QStringLiteral("partners"), this,
        [run = facts()->run, filter = facts()->filter, layer](const Recording& recording, std::stop_token stop) {
            return readPartners(recording, run, filter, layer, stop);
        },
        [this](const std::shared_ptr<const LayerPartners>& partners) {
            m_partners = partners;
            m_partnerPanel->setMessage(
                partners->topK > 1 ? QString() : tr("This layer chooses one expert a token, so no two act together."));
            m_partnersMap->setData(onlyExperts(partnerHeatmap(*partners), facts()->filter, ExpertsAre::Rows));
            showMarks();
            showWords();
        });
}

void FlowPage::askFlow() {
    if (!reader() || facts()->run.spec.content == RunContent::CountsOnly) {
        return;
    }
    const std::vector<LayerId> layers = chosenLayers();
    QString words =
        std::abs(m_last->currentIndex() - m_first->currentIndex()) >= kColumns
            ? tr("The first %1 of the chosen layers; colour: more than loads alone explain").arg(kColumns)
            : tr("Width is how many choices; colour: more than loads alone explain. Click an expert to follow it");
    if (facts()->mostExperts() > int(kFlowNodes)) {
        words += QStringLiteral(". ") + tr("Each layer's %1 busiest experts stand alone.").arg(kFlowNodes - 1);
    }
    m_flowPanel->setSubtitle(words);
    reader()->ask(
        QStringLiteral("flow"), this,
        [run = facts()->run, filter = facts()->filter, layers](const Recording& recording, std::stop_token stop) {
            return readRouteFlow(recording, run, filter, layers, stop);
        },
        [this](const std::shared_ptr<const RouteFlow>& flow) {
            m_flow = flow;
            showFlow();
            showWords();
        });
}

void FlowPage::askRoute() {
    const auto token = selected().token;
    const QSignalBlocker quiet(m_token);
    m_token->setValue(token ? int(*token) : -1);
    if (!token || !reader()) {
        m_route.reset();
        return showFlow();
    }
    reader()->ask(
        QStringLiteral("route"), this,
        [run = facts()->run, token = *token](const Recording& recording, std::stop_token) {
            return readTokenRoute(recording, run, token);
        },
        [this](const std::shared_ptr<const TokenRoute>& route) {
            m_route = route;
            showFlow();
        });
}

void FlowPage::showFlow() {
    if (!m_flow || !layerFacts()) {
        return;
    }
    m_sankey->setData(
        onlyExperts(sankeyOf(*m_flow, m_route.get(), selected().expert, layerFacts()->layer()), facts()->filter));
    m_flowPanel->setTitle(m_route ? tr("From layer to layer, with the way of token %1 %2")
                                        .arg(m_route->token.token)
                                        .arg(visibleToken(m_route->token.text))
                                  : tr("From layer to layer"));
    showMarks();
}

void FlowPage::showWords() {
    if (m_partners) {
        setFinding(flowFinding(*m_partners, m_flow.get()));
    }
}

void FlowPage::showMarks() {
    const auto& expert = selected().expert;
    m_partnersMap->setSelection(expert ? std::optional(int(expert->value)) : std::nullopt, std::nullopt);
    std::optional<SankeyPlace> place;
    for (std::size_t c = 0; m_flow && m_sankey->data() && expert && c < m_flow->layers.size(); ++c) {
        const int node =
            m_flow->layers[c].layer == selected().layer ? m_sankey->data()->nodeOf(int(c), expert->value) : -1;
        place = node >= 0 ? std::optional(SankeyPlace{int(c), node}) : place;
    }
    m_sankey->setSelected(place);
}

void FlowPage::showSelection(const Selected& now, const Selected& before) {
    if (facts()->run.spec.content == RunContent::CountsOnly) {
        return;
    }
    if (now.layer != before.layer) {
        askPartners();
    }
    if (now.token != before.token) {
        askRoute();
    }
    if (now.layer != before.layer || now.expert != before.expert) {
        showFlow();
    }
}

} // namespace moescope
