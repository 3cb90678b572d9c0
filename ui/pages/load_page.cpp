#include "ui/pages/load_page.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSplitter>
#include <QVBoxLayout>

#include "ui/charts/heatmap_widget.h"
#include "ui/charts/number_format.h"
#include "ui/pages/expert_filter.h"
#include "ui/pages/findings_text.h"

namespace moescope {

LoadPage::LoadPage(Workspace& space, QWidget* parent) : Page(QStringLiteral("load"), space, parent) {
    build();
    connect(m_heatmap, &HeatmapWidget::cellSelected, this, [this](int row, int column) {
        selection().setLayerAndExpert(facts()->layers[std::size_t(row)].layer(), ExpertId(column));
    });
    connect(m_bars, &BarChart::categorySelected, this, [this](int e) { selection().setExpert(ExpertId(e)); });
    connect(m_measure, &QComboBox::currentIndexChanged, this, [this] {
        if (facts()) {
            m_heatmap->setData(loadHeatmap(*facts(), LoadMeasure(m_measure->currentIndex())));
        }
    });
}

void LoadPage::build() {
    m_heatmap = new HeatmapWidget;
    m_bars = new BarChart;
    m_sequence = new LineChart;
    m_measure = new QComboBox;
    m_measure->addItems({tr("Load ratio"), tr("Share"), tr("First choices"), tr("Mean probability")});
    m_measure->setAccessibleName(tr("What the heatmap shows"));
    auto* heat = addPanel(tr("Every layer"), m_heatmap);
    heat->addControl(m_measure);
    heat->setSubtitle(
        tr("Orange is more than a fair share, blue less; the bracket at the legend is what chance alone shows"));
    heat->setFileName(tr("load heatmap"));
    heat->setCsv([this] { return m_heatmap->data() ? m_heatmap->data()->csv() : QString(); });
    m_barPanel = addPanel(tr("One layer"), m_bars);
    m_barPanel->setCsv([this] { return m_bars->data() ? m_bars->data()->csv() : QString(); });
    m_sequencePanel = addPanel(tr("Along the run"), m_sequence);
    m_sequencePanel->setCsv([this] { return m_sequence->data() ? m_sequence->data()->csv() : QString(); });
    auto* lower = new QSplitter(Qt::Horizontal);
    lower->addWidget(m_barPanel);
    lower->addWidget(m_sequencePanel);
    lower->setHandleWidth(12);
    lower->setChildrenCollapsible(false);
    auto* all = new QSplitter(Qt::Vertical);
    all->addWidget(heat);
    all->addWidget(lower);
    all->setHandleWidth(12);
    all->setChildrenCollapsible(false);
    all->setStretchFactor(0, 5);
    all->setStretchFactor(1, 4);
    body().addWidget(all, 1);
}

QString LoadPage::beyondFilter(const RunFilter& filter) const {
    return filter.experts.empty() ? QString()
                                  : tr("The finding, and the line along the run, count all experts of the layer.");
}

void LoadPage::setMeasure(LoadMeasure measure) {
    m_measure->setCurrentIndex(int(measure));
}

void LoadPage::showFacts() {
    m_heatmap->setData(loadHeatmap(*facts(), LoadMeasure(m_measure->currentIndex())));
    showLayer();
    showMarks();
}

void LoadPage::showSelection(const Selected& now, const Selected& before) {
    if (now.layer != before.layer) {
        showLayer();
    }
    showMarks();
}

void LoadPage::showLayer() {
    const LayerFacts* layer = layerFacts();
    if (!layer) {
        return;
    }
    setFinding(loadFinding(*layer));
    m_barPanel->setTitle(tr("Layer %1").arg(layer->layer().value));
    m_barPanel->setFileName(tr("load of layer %1").arg(layer->layer().value));
    m_bars->setData(onlyExperts(loadBars(*layer), facts()->filter));
    m_sequencePanel->setTitle(tr("Layer %1 along the run").arg(layer->layer().value));
    m_sequencePanel->setFileName(tr("balance along the run layer %1").arg(layer->layer().value));
    askSequence();
}

void LoadPage::showMarks() {
    const Selected& now = selected();
    const int row = now.layer ? facts()->indexOf(*now.layer) : -1;
    m_heatmap->setSelection(row < 0 ? std::nullopt : std::optional(row),
                            now.expert ? std::optional(int(now.expert->value)) : std::nullopt);
    m_bars->setSelected(now.expert ? std::optional(int(now.expert->value)) : std::nullopt);
}

void LoadPage::askSequence() {
    if (!reader()) {
        return;
    }
    if (facts()->run.spec.content == RunContent::CountsOnly) {
        return m_sequencePanel->setMessage(tr("This run holds counts only, so nothing is known along its tokens."));
    }
    reader()->ask(
        QStringLiteral("sequence"), this,
        [run = facts()->run, filter = facts()->filter, layer = *selected().layer](const Recording& recording,
                                                                                  std::stop_token stop) {
            return readSequenceBalance(recording, run, filter, layer, 80, stop);
        },
        [this](const std::shared_ptr<const SequenceBalance>& balance) {
            m_sequencePanel->setMessage(
                balance->points.empty() ? tr("Too few tokens to follow the balance along the run.") : QString());
            m_sequence->setData(balanceLine(*balance, facts()->run));
        });
}

} // namespace moescope
