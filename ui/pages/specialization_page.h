#pragma once

#include "ui/data/expert_tokens.h"
#include "ui/pages/page.h"

class QTableView;

namespace moescope {

class BarChart;
class ExpertTokenModel;
class HeatmapWidget;

// What experts are for: which domains seek them, which tokens they get.
class SpecializationPage : public Page {
    Q_OBJECT
public:
    explicit SpecializationPage(Workspace& workspace, QWidget* parent = nullptr);

protected:
    void showFacts() override;
    void showSelection(const Selected& now, const Selected& before) override;
    void clear() override;

private:
    void build();
    void showLayer();
    void showExpert();
    void askTokens();
    ExpertId shownExpert() const; // the selected one, else the one with the strongest lift

    HeatmapWidget* m_heatmap = nullptr;
    BarChart* m_bars = nullptr;
    ExpertTokenModel* m_tokens = nullptr;
    QTableView* m_tokenTable = nullptr;
    Panel* m_heatPanel = nullptr;
    Panel* m_barPanel = nullptr;
    Panel* m_tokenPanel = nullptr;
    std::shared_ptr<const LayerVocabulary> m_vocabulary; // of the facts it was read for
    std::shared_ptr<const RunFacts> m_vocabularyFacts;
};

} // namespace moescope
