#pragma once

#include <QWidget>

#include "ui/pages/token_ink.h"

namespace moescope {

// What the colours of the text mean; chips of experts can be clicked.
class InkLegend : public QWidget {
    Q_OBJECT
public:
    explicit InkLegend(QWidget* parent = nullptr);
    void setKey(InkKey key);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {160, 22}; }

Q_SIGNALS:
    void expertClicked(int expert);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    QRectF chipBox(std::size_t index) const;

    InkKey m_key;
};

} // namespace moescope
