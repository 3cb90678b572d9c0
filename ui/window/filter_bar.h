#pragma once

#include <QToolBar>

#include "ui/state/workspace.h"

class QAction;
class QLabel;
class QLineEdit;

namespace moescope {

class CheckListMenu;

// The part of the run that every page and export speaks of, always in sight: domains, documents, token text, layers,
// experts; and how many tokens that are.
class FilterBar : public QToolBar {
    Q_OBJECT
public:
    explicit FilterBar(Workspace& workspace, QWidget* parent = nullptr);
    void clearFilter();
    void focusText();
    QLineEdit& textField() { return *m_text; }
    QString scope() const;

private:
    void build();
    void fill();
    void showFilter();
    void showScope();
    void apply();

    Workspace& m_workspace;
    CheckListMenu* m_domains = nullptr;
    CheckListMenu* m_documents = nullptr;
    CheckListMenu* m_layers = nullptr;
    CheckListMenu* m_experts = nullptr;
    QLineEdit* m_text = nullptr;
    QAction* m_clear = nullptr;
    QLabel* m_scope = nullptr;
};

} // namespace moescope
