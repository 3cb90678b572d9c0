#pragma once

#include "ui/data/class_affinity.h"
#include "ui/pages/page.h"

class QComboBox;
class QTableView;

namespace moescope {

class BarChart;
class ExpertTokenModel;
class HeatmapWidget;

// What experts are for: which domains seek them, which kinds of tokens, which tokens they get.
class SpecializationPage : public Page {
    Q_OBJECT
public:
    explicit SpecializationPage(Workspace& workspace, QWidget* parent = nullptr);

protected:
    QString beyondFilter(const RunFilter& filter) const override;
    void showFacts() override;
    void showSelection(const Selected& now, const Selected& before) override;
    void clear() override;

private:
    void build();
    void showLayer();
    void showExpert();
    void showBarCount(); // how many of the domains or kinds are drawn
    void askTokens();
    void askClasses();
    void showClasses();
    bool byClass() const;
    std::shared_ptr<const LayerVocabulary> knownVocabulary() const;
    ExpertId shownExpert() const; // the selected one, else the one with the strongest lift

    HeatmapWidget* m_heatmap = nullptr;
    BarChart* m_bars = nullptr;
    QComboBox* m_rows = nullptr; // domains or kinds of tokens
    ExpertTokenModel* m_tokens = nullptr;
    QTableView* m_tokenTable = nullptr;
    Panel* m_heatPanel = nullptr;
    Panel* m_barPanel = nullptr;
    Panel* m_tokenPanel = nullptr;
    std::shared_ptr<const LayerVocabulary> m_vocabulary; // of the facts it was read for
    std::shared_ptr<const RunFacts> m_vocabularyFacts;
    std::shared_ptr<const ClassAffinity> m_classes;
};

} // namespace moescope
