#pragma once

#include "ui/data/route_flow.h"
#include "ui/data/token_route.h"
#include "ui/pages/page.h"

class QComboBox;
class QSpinBox;

namespace moescope {

class HeatmapWidget;
class SankeyWidget;

// Which experts act together, where tokens go from layer to layer, and the way of one token.
class FlowPage : public Page {
    Q_OBJECT
public:
    explicit FlowPage(Workspace& workspace, QWidget* parent = nullptr);

protected:
    QString beyondFilter(const RunFilter& filter) const override;
    void showFacts() override;
    void showSelection(const Selected& now, const Selected& before) override;
    void clear() override;

private:
    void build();
    void buildControls();
    void fillLayers();
    void askPartners();
    void askFlow();
    void askRoute();
    void showFlow();
    void showWords();
    void showMarks();
    std::vector<LayerId> chosenLayers() const;

    HeatmapWidget* m_partnersMap = nullptr;
    SankeyWidget* m_sankey = nullptr;
    QComboBox* m_first = nullptr;
    QComboBox* m_last = nullptr;
    QSpinBox* m_token = nullptr;
    Panel* m_partnerPanel = nullptr;
    Panel* m_flowPanel = nullptr;
    std::shared_ptr<const LayerPartners> m_partners;
    std::shared_ptr<const RouteFlow> m_flow;
    std::shared_ptr<const TokenRoute> m_route;
};

} // namespace moescope
