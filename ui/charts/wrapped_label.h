#pragma once

#include <map>

#include <QLabel>

namespace moescope {

// A label of several lines that remembers how high it is at a width: layouts ask again and again, and a label of rich
// text would lay its text out anew each time.
class WrappedLabel : public QLabel {
    Q_OBJECT
public:
    explicit WrappedLabel(QWidget* parent = nullptr);
    int heightForWidth(int width) const override;

protected:
    bool event(QEvent* event) override;

private:
    mutable std::map<int, int> m_heights; // by width, of m_text
    mutable QString m_text;
};

} // namespace moescope
