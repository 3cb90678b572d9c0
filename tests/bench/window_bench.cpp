// How quickly the window answers on large recordings.
//   window_bench make DB TOKENS LAYERS EXPERTS TOPK none|f16|f32    writes a recording with made-up routing and text
//   window_bench measure DB [OTHER]                                 opens it, visits every page, prints milliseconds
// The event loop is watched from another thread: a call is queued every few milliseconds, and the longest wait for an
// answer is what the loop was blocked. Runs on any Qt platform (QT_QPA_PLATFORM=offscreen without a display).
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

#include <QApplication>
#include <QScrollBar>
#include <QSettings>
#include <QSlider>
#include <QStandardPaths>
#include <QTemporaryDir>

#include "db/run_writer.h"
#include "engine/routing/topk.h"
#include "ui/charts/theme.h"
#include "ui/pages/page_factory.h"
#include "ui/pages/tokens_page.h"
#include "ui/window/main_window.h"

namespace {

using namespace moescope;
using Clock = std::chrono::steady_clock;

double msSince(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

// ---- a recording

constexpr std::int32_t kBatch = 8192;
constexpr std::int32_t kVocabulary = 4096;
constexpr TokenIndex kDocument = 2500;

struct Batch {
    std::vector<std::uint16_t> ids;
    std::vector<float> weights, logits;
};

Batch makeBatch(const MoeLayerInfo& layer, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, 2);
    Batch batch;
    batch.logits.resize(std::size_t(kBatch) * std::size_t(layer.moe.experts));
    for (float& l : batch.logits) {
        l = normal(random);
    }
    batch.ids.resize(std::size_t(kBatch) * std::size_t(layer.moe.topK));
    batch.weights.resize(batch.ids.size());
    routeTopK(layer, batch.logits, batch.ids, batch.weights);
    return batch;
}

std::vector<Piece> makePieces() {
    std::mt19937 random(3);
    std::vector<Piece> pieces{{0, "\n"}};
    for (std::int32_t id = 1; id < kVocabulary; ++id) {
        std::string word = id % 5 == 0 ? "" : " ";
        for (unsigned n = 2 + random() % 7; n > 0; --n) {
            word += char('a' + random() % 26);
        }
        pieces.push_back({id, word});
    }
    return pieces;
}

std::vector<DocumentInfo> makeDocuments(TokenIndex tokens) {
    std::vector<DocumentInfo> documents;
    for (TokenIndex at = 0; at < tokens; at += kDocument) {
        const auto number = std::to_string(documents.size());
        documents.push_back({"document " + number,
                             "domain " + std::to_string(documents.size() * 8 * kDocument / tokens), at,
                             std::min(kDocument, tokens - at)});
    }
    return documents;
}

int make(char** argv) {
    RunSpec spec;
    spec.name = "bench";
    spec.model = "made-up";
    spec.family = "mixtral";
    spec.vocabulary = kVocabulary;
    const std::string logits = argv[7];
    spec.logits = logits == "f16" ? LogitStorage::F16 : logits == "f32" ? LogitStorage::F32 : LogitStorage::None;
    spec.content = spec.logits == LogitStorage::None ? RunContent::RoutesOnly : RunContent::Full;
    for (int l = 0; l < std::atoi(argv[4]); ++l) {
        MoeLayerInfo layer;
        layer.layer = LayerId{l};
        layer.moe.experts = std::atoi(argv[5]);
        layer.moe.topK = std::atoi(argv[6]);
        spec.layers.push_back(layer);
    }
    const TokenIndex tokens = std::atoll(argv[3]);
    std::vector<Batch> batches; // layers differ by where they start in these
    for (unsigned seed = 1; seed <= 4; ++seed) {
        batches.push_back(makeBatch(spec.layers[0], seed));
    }
    std::mt19937 random(9);
    RunWriter writer(argv[2], spec, makeDocuments(tokens), makePieces());
    std::vector<std::int32_t> ids(kBatch);
    for (TokenIndex at = 0; at < tokens; at += kBatch) {
        const auto n = std::size_t(std::min<TokenIndex>(kBatch, tokens - at));
        for (std::int32_t& id : ids) {
            id = random() % 17 == 0 ? 0 : std::int32_t(random() % kVocabulary);
        }
        writer.tokens({at, std::span(ids).first(n), Phase::Prompt});
        for (const MoeLayerInfo& layer : spec.layers) {
            const Batch& batch = batches[(std::size_t(layer.layer.value) + std::size_t(at / kBatch)) % batches.size()];
            writer.routing({layer.layer, at, std::int32_t(n), layer.moe.topK, layer.moe.experts,
                            std::span(batch.ids).first(n * std::size_t(layer.moe.topK)),
                            std::span(batch.weights).first(n * std::size_t(layer.moe.topK)),
                            std::span(batch.logits).first(n * std::size_t(layer.moe.experts))});
        }
        writer.commit(at + TokenIndex(n));
    }
    writer.finish(RunState::Complete);
    return 0;
}

// ---- measuring

// Asks the event loop for an answer every few milliseconds.
class LoopWatch {
public:
    LoopWatch() : m_thread([this](std::stop_token stop) { watch(std::move(stop)); }) {}
    double worst() { return m_worst.exchange(0); } // since it was asked last, milliseconds

private:
    void watch(std::stop_token stop) {
        while (!stop.stop_requested()) {
            const auto asked = Clock::now();
            std::atomic<bool> answered = false;
            QMetaObject::invokeMethod(
                qApp, [&answered] { answered = true; }, Qt::QueuedConnection);
            while (!answered && !stop.stop_requested()) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            m_worst = std::max(m_worst.load(), msSince(asked));
            std::this_thread::sleep_for(std::chrono::milliseconds(4));
        }
    }
    std::atomic<double> m_worst = 0;
    std::jthread m_thread;
};

bool waitFor(const std::function<bool()>& there) {
    const auto begin = Clock::now();
    while (!there()) {
        if (msSince(begin) > 60000) {
            std::fprintf(stderr, "window_bench: no answer within a minute\n");
            return false;
        }
        QApplication::processEvents(QEventLoop::AllEvents, 5);
    }
    QApplication::processEvents();
    return true;
}

bool isDrawn(const MainWindow& window) {
    return window.currentPage() && !window.currentPage()->isBusy();
}

double megabytes() {
    std::ifstream file("/proc/self/statm");
    double total = 0, resident = 0;
    file >> total >> resident;
    return resident * double(sysconf(_SC_PAGESIZE)) / 1e6;
}

void print(const std::string& what, double ms, LoopWatch& watch) {
    std::printf("%-34s %9.1f ms   loop blocked at most %7.1f ms\n", what.c_str(), ms, watch.worst());
    std::fflush(stdout);
}

void visitPages(MainWindow& window, LoopWatch& watch) {
    for (const QString& name : pageNames()) {
        for (const char* how : {"cold", "warm"}) {
            window.showPage(pageNames()[name == pageNames()[0] ? 1 : 0]);
            waitFor([&] { return isDrawn(window); });
            watch.worst();
            const auto begin = Clock::now();
            window.showPage(name);
            // The picture is there with what is read at once; the rest may still be on its way.
            window.currentPage()->repaint();
            const double first = msSince(begin);
            waitFor([&] { return isDrawn(window); });
            std::printf("%-34s %9.1f ms   ", (name.toStdString() + ", " + how + ", first paint").c_str(), first);
            std::printf("whole %9.1f ms   loop blocked at most %7.1f ms\n", msSince(begin), watch.worst());
            std::fflush(stdout);
        }
    }
}

void moveSlider(MainWindow& window, LoopWatch& watch) {
    window.showPage(QStringLiteral("capacity"));
    waitFor([&] { return isDrawn(window); });
    auto* slider = window.currentPage()->findChild<QSlider*>();
    watch.worst();
    double worst = 0, sum = 0;
    constexpr int kSteps = 40;
    for (int i = 0; i < kSteps; ++i) {
        const auto begin = Clock::now();
        slider->setValue(slider->minimum() + i);
        window.currentPage()->repaint();
        const double ms = msSince(begin);
        worst = std::max(worst, ms);
        sum += ms;
        QApplication::processEvents();
    }
    print("capacity slider, mean of a step", sum / kSteps, watch);
    print("capacity slider, slowest step", worst, watch);
}

void scrollText(MainWindow& window, LoopWatch& watch) {
    window.showPage(QStringLiteral("tokens"));
    waitFor([&] { return isDrawn(window); });
    auto& view = static_cast<TokensPage*>(window.currentPage())->text();
    watch.worst();
    double worst = 0, sum = 0;
    constexpr int kSteps = 300;
    for (int i = 0; i < kSteps; ++i) {
        const auto begin = Clock::now();
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->value() + 53);
        view.viewport()->repaint();
        QApplication::processEvents();
        const double ms = msSince(begin);
        worst = std::max(worst, ms);
        sum += ms;
    }
    print("tokens, mean scroll step", sum / kSteps, watch);
    print("tokens, slowest scroll step", worst, watch);
    const auto begin = Clock::now();
    for (int i = 1; i <= 20; ++i) {
        view.verticalScrollBar()->setValue(int(double(view.verticalScrollBar()->maximum()) * i / 20));
        view.viewport()->repaint();
    }
    print("tokens, jump far, mean", msSince(begin) / 20, watch);
}

int measure(int argc, char** argv, Clock::time_point start) {
    QTemporaryDir settings;
    QStandardPaths::setTestModeEnabled(true);
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
    QApplication application(argc, argv);
    QApplication::setStyle(QStringLiteral("Fusion"));
    QApplication::setFont(textFont());
    QApplication::setOrganizationName(QStringLiteral("MoEScope bench"));
    MainWindow window(WindowServices{});
    window.openFile(QString::fromLocal8Bit(argv[2]));
    window.show();
    LoopWatch watch;
    waitFor([&] { return isDrawn(window); });
    print("start to first page", msSince(start), watch);
    visitPages(window, watch);
    moveSlider(window, watch);
    scrollText(window, watch);
    std::printf("%-34s %9.1f MB\n", "resident", megabytes());
    if (argc > 3) {
        window.showPage(pageNames().front());
        waitFor([&] { return isDrawn(window); });
        const auto begin = Clock::now();
        window.openFile(QString::fromLocal8Bit(argv[3]));
        waitFor([&] {
            return isDrawn(window) && window.workspace().recording()->file() == argv[3] && window.workspace().facts();
        });
        print("open another file", msSince(begin), watch);
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    const auto start = Clock::now();
    const std::string mode = argc > 1 ? argv[1] : "";
    if (mode == "make" && argc == 8) {
        return make(argv);
    }
    if (mode == "measure" && argc >= 3) {
        return measure(argc, argv, start);
    }
    std::fprintf(stderr, "usage: window_bench make DB TOKENS LAYERS EXPERTS TOPK none|f16|f32\n"
                         "       window_bench measure DB [OTHER]\n");
    return 2;
}
