#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>

#include <QAbstractScrollArea>
#include <QCache>

#include "ui/text/paragraph_heights.h"
#include "ui/text/paragraph_layout.h"

namespace moescope {

// How a token is drawn.
struct TokenStyle {
    QColor ground;       // invalid: none
    QColor underline;    // invalid: none
    bool struck = false; // crossed out: lost
};

// A run's text with every token on a ground of its own. Only what is on view is laid out, so that a million tokens
// scroll as a hundred do. Click selects a token; arrows walk; tooltips tell.
class TokenTextView : public QAbstractScrollArea {
    Q_OBJECT
public:
    using Style = std::function<TokenStyle(TokenIndex)>;
    using ToolTip = std::function<QString(TokenIndex)>;
    using UseCodeFont = std::function<bool(const DocumentInfo&)>;

    explicit TokenTextView(QWidget* parent = nullptr);

    // The text is shared with whoever appends to it; call textGrew() afterwards.
    void setText(std::shared_ptr<const TokenText> text);
    void textGrew();
    void setStyle(Style style); // call again, or restyle(), when what it returns changes
    void restyle() { viewport()->update(); }
    void setToolTipSource(ToolTip toolTip) { m_toolTip = std::move(toolTip); }
    void setUseCodeFont(UseCodeFont useCodeFont);
    void setPointSize(double points);
    double pointSize() const { return m_points; }
    void setPlaceholder(const QString& words);

    std::optional<TokenIndex> current() const { return m_current; }
    void setCurrent(std::optional<TokenIndex> token, bool scroll = true);
    std::optional<TokenIndex> tokenAt(QPoint viewportPoint);
    std::optional<QRectF> boxOf(TokenIndex token); // in viewport coordinates
    std::pair<TokenIndex, TokenIndex> visibleTokens();

    QSize sizeHint() const override { return {640, 420}; }

Q_SIGNALS:
    void tokenActivated(moescope::TokenIndex token); // chosen by click or key
    void tokenHovered(moescope::TokenIndex token);
    void nextWanted(int direction); // N and Shift+N

protected:
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    struct Placed {
        std::size_t paragraph;
        double top; // in viewport coordinates
    };

    const ParagraphLayout& layoutOf(std::size_t paragraph);
    QFont fontOf(const Paragraph& paragraph) const;
    double estimate(const Paragraph& paragraph) const;
    double textWidth() const;
    double leftEdge() const;
    double heightOf(std::size_t paragraph); // exact
    void forgetLayouts();
    void updateScrollBar();
    std::vector<Placed> placed(); // paragraphs on view, laid out
    void paintHeading(QPainter& painter, const Paragraph& paragraph, double top, double height);
    void paintGrounds(QPainter& painter, const ParagraphLayout& layout, QPointF at);
    void paintMarks(QPainter& painter, const ParagraphLayout& layout, QPointF at);
    void scrollTo(TokenIndex token);
    void walk(TokenIndex to);
    void walkLine(int direction);
    int scrollRange() const;

    std::shared_ptr<const TokenText> m_text;
    Style m_style;
    ToolTip m_toolTip;
    UseCodeFont m_useCodeFont;
    QString m_placeholder;
    double m_points = 11.5;
    ParagraphHeights m_heights;
    QCache<std::size_t, ParagraphLayout> m_layouts;
    std::optional<TokenIndex> m_current;
    std::optional<TokenIndex> m_hovered;
    std::map<std::int32_t, bool> m_code; // documents in a fixed font
};

} // namespace moescope
