#pragma once

#include <QToolBar>

#include "ui/state/workspace.h"

class QComboBox;
class QLabel;
class QToolButton;

namespace moescope {

// The shared selection and filter, always in sight: back and forward, run, layer, expert, domains, and the scope.
class SelectionBar : public QToolBar {
    Q_OBJECT
public:
    explicit SelectionBar(Workspace& workspace, QWidget* parent = nullptr);
    QAction* backAction() const { return m_back; }
    QAction* forwardAction() const { return m_forward; }
    // Another layer or expert, by so many.
    void stepLayer(int by);
    void stepExpert(int by);
    void clearFilter();

private:
    void build();
    void fillRuns();
    void fillLayers();
    void fillExperts();
    void fillDomains();
    void showSelection();
    void showScope();
    void toggleDomain(const QString& domain, bool on);

    Workspace& m_workspace;
    QAction* m_back = nullptr;
    QAction* m_forward = nullptr;
    QComboBox* m_run = nullptr;
    QComboBox* m_layer = nullptr;
    QComboBox* m_expert = nullptr;
    QToolButton* m_domains = nullptr;
    QLabel* m_scope = nullptr;
};

} // namespace moescope
