#pragma once

#include "ui/pages/load_views.h"
#include "ui/pages/page.h"

class QComboBox;

namespace moescope {

class HeatmapWidget;

// How the load falls on the experts: all layers at once, one layer against chance, and along the run.
class LoadPage : public Page {
    Q_OBJECT
public:
    explicit LoadPage(Workspace& workspace, QWidget* parent = nullptr);
    void setMeasure(LoadMeasure measure);

protected:
    QString beyondFilter(const RunFilter& filter) const override;
    void showFacts() override;
    void showSelection(const Selected& now, const Selected& before) override;

private:
    void build();
    void showLayer();
    void showMarks();
    void askSequence();

    HeatmapWidget* m_heatmap = nullptr;
    BarChart* m_bars = nullptr;
    LineChart* m_sequence = nullptr;
    QComboBox* m_measure = nullptr;
    Panel* m_barPanel = nullptr;
    Panel* m_sequencePanel = nullptr;
};

} // namespace moescope
