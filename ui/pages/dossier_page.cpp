#include "ui/pages/dossier_page.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "app/service/dossier_report.h"
#include "engine/routing/error.h"
#include "ui/charts/picture.h"
#include "ui/charts/theme.h"
#include "ui/pages/dossier_text.h"

namespace moescope {

DossierPage::DossierPage(Workspace& space, QWidget* parent) : Page(QStringLiteral("dossier"), space, parent) {
    build();
    for (QTextBrowser* view : {m_contexts, m_facts}) {
        connect(view, &QTextBrowser::anchorClicked, this, [this](const QUrl& link) {
            const QStringList parts = link.toString().split(QLatin1Char(':'));
            if (parts.value(0) == QLatin1String("token")) {
                selection().setToken(parts.value(1).toLongLong());
                Q_EMIT pageWanted(QStringLiteral("tokens"));
            } else if (parts.size() == 3) {
                selection().setLayerAndExpert(LayerId(parts[1].toInt()), ExpertId(parts[2].toInt()));
            }
        });
    }
    connect(m_copy, &QPushButton::clicked, this, [this] { QApplication::clipboard()->setText(markdown()); });
    connect(m_save, &QPushButton::clicked, this, &DossierPage::saveMarkdown);
}

void DossierPage::build() {
    m_contexts = new QTextBrowser;
    m_facts = new QTextBrowser;
    for (QTextBrowser* view : {m_contexts, m_facts}) {
        view->setOpenLinks(false);
        view->setFrameShape(QFrame::NoFrame);
    }
    m_contexts->setAccessibleName(tr("Tokens in context"));
    m_facts->setAccessibleName(tr("Facts about the expert"));
    m_copy = new QPushButton(tr("Copy as Markdown"));
    m_copy->setToolTip(tr("To hand to a language model, or to notes: as `moescope dossier` writes it"));
    m_save = new QPushButton(tr("Save Markdown…"));
    m_contextPanel = addPanel(tr("In context"), m_contexts);
    m_contextPanel->setSubtitle(tr("Domain, token and weight above each passage; click one to read on in the text"));
    m_contextPanel->addControl(m_copy);
    m_contextPanel->addControl(m_save);
    m_factPanel = addPanel(tr("What it is for"), m_facts);
    for (Panel* panel : {m_contextPanel, m_factPanel}) {
        panel->setCsv([this] { return m_dossier ? dossierCsv(*m_dossier) : QString(); });
    }
    auto* both = new QSplitter(Qt::Horizontal);
    both->addWidget(m_contextPanel);
    both->addWidget(m_factPanel);
    both->setHandleWidth(12);
    both->setChildrenCollapsible(false);
    both->setSizes({760, 480});
    both->setStretchFactor(0, 3);
    both->setStretchFactor(1, 2);
    body().addWidget(both, 1);
}

QString DossierPage::markdown() const {
    return m_dossier ? QString::fromStdString(dossierMarkdown(*m_dossier)) : QString();
}

QString DossierPage::fileWords() const {
    return m_dossier ? QStringLiteral("%1 dossier L%2 E%3")
                           .arg(QString::fromStdString(m_dossier->run.spec.name))
                           .arg(m_dossier->layer.value)
                           .arg(m_dossier->expert.value)
                     : Page::fileWords();
}

void DossierPage::clear() {
    m_dossier.reset();
    m_contexts->clear();
    m_facts->clear();
}

void DossierPage::changeEvent(QEvent* event) {
    Page::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_dossier) {
        showDossier();
    }
}

ExpertId DossierPage::shownExpert() const {
    const LayerFacts* layer = layerFacts();
    return selected().expert && selected().expert->value < layer->summary.experts ? *selected().expert
                                                                                  : ExpertId(layer->balance.busiest);
}

void DossierPage::showFacts() {
    ask();
}

void DossierPage::showSelection(const Selected& now, const Selected& before) {
    if (now.layer != before.layer || now.expert != before.expert) {
        ask();
    }
}

void DossierPage::ask() {
    if (!reader() || !layerFacts()) {
        return;
    }
    if (facts()->run.spec.content == RunContent::CountsOnly) {
        const QString message = tr("This run holds counts only, so the tokens of an expert are not known.");
        setFinding({message, tr("Record the model, or import a trace with its routes.")});
        m_contextPanel->setMessage(message);
        m_factPanel->setMessage(message);
        return;
    }
    DossierRequest request;
    request.run = std::to_string(facts()->run.id.value);
    request.layer = layerFacts()->layer();
    request.expert = shownExpert();
    request.filter = facts()->filter;
    reader()->ask(
        QStringLiteral("dossier"), this,
        [request](const Recording& recording, std::stop_token stop) { return readDossier(recording, request, stop); },
        [this](const std::shared_ptr<const ExpertDossier>& dossier) {
            m_dossier = dossier;
            showDossier();
        });
}

void DossierPage::showDossier() {
    const Theme& theme = themeOf(*this);
    setFinding(dossierFinding(*m_dossier));
    m_contextPanel->setTitle(tr("L%1/E%2 in context").arg(m_dossier->layer.value).arg(m_dossier->expert.value));
    for (Panel* panel : {m_contextPanel, m_factPanel}) {
        panel->setMessage({});
        panel->setFileName(fileWords());
    }
    m_contexts->setHtml(dossierContexts(*m_dossier, theme));
    m_facts->setHtml(dossierFacts(*m_dossier, theme));
}

void DossierPage::saveMarkdown() {
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Save Markdown"), fileNameOf(fileWords(), QStringLiteral("md")), tr("Markdown (*.md)"));
    if (file.isEmpty()) {
        return;
    }
    try {
        saveText(markdown(), file);
    } catch (const Error& error) {
        Q_EMIT failed(QString::fromUtf8(error.what()));
    }
}

} // namespace moescope
