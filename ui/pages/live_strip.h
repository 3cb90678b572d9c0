#pragma once

#include <QWidget>

#include "ui/state/live_training.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace moescope {

// How far a training under way is, on one line, with a button that stops it. Hidden while there is none.
class LiveStrip : public QWidget {
    Q_OBJECT
public:
    explicit LiveStrip(QWidget* parent = nullptr);
    void show(const LiveTraining& training);

Q_SIGNALS:
    void stopWanted();

private:
    QLabel* m_words;
    QProgressBar* m_bar;
    QPushButton* m_stop;
};

} // namespace moescope
