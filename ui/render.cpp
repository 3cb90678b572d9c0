#include "ui/render.h"

#include <algorithm>
#include <memory>

#include <QApplication>

#include "engine/routing/error.h"
#include "engine/routing/layer_list.h"
#include "ui/charts/picture.h"
#include "ui/charts/theme.h"
#include "ui/pages/page_factory.h"

namespace moescope {

namespace {

// Qt, started without a display unless it runs already.
class OffscreenQt {
public:
    OffscreenQt() {
        if (QCoreApplication::instance() == nullptr) {
            qputenv("QT_QPA_PLATFORM", "offscreen");
            m_application = std::make_unique<QApplication>(m_count, m_arguments);
            QApplication::setStyle(QStringLiteral("Fusion"));
        }
    }
    // The style sheet's children take their palette from the application, not from their parents.
    void wear(const Theme& theme) const {
        if (m_application) {
            QApplication::setPalette(paletteOf(theme));
            QApplication::setFont(textFont());
        }
    }

private:
    int m_count = 1;
    char m_name[9] = "moescope";
    char* m_arguments[2] = {m_name, nullptr};
    std::unique_ptr<QApplication> m_application;
};

[[noreturn]] void refuse(const std::string& what) {
    throw Error(ErrorCode::InvalidArgument, what);
}

Selected selectionOf(const RenderRequest& request, const Workspace& workspace) {
    Selected selected = workspace.selected();
    const auto facts = workspace.facts();
    if (request.layer) {
        if (!facts->find(*request.layer)) {
            refuse("the run has no MoE layer " + std::to_string(request.layer->value) + "; its MoE layers are " +
                   layerList(facts->run.spec.layers));
        }
        selected.layer = request.layer;
    }
    const LayerFacts* layer = selected.layer ? facts->find(*selected.layer) : nullptr;
    if (request.expert && (!layer || request.expert->value < 0 || request.expert->value >= layer->summary.experts)) {
        refuse("layer " + std::to_string(selected.layer.value_or(LayerId()).value) + " has no expert " +
               std::to_string(request.expert->value));
    }
    if (request.token && (*request.token < 0 || *request.token >= facts->run.tokens)) {
        refuse("the run has no token " + std::to_string(*request.token) + "; it holds " +
               std::to_string(facts->run.tokens));
    }
    const auto& domains = facts->run.domains;
    if (!request.domain.empty() && std::find(domains.begin(), domains.end(), request.domain) == domains.end()) {
        refuse("the run has no domain " + request.domain);
    }
    selected.expert = request.expert;
    selected.token = request.token;
    if (!request.domain.empty()) {
        selected.domain = QString::fromStdString(request.domain);
    }
    return selected;
}

std::string sizeText(int width, int height) {
    return std::to_string(width) + "x" + std::to_string(height);
}

// A page that needs more room has taken it.
void checkSize(const Page& page, const RenderRequest& request) {
    if (page.width() > request.width || page.height() > request.height) {
        throw TooSmall("page " + request.view + " does not fit in " + sizeText(request.width, request.height) +
                       "; it goes from " + sizeText(page.width(), page.height()) + " to " +
                       sizeText(kMostPixels, kMostPixels));
    }
}

// "A,B,C" apart; one empty name where nothing is asked for.
std::vector<std::string> runNames(const std::string& list) {
    std::vector<std::string> names;
    for (const QString& name : QString::fromStdString(list).split(QLatin1Char(','))) {
        names.push_back(name.trimmed().toStdString());
    }
    return names;
}

std::vector<RunId> othersOf(const Recording& recording, const std::vector<std::string>& runs) {
    std::vector<RunId> others;
    for (std::size_t i = 1; i < runs.size(); ++i) {
        others.push_back(recording.run(runs[i]).id);
    }
    return others;
}

} // namespace

std::vector<std::string> renderViews() {
    std::vector<std::string> names;
    for (const QString& name : pageNames()) {
        names.push_back(name.toStdString());
    }
    return names;
}

void renderPage(const RenderRequest& request) {
    const OffscreenQt qt;
    const Theme& theme = request.dark ? darkTheme() : lightTheme();
    qt.wear(theme);
    Workspace workspace(Reader::Mode::AtOnce);
    const std::unique_ptr<Page> page(makePage(QString::fromStdString(request.view), workspace));
    if (!page) {
        refuse("there is no view " + request.view + "; the views are " +
               pageNames().join(QStringLiteral(", ")).toStdString());
    }
    page->setFont(textFont());
    page->setPalette(paletteOf(theme));
    page->setStyleSheet(styleSheetOf(theme));
    page->setAutoFillBackground(true);
    QString failure;
    QObject::connect(page.get(), &Page::failed, page.get(), [&failure](const QString& message) { failure = message; });
    QObject::connect(&workspace, &Workspace::failed, page.get(),
                     [&failure](const QString& message) { failure = message; });
    const std::vector<std::string> runs = runNames(request.run);
    workspace.openFile(request.db, runs.front());
    if (workspace.facts()) {
        workspace.selection().set(selectionOf(request, workspace));
    }
    page->setAttribute(Qt::WA_DontShowOnScreen);
    page->resize(request.width, request.height);
    page->show();
    page->prepareCapacity(request.capacity);
    if (runs.size() > 1 && workspace.recording()) {
        page->prepareRuns(othersOf(*workspace.recording(), runs));
    }
    QApplication::processEvents(); // tables have their size before they scroll to what is selected
    page->setActive(true);
    for (int i = 0; i < 8; ++i) { // columns are measured, then tables laid out, then scroll bars
        QApplication::processEvents();
    }
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // axes of charts drawn before
    if (!failure.isEmpty()) {
        throw Error(ErrorCode::Io, failure.toStdString());
    }
    checkSize(*page, request);
    savePicture(*page, QString::fromStdString(request.output.string()), request.scale);
}

} // namespace moescope
