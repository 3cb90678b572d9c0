// Links to what is on view, and going back to where the window was closed.
#include <utility>

#include <QApplication>
#include <QClipboard>
#include <QFileInfo>
#include <QStatusBar>

#include "ui/window/command_palette.h"
#include "ui/window/main_window.h"
#include "ui/window/settings.h"

namespace moescope {

QString MainWindow::openRecording() const {
    return m_workspace.recording()
               ? QFileInfo(QString::fromStdString(m_workspace.recording()->file().string())).absoluteFilePath()
               : QString();
}

Link MainWindow::link() const {
    Link link;
    link.file = openRecording();
    link.run = m_workspace.run() ? QString::fromStdString(m_workspace.run()->spec.name) : QString();
    link.page = currentPage() ? currentPage()->name() : QString();
    link.selected = m_workspace.selected();
    return link;
}

void MainWindow::copyLink() {
    if (!m_workspace.isOpen()) {
        return showError(tr("Open a recording first; then there is something to link to."));
    }
    QApplication::clipboard()->setText(link().text());
    statusBar()->showMessage(tr("Copied a link to this view; `moescope LINK` opens it"), 5000);
}

void MainWindow::pasteLink() {
    const auto link = Link::parse(QApplication::clipboard()->text());
    link ? openLink(*link) : showError(tr("The clipboard holds no moescope:// link."));
}

void MainWindow::openLink(const Link& link) {
    m_wantedPage = link.page;
    m_wantedOthers = link.otherRuns;
    Selected first = link.selected;
    if (openRecording() == QFileInfo(link.file).absoluteFilePath() && m_workspace.facts()) {
        for (const RunInfo& run : m_workspace.runs()) {
            if (link.run.isEmpty() ? run.id == m_workspace.selected().run
                                   : QString::fromStdString(run.spec.name) == link.run) {
                m_workspace.selection().set(fitted(first, run));
                return showPage(std::exchange(m_wantedPage, {}));
            }
        }
    }
    m_workspace.openFile(link.file.toStdString(), link.run.toStdString(), first);
}

void MainWindow::openArguments(const QStringList& arguments, const QStringList& runs) {
    if (arguments.isEmpty()) {
        return;
    }
    const QString& first = arguments.front();
    m_wantedOthers = runs.mid(1);
    if (const auto link = Link::parse(first)) {
        return openLink(*link);
    }
    if (first.startsWith(QLatin1String("moescope://"))) {
        return showError(tr("%1 is no link to a recording: it names no file.").arg(first));
    }
    openFile(first, runs.value(0));
}

bool MainWindow::restoreSession() {
    const auto link = Link::parse(m_settings->value(QStringLiteral("session")).toString());
    if (!link || !QFileInfo::exists(link->file)) {
        return false;
    }
    openLink(*link);
    return true;
}

void MainWindow::showPalette() {
    auto* palette = new CommandPalette(*this);
    palette->show();
}

} // namespace moescope
