#include "ui/window/selection_bar.h"

#include <QAction>
#include <QComboBox>
#include <QSignalBlocker>

namespace moescope {

SelectionBar::SelectionBar(Workspace& workspace, QWidget* parent)
    : QToolBar(tr("Selection"), parent), m_workspace(workspace) {
    setObjectName(QStringLiteral("selectionBar"));
    build();
    setEnabled(false);
    connect(&workspace, &Workspace::opened, this, &SelectionBar::fillRuns);
    connect(&workspace, &Workspace::closed, this, &SelectionBar::fillRuns);
    connect(&workspace, &Workspace::factsChanged, this, [this] {
        fillRuns();
        fillLayers();
        showSelection();
    });
    connect(&workspace.selection(), &Selection::changed, this, &SelectionBar::showSelection);
    connect(&workspace.selection(), &Selection::historyChanged, this, &SelectionBar::showSelection);
    showSelection();
}

void SelectionBar::build() {
    m_back = addAction(QStringLiteral("←"), &m_workspace.selection(), &Selection::back);
    m_back->setToolTip(tr("Back (Alt+Left)"));
    m_forward = addAction(QStringLiteral("→"), &m_workspace.selection(), &Selection::forward);
    m_forward->setToolTip(tr("Forward (Alt+Right)"));
    const auto add = [this](const QString& name, int width) {
        auto* box = new QComboBox;
        box->setAccessibleName(name);
        box->setToolTip(name);
        box->setMinimumWidth(width);
        addWidget(box);
        return box;
    };
    addSeparator();
    m_run = add(tr("Run"), 170);
    m_layer = add(tr("Layer"), 96);
    m_expert = add(tr("Expert"), 110);
    connect(m_run, &QComboBox::activated, this,
            [this](int index) { m_workspace.selectRun(RunId(m_run->itemData(index).toLongLong())); });
    connect(m_layer, &QComboBox::activated, this,
            [this](int index) { m_workspace.selection().setLayer(LayerId(m_layer->itemData(index).toInt())); });
    connect(m_expert, &QComboBox::activated, this, [this](int index) {
        m_workspace.selection().setExpert(index == 0 ? std::nullopt : std::optional(ExpertId(index - 1)));
    });
}

void SelectionBar::fillRuns() {
    const QSignalBlocker quiet(m_run);
    m_run->clear();
    for (const RunInfo& run : m_workspace.runs()) {
        m_run->addItem(QString::fromStdString(run.spec.name), qlonglong(run.id.value));
    }
    setEnabled(m_workspace.isOpen() || m_workspace.facts());
    showSelection();
}

void SelectionBar::fillLayers() {
    const QSignalBlocker quiet(m_layer);
    m_layer->clear();
    for (const LayerFacts& layer : m_workspace.facts()->layers) {
        m_layer->addItem(tr("Layer %1").arg(layer.layer().value), layer.layer().value);
    }
}

void SelectionBar::fillExperts() {
    const auto facts = m_workspace.facts();
    const auto layer = m_workspace.selected().layer;
    const LayerFacts* now = facts && layer ? facts->find(*layer) : nullptr;
    const int experts = now ? now->summary.experts : 0;
    const QSignalBlocker quiet(m_expert);
    if (m_expert->count() != experts + 1) {
        m_expert->clear();
        m_expert->addItem(tr("All experts"));
        for (int e = 0; e < experts; ++e) {
            m_expert->addItem(tr("Expert %1").arg(e));
        }
    }
    const auto expert = m_workspace.selected().expert;
    m_expert->setCurrentIndex(expert ? expert->value + 1 : 0);
}

void SelectionBar::showSelection() {
    Selection& selection = m_workspace.selection();
    m_back->setEnabled(selection.canGoBack());
    m_forward->setEnabled(selection.canGoForward());
    const Selected& now = selection.value();
    const QSignalBlocker quietRun(m_run), quietLayer(m_layer);
    m_run->setCurrentIndex(m_run->findData(qlonglong(now.run.value)));
    m_layer->setCurrentIndex(now.layer ? m_layer->findData(now.layer->value) : -1);
    fillExperts();
}

void SelectionBar::stepLayer(int by) {
    const int next = m_layer->currentIndex() + by;
    if (next >= 0 && next < m_layer->count()) {
        m_workspace.selection().setLayer(LayerId(m_layer->itemData(next).toInt()));
    }
}

void SelectionBar::stepExpert(int by) {
    const int next = m_expert->currentIndex() + by;
    if (next >= 0 && next < m_expert->count()) {
        m_workspace.selection().setExpert(next == 0 ? std::nullopt : std::optional(ExpertId(next - 1)));
    }
}

} // namespace moescope
