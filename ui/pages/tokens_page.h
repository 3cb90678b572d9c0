#pragma once

#include "ui/pages/page.h"
#include "ui/pages/run_text.h"
#include "ui/pages/token_ink.h"

class QComboBox;
class QLineEdit;
class QSplitter;
class QTimer;

namespace moescope {

class InkLegend;
class RouteStrip;
class TokenDetail;

// The text itself, every token coloured by what the router did with it.
class TokensPage : public Page {
    Q_OBJECT
public:
    explicit TokensPage(Workspace& workspace, QWidget* parent = nullptr);

    void setMode(InkMode mode);
    void prepareCapacity(const CapacityOptions& options) override { m_ink.capacity = options; }
    TokenTextView& text() { return *m_view; }
    void focusSearch();

protected:
    QString beyondFilter(const RunFilter& filter) const override;
    void showFacts() override;
    void showSelection(const Selected& now, const Selected& before) override;
    void clear() override;

private:
    void build();
    void buildControls();
    void askText();
    void askLayer();
    void askOverflow();
    void askToken();
    void askSameRoute();
    void showInk();
    void showToken();
    TokenIndex shownToken() const; // the selected one, else one near the start
    void showFinding();
    void find(const QString& query, int direction);
    QString toolTipOf(TokenIndex token) const;

    TokenInk m_ink;
    RunText m_runText;
    std::shared_ptr<LayerRouting> m_routing;
    bool m_haveMargins = false;
    TokenTextView* m_view = nullptr;
    InkLegend* m_legend = nullptr;
    RouteStrip* m_strip = nullptr;
    TokenDetail* m_detail = nullptr;
    QSplitter* m_split = nullptr;
    QComboBox* m_mode = nullptr;
    QLineEdit* m_search = nullptr;
    QTimer* m_rest = nullptr; // since the selection moved
    Panel* m_textPanel = nullptr;
    Panel* m_stripPanel = nullptr;
};

// Whether a document is code or figures, which a fixed font serves better.
bool readsAsCode(const DocumentInfo& document);

} // namespace moescope
