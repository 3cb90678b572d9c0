#pragma once

#include <memory>

#include <QWidget>

#include "engine/routing/capacity.h"
#include "ui/charts/panel.h"
#include "ui/state/workspace.h"

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace moescope {

// A page: what it found in words on top, controls beside them, views below. Drawn from the workspace's facts and
// selection, and from questions of its own to its reader.
class Page : public QWidget {
    Q_OBJECT
public:
    // name: what the command line calls it.
    Page(QString name, Workspace& workspace, QWidget* parent = nullptr);
    ~Page() override;

    const QString& name() const { return m_name; }
    QString finding() const;
    // Questions under way, or what is shown is out of date.
    bool isBusy() const;
    // Pages draw themselves only while they are looked at.
    void setActive(bool active);
    bool isActive() const { return m_active; }
    // "run-name load layer-5": names files.
    virtual QString fileWords() const;
    // The capacity to show first, where the page has one.
    virtual void prepareCapacity(const CapacityOptions&) {}
    // The runs to show beside the selected one, where the page shows several.
    virtual void prepareRuns(const std::vector<RunId>& /*others*/) {}
    QList<Panel*> panels() const { return findChildren<Panel*>(); }

Q_SIGNALS:
    void failed(const QString& message);
    void pageWanted(const QString& name); // "show this on that page"

protected:
    // The facts changed while the page is active, or it became active.
    virtual void showFacts() = 0;
    virtual void showSelection(const Selected& now, const Selected& before) = 0;
    virtual void clear() {}
    // What of a filter the page cannot obey, in words; empty: it obeys all of it.
    virtual QString beyondFilter(const RunFilter&) const { return {}; }

    void setFinding(const std::pair<QString, QString>& finding);
    QHBoxLayout& controls() { return *m_controls; }
    QVBoxLayout& body() { return *m_body; }
    Panel* addPanel(const QString& title, QWidget* content);

    Workspace& workspace() const { return m_workspace; }
    Selection& selection() const { return m_workspace.selection(); }
    const Selected& selected() const { return m_workspace.selected(); }
    std::shared_ptr<const RunFacts> facts() const { return m_workspace.facts(); }
    const LayerFacts* layerFacts() const; // of the selected layer
    Reader* reader();                     // null while nothing is open

private:
    void buildHead(QVBoxLayout& column);
    void onOpened();
    void showScope();
    void follow(bool factsToo, const Selected& now, const Selected& before);

    QString m_name;
    Workspace& m_workspace;
    std::unique_ptr<Reader> m_reader;
    QLabel* m_finding = nullptr;
    QLabel* m_explanation = nullptr;
    QLabel* m_scope = nullptr; // what the filter does not reach
    QHBoxLayout* m_controls = nullptr;
    QVBoxLayout* m_body = nullptr;
    bool m_active = false;
    bool m_stale = true; // facts or selection changed while inactive
};

} // namespace moescope
