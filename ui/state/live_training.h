#pragma once

#include <functional>

#include <QString>

namespace moescope {

// A training that this window is at work on, as pages show it.
struct LiveTraining {
    QString file;  // the recording its steps go into, absolute
    QString run;   // the one whose steps come now; empty while the texts are read
    QString words; // how far it is and how long it will take
    qint64 done = 0, total = 0;
    std::function<void()> stop;
};

} // namespace moescope
