#include "ui/pages/tokens_page.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSplitter>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/charts/number_format.h"
#include "ui/data/same_route.h"
#include "ui/data/token_route.h"
#include "ui/pages/findings_text.h"
#include "ui/pages/ink_legend.h"
#include "ui/pages/route_strip.h"
#include "ui/pages/token_detail.h"
#include "ui/pages/token_finder.h"
#include "ui/text/decoded_text.h"

namespace moescope {

namespace {
constexpr std::int64_t kAround = 12; // tokens of the neighbourhood on either side
constexpr int kRestMs = 250;
} // namespace

bool readsAsCode(const DocumentInfo& document) {
    static constexpr std::array kWords{"python", "javascript", "typescript", "cpp",  "json", "html",
                                       "sql",    "shell",      "numbers",    "code", "css",  "rust",
                                       "java",   "yaml",       "xml",        "csv",  "bash", "github"};
    const auto fits = [&document](const char* word) { return document.domain.find(word) != std::string::npos; };
    return document.domain == "c" || document.domain == "go" || std::any_of(kWords.begin(), kWords.end(), fits);
}

TokensPage::TokensPage(Workspace& space, QWidget* parent) : Page(QStringLiteral("tokens"), space, parent) {
    build();
    buildControls();
    m_rest = new QTimer(this);
    m_rest->setSingleShot(true);
    m_rest->setInterval(kRestMs);
    connect(m_rest, &QTimer::timeout, this, &TokensPage::askSameRoute);
    m_view->setToolTipSource([this](TokenIndex token) { return toolTipOf(token); });
    m_view->setUseCodeFont(readsAsCode);
    connect(m_view, &TokenTextView::tokenActivated, this, [this](TokenIndex token) { selection().setToken(token); });
    connect(m_view, &TokenTextView::nextWanted, this, [this](int direction) {
        if (selected().expert) {
            find(QStringLiteral("E%1").arg(selected().expert->value), direction);
        } else {
            find(m_search->text(), direction);
        }
    });
    connect(m_legend, &InkLegend::expertClicked, this, [this](int expert) {
        const bool again = selected().expert == ExpertId(expert);
        selection().setExpert(again ? std::nullopt : std::optional(ExpertId(expert)));
    });
    connect(m_strip, &RouteStrip::picked, this, [this](TokenIndex token, LayerId layer) {
        Selected next = selected();
        next.token = token;
        next.layer = layer;
        selection().set(next);
    });
}

void TokensPage::build() {
    m_view = new TokenTextView;
    m_legend = new InkLegend;
    m_strip = new RouteStrip;
    m_detail = new TokenDetail(workspace());
    m_detail->setMinimumWidth(432); // the route's columns
    auto* coloured = new QWidget;
    auto* column = new QVBoxLayout(coloured);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_legend);
    column->addWidget(m_view, 1);
    m_textPanel = addPanel(tr("Text"), coloured);
    m_stripPanel = addPanel(tr("Neighbours through all layers"), m_strip);
    m_stripPanel->setCsv([this] { return m_strip->csv(); });
    auto* left = new QSplitter(Qt::Vertical);
    left->addWidget(m_textPanel);
    left->addWidget(m_stripPanel);
    left->setHandleWidth(12);
    left->setChildrenCollapsible(false);
    left->setSizes({560, 200});
    left->setStretchFactor(0, 1);
    left->setStretchFactor(1, 0);
    m_split = new QSplitter(Qt::Horizontal);
    m_split->addWidget(left);
    m_split->addWidget(m_detail);
    m_split->setHandleWidth(12);
    m_split->setChildrenCollapsible(false);
    m_split->setSizes({820, 420});
    m_split->setStretchFactor(0, 3);
    m_split->setStretchFactor(1, 1);
    body().addWidget(m_split, 1);
}

void TokensPage::buildControls() {
    m_mode = new QComboBox;
    m_mode->addItems({tr("Colour by expert"), tr("Colour by weight"), tr("Colour by margin"), tr("Colour by nll"),
                      tr("Colour by overflow")});
    m_mode->setAccessibleName(tr("What the colours show"));
    m_search = new QLineEdit;
    m_search->setPlaceholderText(tr("Text, /pattern/, #id or E7"));
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumWidth(190);
    m_search->setAccessibleName(tr("Find in the text"));
    m_textPanel->addControl(m_search);
    m_textPanel->addControl(m_mode);
    connect(m_mode, &QComboBox::currentIndexChanged, this, [this](int index) { setMode(InkMode(index)); });
    connect(m_search, &QLineEdit::returnPressed, this, [this] { find(m_search->text(), 1); });
}

void TokensPage::setMode(InkMode mode) {
    m_ink.mode = mode;
    m_mode->setCurrentIndex(int(mode));
    if (!facts()) {
        return;
    }
    if (m_ink.needsMargins() && !m_haveMargins) {
        askLayer();
    }
    askOverflow();
    showInk();
}

void TokensPage::focusSearch() {
    m_search->setFocus();
    m_search->selectAll();
}

void TokensPage::clear() {
    m_rest->stop();
    m_detail->setSameRoute(nullptr);
    m_runText.clear();
    m_routing.reset();
    m_ink.routing.reset();
    m_ink.text.reset();
    m_ink.overflow.reset();
    m_view->setText(nullptr);
    m_detail->setRoute(nullptr);
    m_strip->setWindow(nullptr, {});
}

QString TokensPage::beyondFilter(const RunFilter& filter) const {
    return filter == RunFilter() ? QString() : tr("Coloured is what the filter takes; a token's route is shown whole.");
}

void TokensPage::showFacts() {
    if (facts()->run.spec.content == RunContent::CountsOnly) {
        clear();
        m_view->setPlaceholder(tr("This run holds counts only: which tokens it saw is not known."));
        return setFinding({tr("This run holds counts only, so there is no text to show."),
                           tr("Record the model, or import a trace with its routes. Overview, load and specialization "
                              "show what counts can tell.")});
    }
    askText();
    askLayer();
    askOverflow();
    showInk();
    showToken();
    showFinding();
}

void TokensPage::showSelection(const Selected& now, const Selected& before) {
    if (facts()->run.spec.content == RunContent::CountsOnly) {
        return;
    }
    if (now.layer != before.layer) {
        askLayer();
        askOverflow();
        m_detail->showLayer();
    }
    if (now.layer != before.layer || now.expert != before.expert) {
        showInk();
        m_detail->showLayer();
        showFinding();
    }
    if (now.token != before.token || now.layer != before.layer) {
        showToken();
    }
}

void TokensPage::askText() {
    const RunInfo& run = facts()->run;
    if (!reader()) {
        return;
    }
    const bool other = m_runText.follow(*reader(), this, run, [this](const TokenTextPart& part) {
        m_view->textGrew();
        if (shownToken() >= part.first && shownToken() < m_runText.text()->tokens()) {
            m_view->setCurrent(shownToken(), selected().token.has_value());
        }
    });
    if (other) {
        m_view->setPlaceholder(tr("Reading the text…"));
        m_ink.text = m_runText.text();
        m_view->setText(m_runText.text());
    }
}

void TokensPage::askLayer() {
    if (!reader() || !selected().layer) {
        return;
    }
    const LayerId layer = *selected().layer;
    m_routing = std::make_shared<LayerRouting>(layer, facts()->run.tokens);
    m_ink.routing = m_routing;
    m_haveMargins = m_ink.needsMargins();
    reader()->stream<LayerRoutingPart>(
        QStringLiteral("layer"), this,
        [now = facts(), layer, margins = m_haveMargins](const Recording& recording, std::stop_token stop,
                                                        const DeliverRouting& deliver) {
            readLayerRouting(recording, now->run, now->filter, layer, margins, stop, deliver);
        },
        [this](const std::shared_ptr<const LayerRoutingPart>& part) {
            const bool first = m_routing->topK() == 0;
            m_routing->append(*part);
            if (first) {
                showInk();
            }
            m_view->restyle();
        });
}

void TokensPage::askOverflow() {
    const bool known =
        m_ink.overflow && m_ink.overflow->layer == selected().layer && m_ink.overflow->answers(m_ink.capacity);
    if (!reader() || !m_ink.needsOverflow() || known || !selected().layer) {
        return;
    }
    reader()->ask(
        QStringLiteral("overflow"), this,
        [run = facts()->run, layer = *selected().layer, options = m_ink.capacity](const Recording& recording,
                                                                                  std::stop_token stop) {
            return readLayerOverflow(recording, run, layer, options, stop);
        },
        [this](std::shared_ptr<const LayerOverflow> overflow) {
            m_ink.overflow = std::move(overflow);
            showInk();
        });
}

void TokensPage::showInk() {
    m_ink.expert = selected().expert;
    m_ink.only = facts()->filter.experts;
    m_legend->setKey(m_ink.key(themeOf(*this)));
    m_view->setStyle([this](TokenIndex token) { return m_ink.styleOf(token, themeOf(*this)); });
    if (selected().layer) {
        m_textPanel->setTitle(selected().expert
                                  ? tr("Tokens of L%1/E%2").arg(selected().layer->value).arg(selected().expert->value)
                                  : tr("Layer %1").arg(selected().layer->value));
    }
    m_textPanel->setFileName(fileWords());
}

TokenIndex TokensPage::shownToken() const {
    constexpr TokenIndex kFirstShown = 12; // enough neighbours before it
    return selected().token.value_or(std::min(kFirstShown, facts()->run.tokens - 1));
}

void TokensPage::showToken() {
    m_view->setCurrent(shownToken(), selected().token.has_value());
    m_strip->setCurrent(shownToken(), selected().layer);
    if (facts()->run.tokens > 0) {
        askToken();
        workspace().readerMode() == Reader::Mode::AtOnce ? askSameRoute() : m_rest->start();
    }
}

void TokensPage::askToken() {
    if (!reader()) {
        return;
    }
    using Answer = std::pair<TokenRoute, RouteWindow>;
    reader()->ask(
        QStringLiteral("token"), this,
        [run = facts()->run, token = shownToken()](const Recording& recording, std::stop_token) {
            return Answer(readTokenRoute(recording, run, token), readRouteWindow(recording, run, token, kAround));
        },
        [this](const std::shared_ptr<const Answer>& answer) {
            m_detail->setRoute(std::shared_ptr<const TokenRoute>(answer, &answer->first));
            const auto window = std::shared_ptr<const RouteWindow>(answer, &answer->second);
            QStringList words;
            for (TokenIndex t = window->first;
                 m_runText.text() && t < std::min(window->first + window->tokens, m_runText.text()->tokens()); ++t) {
                words << visibleToken(m_runText.text()->textOf(t));
            }
            m_strip->setWindow(window, words);
            showFinding();
        });
}

// Reads the whole layer, so it waits until the walk along the text rests.
void TokensPage::askSameRoute() {
    if (!reader() || !selected().layer || facts()->run.tokens == 0) {
        return;
    }
    m_detail->setSameRoute(nullptr);
    reader()->ask(
        QStringLiteral("same route"), this,
        [now = facts(), layer = *selected().layer, token = shownToken()](const Recording& recording,
                                                                         std::stop_token stop) {
            return readSameRoute(recording, now->run, now->filter, layer, token, stop);
        },
        [this](std::shared_ptr<const SameRoute> same) { m_detail->setSameRoute(std::move(same)); });
}

void TokensPage::showFinding() {
    const LayerFacts* layer = layerFacts();
    if (!layer) {
        return;
    }
    const auto expert = selected().expert;
    if (expert && expert->value < layer->summary.experts && layer->summary.tokens > 0) {
        const auto n = layer->summary.assignments[std::size_t(expert->value)];
        return setFinding({tr("Expert %1 of layer %2 is chosen by %3 of %4 tokens (%5).")
                               .arg(strong(expert->value), strong(layer->layer().value), strong(count(n)),
                                    count(layer->summary.tokens), percent(double(n) / double(layer->summary.tokens))),
                           tr("Its tokens are coloured, paler where it is not their strongest expert. N and Shift+N "
                              "step through them; click its chip to see all experts.")});
    }
    setFinding({tr("What layer %1 does with each of %2 tokens: equal colours went to the same expert.")
                    .arg(strong(layer->layer().value), count(layer->summary.tokens)),
                tr("Click a token, or walk with the arrow keys, to see its route through all layers; click an expert "
                   "to see its tokens only.")});
}

void TokensPage::find(const QString& query, int direction) {
    if (!m_runText.text()) {
        return;
    }
    const TokenIndex from = selected().token.value_or(direction > 0 ? -1 : m_runText.text()->tokens());
    if (const auto token = findToken(*m_runText.text(), m_routing.get(), query, from, direction)) {
        selection().setToken(*token);
    } else if (!query.isEmpty()) {
        Q_EMIT failed(tr("“%1” does not occur in this run.").arg(query));
    }
}

QString TokensPage::toolTipOf(TokenIndex token) const {
    QString text = QStringLiteral("<b>%1</b> · ").arg(visibleToken(m_runText.text()->textOf(token)).toHtmlEscaped()) +
                   tr("token %1, id %2").arg(count(token)).arg(m_runText.text()->idOf(token));
    if (m_routing && m_routing->has(token)) {
        const auto ids = m_routing->idsOf(token);
        const auto weights = m_routing->weightsOf(token);
        for (std::size_t k = 0; k < ids.size() && ids[k] != kNoExpert; ++k) {
            text += tr("<br>expert %1, weight %2").arg(ids[k]).arg(double(weights[k]), 0, 'f', 3);
        }
        const double margin = double(m_routing->marginOf(token));
        text += std::isnan(margin) ? QString() : tr("<br>margin %1").arg(shortNumber(margin));
    }
    const double nll = double(m_runText.text()->nllOf(token));
    return std::isnan(nll) ? text : text + tr("<br>nll %1 nats").arg(shortNumber(nll));
}

} // namespace moescope
