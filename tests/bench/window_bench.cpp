// How quickly the window answers on large recordings, measured from outside: the window is another process, its
// pictures are taken from the display, keys and the wheel go through it, and its event loop is asked for an answer
// every few milliseconds. Needs a display: xvfb-run -s "-screen 0 1280x800x24" window_bench ...
//   window_bench make DB TOKENS LAYERS EXPERTS TOPK none|f16|f32   writes a recording with made-up routing and text
//   window_bench measure MOESCOPE DB OTHER     opens DB, visits every page, moves the slider, scrolls, opens OTHER
//   window_bench live MODEL TEXTS              lets the window record, and visits the pages meanwhile
// One JSON object on stdout: every figure with its limit; exit status 1 where one is missed.
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <unistd.h>

#include "engine/routing/error.h"
#include "tests/bench/window/host.h"
#include "tests/bench/window/made_up_recording.h"
#include "tests/bench/window/session.h"

namespace {

using namespace moescope;
using namespace moescope::bench;
using std::chrono::milliseconds;

int make(char** argv) {
    const std::string logits = argv[7];
    makeRecording(argv[2], {std::atoll(argv[3]), std::atoi(argv[4]), std::atoi(argv[5]), std::atoi(argv[6]),
                            logits == "f16"   ? LogitStorage::F16
                            : logits == "f32" ? LogitStorage::F32
                                              : LogitStorage::None});
    return 0;
}

// The user's settings stay as they are, and do not count.
std::filesystem::path ownSettings() {
    const auto folder = std::filesystem::temp_directory_path() / ("window_bench." + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"}) {
        setenv(name, folder.c_str(), 1);
    }
    setenv("QT_QPA_PLATFORM", "xcb", 1);
    return folder;
}

std::string self() {
    return std::filesystem::read_symlink("/proc/self/exe").string();
}

void measureStart(const std::string& program, const std::string& recording, Figures& figures) {
    PictureTimes times;
    for (const bool warm : {false, true}) { // the first time the program itself is read from the disk
        const auto begin = Clock::now();
        Program window({program, recording});
        XDisplay display;
        if (!display.follow(window.pid(), milliseconds(20000))) {
            throw Error(ErrorCode::NotFound, program + " opened no window");
        }
        display.settle(milliseconds(400), milliseconds(20000));
        times = pictureTimes(display.frames(), begin);
        if (warm) {
            figures.atMost("start, event loop blocked", display.worstAnswer(), 50);
        }
    }
    figures.atMost("start to first page, first picture", times.first, 500);
    figures.note("start to first page, whole", times.whole);
}

int report(const Figures& figures, const std::string& subject) {
    std::fputs(figures.json(subject).c_str(), stdout);
    return figures.allPass() ? 0 : 1;
}

void openHosted(XDisplay& display, Program& window) {
    if (!display.follow(window.pid(), milliseconds(20000))) {
        throw Error(ErrorCode::NotFound, "the window did not open");
    }
    display.settle(milliseconds(400), milliseconds(20000));
    display.worstAnswer();
}

int measure(const std::string& program, const std::string& recording, const std::string& other) {
    Figures figures;
    measureStart(program, recording, figures);
    XDisplay display;
    Program window({self(), "host", recording});
    openHosted(display, window);
    Session session(display, window, figures);
    session.visitPages();
    session.moveSlider();
    session.scrollText();
    session.noteMemory();
    session.openOther(other);
    return report(figures, recording);
}

int live(const std::string& model, const std::string& texts, const std::filesystem::path& folder) {
    Figures figures;
    const std::filesystem::path recording = folder / "live.moescope";
    XDisplay display;
    Program window({self(), "host"});
    openHosted(display, window);
    window.ask("record " + std::filesystem::absolute(model).string() + '\t' +
               std::filesystem::absolute(texts).string() + '\t' + recording.string());
    display.pump(milliseconds(30000), [&window] { return window.ask("busy") == "0"; }); // a page of what is there
    display.settle(milliseconds(300), milliseconds(2000));
    display.worstAnswer();
    Session session(display, window, figures);
    session.visitPages();
    figures.atLeast("still recording after the visits", window.ask("recording") == "1" ? 1 : 0, 1, "");
    return report(figures, "live");
}

} // namespace

int main(int argc, char** argv) {
    const std::string mode = argc > 1 ? argv[1] : "";
    try {
        if (mode == "make" && argc == 8) {
            return make(argv);
        }
        if (mode == "host") {
            return hostWindow({argv + 2, argv + argc});
        }
        if ((mode == "measure" && argc == 5) || (mode == "live" && argc == 4)) {
            const std::filesystem::path folder = ownSettings();
            const int status = mode == "live" ? live(argv[2], argv[3], folder) : measure(argv[2], argv[3], argv[4]);
            std::filesystem::remove_all(folder);
            return status;
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "window_bench: %s\n", error.what());
        return 1;
    }
    std::fprintf(stderr, "usage: window_bench make DB TOKENS LAYERS EXPERTS TOPK none|f16|f32\n"
                         "       window_bench measure MOESCOPE DB OTHER\n"
                         "       window_bench live MODEL TEXTS\n");
    return 2;
}
