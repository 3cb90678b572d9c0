#include "ui/pages/specialization_page.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/charts/bar_chart.h"
#include "ui/charts/heatmap_widget.h"
#include "ui/charts/number_format.h"
#include "ui/models/expert_token_model.h"
#include "ui/pages/expert_filter.h"
#include "ui/pages/findings_text.h"
#include "ui/pages/specialization_views.h"
#include "ui/pages/table_view.h"

namespace moescope {

namespace {
constexpr std::size_t kTokensShown = 400;
}

SpecializationPage::SpecializationPage(Workspace& space, QWidget* parent)
    : Page(QStringLiteral("specialization"), space, parent), m_tokens(new ExpertTokenModel(this)) {
    build();
    connect(m_heatmap, &HeatmapWidget::cellSelected, this, [this](int row, int column) {
        Selected next = selected();
        next.expert = ExpertId(column);
        if (byClass()) {
            return selection().set(next);
        }
        next.domain = QString::fromStdString(facts()->run.domains[std::size_t(row)]);
        selection().set(next);
    });
    connect(m_bars, &BarChart::categorySelected, this, [this](int category) {
        if (!byClass()) {
            selection().setDomain(m_bars->data()->categories.value(category));
        }
    });
    connect(m_bars, &BarChart::shownBarsChanged, this, &SpecializationPage::showBarCount);
    connect(m_rows, &QComboBox::currentIndexChanged, this, [this] {
        if (facts()) {
            showLayer();
        }
    });
}

void SpecializationPage::build() {
    m_heatmap = new HeatmapWidget;
    m_bars = new BarChart;
    m_tokenTable = makeTable(*m_tokens, true);
    m_tokenTable->setAccessibleName(tr("Tokens of the expert"));
    m_tokenTable->setColumnHidden(ExpertTokenModel::TokenId, true);
    fitColumns(*m_tokenTable);
    m_heatPanel = addPanel(tr("Domains and experts"), m_heatmap);
    m_rows = new QComboBox;
    m_rows->addItems({tr("Domains"), tr("Kinds of tokens")});
    m_rows->setAccessibleName(tr("What the heatmap's rows are"));
    m_heatPanel->addControl(m_rows);
    m_heatPanel->setCsv([this] { return m_heatmap->data() ? m_heatmap->data()->csv() : QString(); });
    m_barPanel = addPanel(tr("Domains of an expert"), m_bars);
    m_barPanel->setCsv([this] { return m_bars->data() ? m_bars->data()->csv() : QString(); });
    m_tokenPanel = addPanel(tr("Tokens of an expert"), m_tokenTable);
    m_tokenPanel->setCsv([this] { return csvOf(*m_tokenTable->model()); });
    auto* lower = new QSplitter(Qt::Horizontal);
    lower->addWidget(m_barPanel);
    lower->addWidget(m_tokenPanel);
    lower->setHandleWidth(12);
    lower->setChildrenCollapsible(false);
    auto* all = new QSplitter(Qt::Vertical);
    all->addWidget(m_heatPanel);
    all->addWidget(lower);
    all->setHandleWidth(12);
    all->setChildrenCollapsible(false);
    all->setStretchFactor(0, 1);
    all->setStretchFactor(1, 1);
    body().addWidget(all, 1);
}

void SpecializationPage::clear() {
    m_vocabulary.reset();
    m_vocabularyFacts.reset();
    m_classes.reset();
}

QString SpecializationPage::beyondFilter(const RunFilter& filter) const {
    return filter.experts.empty() ? QString() : tr("The finding counts all experts of the layer.");
}

bool SpecializationPage::byClass() const {
    return m_rows->currentIndex() == 1;
}

void SpecializationPage::showFacts() {
    showLayer();
}

void SpecializationPage::showSelection(const Selected& now, const Selected& before) {
    if (now.layer != before.layer) {
        showLayer();
    } else if (now.expert != before.expert || now.domain != before.domain) {
        showExpert();
    }
}

void SpecializationPage::showLayer() {
    const LayerFacts* layer = layerFacts();
    if (!layer) {
        return;
    }
    if (byClass()) {
        return askClasses();
    }
    setFinding(specializationFinding(*facts(), *layer));
    m_heatPanel->setTitle(tr("Layer %1: domains and experts").arg(layer->layer().value));
    m_heatPanel->setFileName(tr("domain lift layer %1").arg(layer->layer().value));
    m_heatPanel->setSubtitle(
        tr("Orange is sought more than on average, blue less; the bracket at the legend is chance"));
    m_heatPanel->setMessage(
        facts()->run.domains.empty()
            ? tr("The texts of this run name no domains. Record a folder whose sub-folders name them.")
            : QString());
    m_heatmap->setData(onlyExperts(liftHeatmap(facts()->run, *layer), facts()->filter));
    showExpert();
}

ExpertId SpecializationPage::shownExpert() const {
    const LayerFacts* layer = layerFacts();
    if (selected().expert && selected().expert->value < layer->summary.experts) {
        return *selected().expert;
    }
    const auto telling = tellingLift(*layer);
    return telling ? telling->expert : ExpertId(layer->balance.busiest);
}

void SpecializationPage::showExpert() {
    const LayerFacts* layer = layerFacts();
    if (!layer) {
        return;
    }
    const ExpertId expert = shownExpert();
    const auto& domains = facts()->run.domains;
    std::optional<int> row;
    for (std::size_t d = 0; selected().domain && d < domains.size(); ++d) {
        if (QString::fromStdString(domains[d]) == *selected().domain) {
            row = int(d);
        }
    }
    m_heatmap->setSelection(byClass() ? std::nullopt : row, expert.value);
    m_tokenPanel->setTitle(tr("Tokens of L%1/E%2").arg(layer->layer().value).arg(expert.value));
    m_tokenPanel->setFileName(tr("tokens of L%1 E%2").arg(layer->layer().value).arg(expert.value));
    if (byClass()) {
        m_bars->setData(m_classes && m_classes->layer == layer->layer() ? classBars(*m_classes, expert) : nullptr);
        m_bars->setSelected(std::nullopt);
        showBarCount();
        m_barPanel->setTitle(tr("Kinds of tokens that seek L%1/E%2").arg(layer->layer().value).arg(expert.value));
        m_barPanel->setFileName(tr("kinds of tokens of L%1 E%2").arg(layer->layer().value).arg(expert.value));
        return askTokens();
    }
    m_bars->setData(liftBars(facts()->run, *layer, expert));
    const auto at = selected().domain ? m_bars->data()->categories.indexOf(*selected().domain) : -1;
    m_bars->setSelected(at < 0 ? std::nullopt : std::optional(int(at)));
    showBarCount();
    m_barPanel->setTitle(tr("Domains that seek L%1/E%2").arg(layer->layer().value).arg(expert.value));
    m_barPanel->setFileName(tr("domains of L%1 E%2").arg(layer->layer().value).arg(expert.value));
    askTokens();
}

// One line always: a subtitle that came and went would change how many bars fit.
void SpecializationPage::showBarCount() {
    if (!facts() || !m_bars->data()) {
        return;
    }
    const auto drawn = qsizetype(m_bars->shownBars());
    const qsizetype all = byClass() ? m_bars->data()->categories.size() : qsizetype(facts()->run.domains.size());
    m_barPanel->setSubtitle(drawn < all ? tr("The first %1 of %2").arg(drawn).arg(all)
                                        : tr("All %1, the most sought first").arg(all));
}

std::shared_ptr<const LayerVocabulary> SpecializationPage::knownVocabulary() const {
    return m_vocabularyFacts == facts() && m_vocabulary && m_vocabulary->layer == layerFacts()->layer() ? m_vocabulary
                                                                                                        : nullptr;
}

void SpecializationPage::askClasses() {
    const LayerId layer = layerFacts()->layer();
    m_heatPanel->setTitle(tr("Layer %1: kinds of tokens and experts").arg(layer.value));
    m_heatPanel->setFileName(tr("kinds of tokens layer %1").arg(layer.value));
    m_heatPanel->setSubtitle(tr("Orange is sought more than on average, blue less"));
    const bool unknown = facts()->run.spec.content == RunContent::CountsOnly || !facts()->run.spec.text;
    m_heatPanel->setMessage(unknown ? tr("This run keeps no text, so the kinds of its tokens are not known.")
                                    : QString());
    if (unknown || !reader()) {
        return;
    }
    reader()->ask(
        QStringLiteral("classes"), this,
        [now = facts(), layer, known = knownVocabulary()](const Recording& recording, std::stop_token stop) {
            const auto vocabulary = known ? known : readVocabulary(recording, now->run, now->filter, layer, stop);
            return std::pair(classAffinity(recording, now->run, *vocabulary), vocabulary);
        },
        [this, now = facts()](const auto& answer) {
            m_classes = std::make_shared<const ClassAffinity>(answer->first);
            m_vocabulary = answer->second;
            m_vocabularyFacts = now;
            showClasses();
        });
}

void SpecializationPage::showClasses() {
    setFinding(classFinding(*m_classes));
    m_heatmap->setData(onlyExperts(classHeatmap(*m_classes), facts()->filter));
    showExpert();
}

void SpecializationPage::askTokens() {
    if (!reader()) {
        return;
    }
    if (facts()->run.spec.content == RunContent::CountsOnly) {
        return m_tokenPanel->setMessage(tr("This run holds counts only, so its tokens are not known."));
    }
    const LayerId layer = layerFacts()->layer();
    reader()->ask(
        QStringLiteral("tokens"), this,
        [now = facts(), layer, known = knownVocabulary(), expert = shownExpert()](const Recording& recording,
                                                                                  std::stop_token stop) {
            const auto vocabulary = known ? known : readVocabulary(recording, now->run, now->filter, layer, stop);
            return expertTokens(recording, now->run, vocabulary, expert, kTokensShown);
        },
        [this, now = facts()](const std::shared_ptr<const ExpertTokens>& tokens) {
            m_vocabulary = tokens->vocabulary;
            m_vocabularyFacts = now;
            m_tokens->setTokens(tokens);
            m_tokenPanel->setSubtitle(
                tr("Most characteristic first; over all tokens it is chosen by %1").arg(percent(tokens->overallShare)));
            m_tokenPanel->setMessage(tokens->tokens.empty() ? tr("No token chose this expert.") : QString());
        });
}

} // namespace moescope
