#include "ui/window/filter_bar.h"

#include <QAction>
#include <QLabel>
#include <QLineEdit>

#include "ui/charts/number_format.h"
#include "ui/window/check_list_menu.h"

namespace moescope {

namespace {

constexpr int kMostDocuments = 20000; // a list that can still be looked through

template <class Ids>
QVariantList valuesOf(const Ids& ids) {
    QVariantList values;
    for (const auto& id : ids) {
        if constexpr (requires { id.value; }) {
            values << int(id.value);
        } else {
            values << int(id);
        }
    }
    return values;
}

template <class Id>
std::vector<Id> idsOf(const QVariantList& values) {
    std::vector<Id> ids;
    for (const QVariant& value : values) {
        ids.push_back(Id(value.toInt()));
    }
    return ids;
}

} // namespace

FilterBar::FilterBar(Workspace& workspace, QWidget* parent) : QToolBar(tr("Filter"), parent), m_workspace(workspace) {
    setObjectName(QStringLiteral("filterBar"));
    build();
    setEnabled(false);
    connect(&workspace, &Workspace::factsChanged, this, &FilterBar::fill);
    connect(&workspace, &Workspace::closed, this, [this] { setEnabled(false); });
    connect(&workspace.selection(), &Selection::changed, this, &FilterBar::showFilter);
}

void FilterBar::build() {
    auto* title = new QLabel(tr("Only"));
    title->setObjectName(QStringLiteral("muted"));
    title->setContentsMargins(4, 0, 8, 0);
    addWidget(title);
    m_domains = new CheckListMenu(tr("Which domains every page speaks of"), tr("All domains"), tr("%1 domains"));
    m_documents =
        new CheckListMenu(tr("Which documents every page speaks of"), tr("All documents"), tr("%1 documents"));
    m_layers = new CheckListMenu(tr("Which layers every page speaks of"), tr("All layers"), tr("%1 layers"));
    m_experts = new CheckListMenu(tr("Which experts every page speaks of"), tr("All experts"), tr("%1 experts"));
    m_text = new QLineEdit;
    m_text->setPlaceholderText(tr("Token text, /pattern/ or #id"));
    m_text->setAccessibleName(tr("Text of the tokens that every page speaks of"));
    m_text->setToolTip(tr("Only tokens whose text holds this; /…/ is a regular expression, #N a vocabulary id"));
    m_text->setClearButtonEnabled(true);
    m_text->setMaximumWidth(230);
    for (CheckListMenu* menu : {m_domains, m_documents, m_layers, m_experts}) {
        addWidget(menu);
        connect(menu, &CheckListMenu::tickedChanged, this, &FilterBar::apply);
    }
    addWidget(m_text);
    connect(m_text, &QLineEdit::editingFinished, this, &FilterBar::apply);
    connect(m_text, &QLineEdit::textChanged, this, [this](const QString& text) {
        if (text.isEmpty()) {
            apply(); // the clear button
        }
    });
    m_clear = addAction(tr("Clear"), this, &FilterBar::clearFilter);
    m_clear->setToolTip(tr("Speak of the whole run again (Ctrl+D)"));
    m_scope = new QLabel;
    m_scope->setObjectName(QStringLiteral("scope"));
    m_scope->setContentsMargins(10, 0, 6, 0);
    addWidget(m_scope);
}

void FilterBar::fill() {
    const RunInfo& run = m_workspace.facts()->run;
    QList<CheckListMenu::Entry> domains, documents, layers, experts;
    for (const std::string& domain : run.domains) {
        domains << CheckListMenu::Entry{QString::fromStdString(domain), QString::fromStdString(domain)};
    }
    const int shown = int(std::min<std::size_t>(run.documents.size(), kMostDocuments));
    for (int d = 0; d < shown; ++d) {
        const DocumentInfo& document = run.documents[std::size_t(d)];
        documents << CheckListMenu::Entry{QString::fromStdString(document.name), d};
    }
    int mostExperts = 0;
    for (const MoeLayerInfo& layer : run.spec.layers) {
        layers << CheckListMenu::Entry{tr("Layer %1").arg(layer.layer.value), int(layer.layer.value)};
        mostExperts = std::max(mostExperts, int(layer.moe.experts));
    }
    for (int e = 0; e < mostExperts; ++e) {
        experts << CheckListMenu::Entry{tr("Expert %1").arg(e), e};
    }
    m_domains->setEntries(domains);
    m_documents->setEntries(documents);
    m_layers->setEntries(layers);
    m_experts->setEntries(experts);
    const bool countsOnly = run.spec.content == RunContent::CountsOnly;
    m_documents->setEnabled(!countsOnly && documents.size() > 1);
    m_text->setEnabled(!countsOnly);
    setEnabled(true);
    showFilter();
}

void FilterBar::showFilter() {
    const RunFilter& filter = m_workspace.selected().filter;
    QVariantList domains;
    for (const std::string& domain : filter.domains) {
        domains << QString::fromStdString(domain);
    }
    m_domains->setTicked(domains);
    m_documents->setTicked(valuesOf(filter.documents));
    m_layers->setTicked(valuesOf(filter.layers));
    m_experts->setTicked(valuesOf(filter.experts));
    const QSignalBlocker quiet(m_text);
    m_text->setText(QString::fromStdString(filter.tokenText));
    m_clear->setEnabled(filter != RunFilter());
    showScope();
}

void FilterBar::apply() {
    RunFilter filter = m_workspace.selected().filter;
    filter.domains.clear();
    for (const QVariant& domain : m_domains->ticked()) {
        filter.domains.push_back(domain.toString().toStdString());
    }
    filter.documents = idsOf<std::int32_t>(m_documents->ticked());
    filter.layers = idsOf<LayerId>(m_layers->ticked());
    filter.experts = idsOf<ExpertId>(m_experts->ticked());
    filter.tokenText = m_text->text().toStdString();
    m_workspace.selection().setFilter(filter);
}

void FilterBar::clearFilter() {
    m_workspace.selection().setFilter({});
}

void FilterBar::focusText() {
    m_text->setFocus();
    m_text->selectAll();
}

void FilterBar::showScope() {
    const auto facts = m_workspace.facts();
    if (!facts) {
        return m_scope->clear();
    }
    const bool part = !facts->filter.everyToken();
    QString words = part ? tr("%1 of %2 tokens").arg(count(facts->tokens()), count(facts->run.tokens))
                         : tr("all %1 tokens").arg(count(facts->run.tokens));
    if (!facts->filter.layers.empty()) {
        words += tr(" · %1 of %2 layers").arg(facts->layers.size()).arg(facts->run.spec.layers.size());
    }
    if (!facts->filter.experts.empty()) {
        words += tr(" · %1 experts").arg(facts->filter.experts.size());
    }
    m_scope->setText(words);
    m_scope->setToolTip(tr("What every page and export speaks of"));
}

QString FilterBar::scope() const {
    return m_scope->text();
}

} // namespace moescope
