#pragma once

#include <QWidget>

#include "ui/pages/token_ink.h"

namespace moescope {

// What the colours of the text mean. Chips of experts, in as many rows as they need, can be clicked, or walked with the
// arrow keys and chosen with Enter.
class InkLegend : public QWidget {
    Q_OBJECT
public:
    explicit InkLegend(QWidget* parent = nullptr);
    void setKey(InkKey key);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {160, height()}; }

Q_SIGNALS:
    void expertClicked(int expert);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QRectF chipBox(std::size_t index) const;
    bool hasExperts() const { return !m_key.chips.empty() && m_key.chips.front().expert >= 0; }
    int chipsInRow() const;
    void fitHeight();
    void moveCursor(std::size_t to);

    InkKey m_key;
    std::size_t m_cursor = 0;
};

} // namespace moescope
