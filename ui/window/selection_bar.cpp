#include "ui/window/selection_bar.h"

#include <algorithm>

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QToolButton>

#include "ui/charts/number_format.h"

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
        fillDomains();
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
    m_domains = new QToolButton;
    m_domains->setPopupMode(QToolButton::InstantPopup);
    m_domains->setToolTip(tr("Which domains every page speaks of"));
    m_domains->setAccessibleName(tr("Domain filter"));
    m_domains->setMenu(new QMenu(m_domains));
    addWidget(m_domains);
    m_scope = new QLabel;
    m_scope->setObjectName(QStringLiteral("muted"));
    m_scope->setContentsMargins(10, 0, 0, 0);
    addWidget(m_scope);
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

void SelectionBar::fillDomains() {
    QMenu* menu = m_domains->menu();
    menu->clear();
    menu->addAction(tr("All domains"), this, &SelectionBar::clearFilter);
    menu->addSeparator();
    const auto& chosen = m_workspace.selected().filter.domains;
    for (const std::string& domain : m_workspace.facts()->run.domains) {
        QAction* action = menu->addAction(QString::fromStdString(domain));
        action->setCheckable(true);
        action->setChecked(std::find(chosen.begin(), chosen.end(), domain) != chosen.end());
        connect(action, &QAction::toggled, this,
                [this, domain](bool on) { toggleDomain(QString::fromStdString(domain), on); });
    }
    m_domains->setEnabled(m_workspace.facts()->run.domains.size() > 1);
}

void SelectionBar::toggleDomain(const QString& domain, bool on) {
    RunFilter filter = m_workspace.selected().filter;
    std::erase(filter.domains, domain.toStdString());
    if (on) {
        filter.domains.push_back(domain.toStdString());
    }
    m_workspace.selection().setFilter(filter);
}

void SelectionBar::clearFilter() {
    m_workspace.selection().setFilter({});
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
    showScope();
}

void SelectionBar::showScope() {
    const auto& domains = m_workspace.selected().filter.domains;
    m_domains->setText(domains.empty()       ? tr("All domains")
                       : domains.size() == 1 ? QString::fromStdString(domains.front())
                                             : tr("%1 domains").arg(domains.size()));
    const auto facts = m_workspace.facts();
    const bool part = facts && !facts->filter.everyToken();
    m_scope->setText(
        part ? tr("Every page speaks of %1 of %2 tokens").arg(count(facts->tokens()), count(facts->run.tokens))
             : QString());
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
