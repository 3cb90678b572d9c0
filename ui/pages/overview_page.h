#pragma once

#include "ui/data/capacity_curves.h"
#include "ui/pages/page.h"

class QTableView;

namespace moescope {

class LayerTableModel;
class FactTableModel;

// Every layer on a line: is the router balanced, and where is it not?
class OverviewPage : public Page {
    Q_OBJECT
public:
    explicit OverviewPage(Workspace& workspace, QWidget* parent = nullptr);

protected:
    QString beyondFilter(const RunFilter& filter) const override;
    void showFacts() override;
    void showSelection(const Selected& now, const Selected& before) override;

private:
    void buildLayers();
    void buildRun();
    void askOverflow();
    void showFinding();

    LayerTableModel* m_layers;
    FactTableModel* m_run;
    FactTableModel* m_domains;
    QTableView* m_layerTable = nullptr;
    std::vector<std::shared_ptr<const LayerCurve>> m_overflow;
    TokenIndex m_overflowTokens = 0; // that its figures are of
};

} // namespace moescope
