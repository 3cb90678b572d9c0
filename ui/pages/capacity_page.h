#pragma once

#include <memory>
#include <vector>

#include "ui/data/capacity_curves.h"
#include "ui/data/layer_overflow.h"
#include "ui/pages/page.h"
#include "ui/pages/run_text.h"
#include "ui/pages/token_ink.h"
#include "ui/text/token_text_view.h"

class QTableView;
class QTimer;

namespace moescope {

class BarChart;
class CapacityControls;
class LineChart;
class LostTokenModel;

// What a capacity would cost: how much is dropped, where, and which tokens lose their experts.
class CapacityPage : public Page {
    Q_OBJECT
public:
    explicit CapacityPage(Workspace& workspace, QWidget* parent = nullptr);
    void prepareCapacity(const CapacityOptions& options) override;
    CapacityControls& controlsWidget() { return *m_capacity; }

protected:
    QString beyondFilter(const RunFilter& filter) const override;
    void showFacts() override;
    void showSelection(const Selected& now, const Selected& before) override;
    void clear() override;

private:
    void build();
    bool knowsRoutes();
    void askCurves();
    void askOverflow();
    void askText();
    void onCapacity();
    void showCapacity(); // from what is known, at once
    void showLost();
    void showCurves();

    CapacityControls* m_capacity = nullptr;
    LineChart* m_curve = nullptr;
    BarChart* m_bars = nullptr;
    TokenTextView* m_view = nullptr;
    LostTokenModel* m_lost = nullptr;
    QTableView* m_lostTable = nullptr;
    Panel* m_curvePanel = nullptr;
    Panel* m_barPanel = nullptr;
    Panel* m_lostPanel = nullptr;
    Panel* m_textPanel = nullptr;
    QTimer* m_lostTimer = nullptr;
    QTimer* m_curveTimer = nullptr;
    std::vector<std::shared_ptr<const LayerCurve>> m_curves;
    RunId m_curvesOf; // asked for
    std::shared_ptr<const LayerOverflow> m_overflow;
    std::shared_ptr<const LayerScores> m_scores; // of the whole layer, for policy next
    CapacityOptions m_options;                   // what is shown
    RunText m_runText;
    TokenInk m_ink;
};

} // namespace moescope
