#include "ui/pages/page.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/charts/theme.h"
#include "ui/charts/wrapped_label.h"
#include "ui/pages/page_factory.h"

namespace moescope {

Page::Page(QString name, Workspace& workspace, QWidget* parent)
    : QWidget(parent), m_name(std::move(name)), m_workspace(workspace) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 18);
    column->setSpacing(12);
    buildHead(*column);
    m_body = new QVBoxLayout;
    m_body->setSpacing(12);
    column->addLayout(m_body, 1);
    setAccessibleName(pageTitle(m_name));
    connect(&workspace, &Workspace::opened, this, &Page::onOpened);
    connect(&workspace, &Workspace::closed, this, [this] {
        m_reader.reset();
        m_stale = true;
        clear();
    });
    connect(&workspace, &Workspace::factsChanged, this, [this] { follow(true, selected(), selected()); });
    connect(&workspace.selection(), &Selection::changed, this,
            [this](const Selected& now, const Selected& before) { follow(false, now, before); });
}

Page::~Page() = default;

void Page::buildHead(QVBoxLayout& column) {
    auto* head = new QVBoxLayout;
    head->setSpacing(3);
    m_finding = new WrappedLabel;
    m_finding->setObjectName(QStringLiteral("finding"));
    m_finding->setFont(findingFont());
    m_finding->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_explanation = new WrappedLabel;
    m_explanation->setObjectName(QStringLiteral("muted"));
    m_explanation->setFont(textFont(9.5));
    head->addWidget(m_finding);
    head->addWidget(m_explanation);
    m_scope = new QLabel;
    m_scope->setObjectName(QStringLiteral("filterNote"));
    m_scope->setFont(textFont(9.5));
    m_scope->setWordWrap(true);
    m_scope->hide();
    head->addWidget(m_scope);
    column.addLayout(head);
    m_controls = new QHBoxLayout;
    m_controls->setSpacing(10);
    column.addLayout(m_controls);
}

Panel* Page::addPanel(const QString& title, QWidget* content) {
    auto* panel = new Panel(title, content, this);
    connect(panel, &Panel::failed, this, &Page::failed);
    return panel;
}

QString Page::finding() const {
    return m_finding->text();
}

void Page::setFinding(const std::pair<QString, QString>& finding) {
    m_finding->setText(finding.first);
    m_explanation->setText(finding.second);
    m_explanation->setVisible(!finding.second.isEmpty());
}

const LayerFacts* Page::layerFacts() const {
    const auto now = facts();
    return now && selected().layer ? now->find(*selected().layer) : nullptr;
}

Reader* Page::reader() {
    if (!m_reader && m_workspace.recording()) {
        m_reader = std::make_unique<Reader>(*m_workspace.recording(), m_workspace.readerMode());
        connect(m_reader.get(), &Reader::failed, this, [this](const QString&, const QString& m) { Q_EMIT failed(m); });
    }
    return m_reader.get();
}

bool Page::isBusy() const {
    return m_stale || (m_reader && !m_reader->isIdle());
}

void Page::onOpened() {
    if (m_reader && !m_workspace.facts()) { // another file
        m_reader.reset();
        clear();
    }
}

void Page::setActive(bool active) {
    m_active = active;
    if (active && m_stale) {
        follow(true, selected(), selected());
    }
}

void Page::follow(bool factsToo, const Selected& now, const Selected& before) {
    if (!m_active) {
        m_stale = true;
        return;
    }
    if (!facts()) {
        return;
    }
    if (factsToo || m_stale) {
        m_stale = false;
        showScope();
        showFacts();
    } else {
        showSelection(now, before);
    }
}

void Page::showScope() {
    const QString words = beyondFilter(facts()->filter);
    m_scope->setText(words);
    m_scope->setVisible(!words.isEmpty());
}

QString Page::fileWords() const {
    const RunInfo* run = m_workspace.run();
    QString words = run ? QString::fromStdString(run->spec.name) : QStringLiteral("moescope");
    words += QLatin1Char(' ') + m_name;
    return selected().layer ? words + QStringLiteral(" layer %1").arg(selected().layer->value) : words;
}

} // namespace moescope
