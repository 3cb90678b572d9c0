#pragma once

#include <string>
#include <vector>

#include "tests/bench/window/figures.h"
#include "tests/bench/window/program.h"
#include "tests/bench/window/x_display.h"

namespace moescope::bench {

// How long pictures took from `begin` to the last one in `frames` (its first is what was shown before). A picture
// counts by how much of what changed in the end it shows already, so blank margins do not.
struct PictureTimes {
    double first = 0; // most of it
    double whole = 0; // nothing changed any more
};
PictureTimes pictureTimes(const std::vector<Frame>& frames, Clock::time_point begin);

// Sits before the window of a program that hosts it (host.h) and notes what it sees.
class Session {
public:
    Session(XDisplay& display, Program& program, Figures& figures)
        : m_display(display), m_program(program), m_figures(figures) {}

    void visitPages(); // each once cold, once warm
    void moveSlider(); // exact drops, then served again
    void scrollText();
    void openOther(const std::string& recording);
    void noteMemory();
    void noteLoop(const std::string& when); // longest wait for an answer since it was noted last

private:
    PictureTimes showPage(int number);
    void waitUntilRead();
    std::vector<double> stepSlider(int steps, bool rest, std::vector<double>* exact);
    bool place(const char* what, int& x, int& y);

    XDisplay& m_display;
    Program& m_program;
    Figures& m_figures;
};

} // namespace moescope::bench
