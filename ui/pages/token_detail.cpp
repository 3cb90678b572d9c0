#include "ui/pages/token_detail.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/charts/bar_chart.h"
#include "ui/charts/number_format.h"
#include "ui/charts/panel.h"
#include "ui/models/fact_table_model.h"
#include "ui/models/route_table_model.h"
#include "ui/pages/table_view.h"
#include "ui/text/decoded_text.h"

namespace moescope {

namespace {

struct Detail {
    Q_DECLARE_TR_FUNCTIONS(Detail)
};

std::shared_ptr<const BarChartData> probBars(const TokenLayerRoute& route) {
    auto data = std::make_shared<BarChartData>();
    data->categoryAxis = Detail::tr("expert");
    data->valueAxis = Detail::tr("probability");
    BarStack chosen{Detail::tr("chosen"), Role::Accent, {}}, next{Detail::tr("next best"), Role::Over, {}},
        rest{Detail::tr("others"), Role::Chance, {}};
    for (std::size_t e = 0; e < route.probs.size(); ++e) {
        const bool isChosen = std::find(route.ids.begin(), route.ids.end(), std::uint16_t(e)) != route.ids.end();
        const bool isNext = int(e) == route.runnerUp;
        const double p = double(route.probs[e]);
        chosen.values.push_back(isChosen ? p : 0);
        next.values.push_back(isNext ? p : 0);
        rest.values.push_back(isChosen || isNext ? 0 : p);
        data->categories << QString::number(e);
        data->toolTips << Detail::tr("<b>expert %1</b><br>probability <b>%2</b><br>logit %3")
                              .arg(e)
                              .arg(shortNumber(p, 5), shortNumber(double(route.logits[e]), 5));
    }
    data->stacks = {chosen, next, rest};
    return data;
}

} // namespace

TokenDetail::TokenDetail(Workspace& workspace, QWidget* parent)
    : QWidget(parent), m_workspace(workspace), m_model(new RouteTableModel(this)),
      m_places(new FactTableModel({{tr("Document"), tr("Documents with tokens of the same experts"), false},
                                   {tr("Tokens"), tr("Tokens of it that go to the same set of experts")}},
                                  this)) {
    build();
    describe();
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
        if (now.isValid()) {
            m_workspace.selection().setLayer(m_model->layerAt(now.row()));
        }
    });
    connect(m_probs, &BarChart::categorySelected, this,
            [this](int expert) { m_workspace.selection().setExpert(ExpertId(expert)); });
}

void TokenDetail::build() {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    auto* body = new QWidget;
    auto* inner = new QVBoxLayout(body);
    inner->setContentsMargins(0, 0, 0, 0);
    m_word = new QLabel;
    m_word->setFont(codeFont(15));
    m_word->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts = new QLabel;
    m_facts->setObjectName(QStringLiteral("muted"));
    m_facts->setWordWrap(true);
    m_table = makeTable(*m_model, false);
    m_table->setAccessibleName(tr("Route of the token"));
    fitColumns(*m_table);
    inner->addWidget(m_word);
    inner->addWidget(m_facts);
    inner->addWidget(m_table, 1);
    m_routePanel = new Panel(tr("Route"), body);
    m_routePanel->setCsv([this] { return csvOf(*m_model); });
    m_probs = new BarChart;
    m_probPanel = new Panel(tr("What the router weighed"), m_probs);
    m_probPanel->setCsv([this] { return m_probs->data() ? m_probs->data()->csv() : QString(); });
    m_placeTable = makeTable(*m_places, false);
    m_placeTable->setAccessibleName(tr("Documents where the same experts are chosen"));
    fitColumns(*m_placeTable, 0);
    m_samePanel = new Panel(tr("Same experts elsewhere"), m_placeTable);
    m_samePanel->setCsv([this] { return csvOf(*m_places); });
    column->addWidget(m_routePanel, 4);
    column->addWidget(m_probPanel, 2);
    m_probPanel->setMinimumHeight(190); // else its bars cannot be read
    m_samePanel->setMaximumHeight(160); // the route comes first
    column->addWidget(m_samePanel, 2);
    connect(m_placeTable, &QTableView::clicked, this, &TokenDetail::goToPlace);
    connect(m_placeTable, &QTableView::activated, this, &TokenDetail::goToPlace);
}

void TokenDetail::goToPlace(const QModelIndex& index) {
    if (m_same && index.isValid() && std::size_t(index.row()) < m_same->places.size()) {
        m_workspace.selection().setToken(m_same->places[std::size_t(index.row())].first);
    }
}

void TokenDetail::setSameRoute(std::shared_ptr<const SameRoute> same) {
    constexpr std::size_t kMostShown = 500;
    m_same = std::move(same);
    std::vector<QVariantList> rows;
    const auto facts = m_workspace.facts();
    for (std::size_t i = 0; m_same && facts && i < std::min(kMostShown, m_same->places.size()); ++i) {
        const SameRoute::Place& place = m_same->places[i];
        rows.push_back(
            {QString::fromStdString(facts->run.documents[std::size_t(place.document)].name), qlonglong(place.tokens)});
    }
    m_places->setRows(rows);
    if (!m_same) {
        m_samePanel->setSubtitle({});
        return m_samePanel->setMessage(m_route ? tr("Looking through the layer…") : tr("No token is selected."));
    }
    QStringList experts;
    for (const std::uint16_t expert : m_same->experts) {
        experts << QStringLiteral("E%1").arg(expert);
    }
    m_samePanel->setMessage({});
    m_samePanel->setSubtitle(tr("%1 of layer %2: %3 of %4 tokens (%5)")
                                 .arg(experts.join(QStringLiteral(" + ")))
                                 .arg(m_same->layer.value)
                                 .arg(count(m_same->tokens), count(m_same->of),
                                      percent(m_same->of > 0 ? double(m_same->tokens) / double(m_same->of) : 0)));
}

void TokenDetail::setRoute(std::shared_ptr<const TokenRoute> route) {
    m_route = std::move(route);
    m_model->setRoute(m_route);
    describe();
    showLayer();
}

void TokenDetail::describe() {
    m_routePanel->setMessage(m_route ? QString()
                                     : tr("Click a token in the text, or walk with the arrow keys, to see its route."));
    m_probPanel->setMessage(m_route ? QString() : tr("No token is selected."));
    if (!m_route) {
        return;
    }
    const TokenRecord& t = m_route->token;
    m_word->setText(t.text.empty() ? QStringLiteral("⟨%1⟩").arg(t.tokenId) : visibleToken(t.text));
    QString facts = tr("Token %1 · id %2 · %3, position %4")
                        .arg(count(t.token))
                        .arg(t.tokenId)
                        .arg(QString::fromStdString(m_route->document), count(t.position));
    facts +=
        std::isnan(t.nll)
            ? QString()
            : tr(" · nll %1 nats (p = %2)").arg(shortNumber(double(t.nll)), shortNumber(std::exp(-double(t.nll)), 2));
    facts += t.phase == Phase::Generated ? tr(" · generated") : QString();
    m_facts->setText(facts);
}

void TokenDetail::showLayer() {
    const auto layer = m_workspace.selected().layer;
    if (!m_route || !layer) {
        return;
    }
    showRow(*m_table, m_model->rowOf(*layer));
    const TokenLayerRoute* route = m_route->find(*layer);
    m_probPanel->setTitle(tr("What the router of layer %1 weighed").arg(layer->value));
    const bool known = route && !route->probs.empty();
    m_probPanel->setMessage(
        known
            ? QString()
            : tr("This run was recorded without router logits (--logits none), so only the chosen experts are known."));
    if (known) {
        m_probs->setData(probBars(*route));
        const auto expert = m_workspace.selected().expert;
        m_probs->setSelected(expert ? std::optional(int(expert->value)) : std::nullopt);
    }
}

} // namespace moescope
