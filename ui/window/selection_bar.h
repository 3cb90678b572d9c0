#pragma once

#include <QToolBar>

#include "ui/state/workspace.h"

class QComboBox;

namespace moescope {

// The shared selection, always in sight: back and forward, run, layer, expert.
class SelectionBar : public QToolBar {
    Q_OBJECT
public:
    explicit SelectionBar(Workspace& workspace, QWidget* parent = nullptr);
    QAction* backAction() const { return m_back; }
    QAction* forwardAction() const { return m_forward; }
    // Another layer or expert, by so many.
    void stepLayer(int by);
    void stepExpert(int by);

private:
    void build();
    void fillRuns();
    void fillLayers();
    void fillExperts();
    void showSelection();

    Workspace& m_workspace;
    QAction* m_back = nullptr;
    QAction* m_forward = nullptr;
    QComboBox* m_run = nullptr;
    QComboBox* m_layer = nullptr;
    QComboBox* m_expert = nullptr;
};

} // namespace moescope
