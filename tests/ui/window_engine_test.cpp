// The window's jobs with the engine and the bundled model, nothing made up.
#include <fstream>

#include <gtest/gtest.h>

#include <QApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

#include "app/service/record_service.h"
#include "app/service/train_service.h"
#include "datasets/bundled.h"
#include "engine/session/engine_loader.h"
#include "tests/support/recorded_run.h"
#include "tests/ui/page_visit.h"
#include "ui/charts/line_chart.h"
#include "ui/pages/live_strip.h"
#include "ui/window/main_window.h"
#include "ui/window/prompt_panel.h"

namespace moescope {
namespace {

constexpr int kLong = 300000; // milliseconds; jobs stand back where other programs want the processors

class WindowEngineTest : public ::testing::Test {
protected:
    WindowEngineTest() {
        qputenv("HOME", m_folder.path().c_str()); // prompts are recorded there; other tests run beside this one
        m_services.record = [](const RecordRequest& request, RecordObserver& observer, std::stop_token stop) {
            return RecordService(loadEngine()).record(request, observer, std::move(stop));
        };
        m_services.train = [](const TrainRequest& request, TrainFollower& follower, std::stop_token stop) {
            return TrainService(loadEngine()).train(request, follower, std::move(stop));
        };
        m_services.model = bundledModel("demo").string();
        m_services.texts = bundledTexts().string();
    }
    RecordRequest request(std::int64_t limit) const {
        RecordRequest request;
        request.model = bundledModel("demo");
        request.inputs = {{bundledTexts(), {}}};
        request.db = m_folder / "new.db";
        request.limit = limit;
        request.context = 256;
        request.batchTokens = 1024;
        return request;
    }
    // A tiny model on a page of text.
    TrainRequest trainRequest(std::int64_t steps) const {
        std::filesystem::create_directories(m_folder / "texts/prose");
        std::ofstream text(m_folder / "texts/prose/a.txt");
        for (int i = 0; i < 400; ++i) {
            text << "The harbour lay quiet under a thin fog, and boat " << i << " had come in before dawn.\n";
        }
        TrainRequest request;
        request.strategies = {"none"};
        request.data = m_folder / "texts";
        request.tokenizer = bundledModel("demo") / "tokenizer.json";
        request.out = m_folder / "model";
        request.db = m_folder / "trained.db";
        request.validationTokens = 256;
        request.config.layers = 1;
        request.config.width = 32;
        request.config.heads = 1;
        request.config.experts = 4;
        request.config.ffn = 32;
        request.config.context = 64;
        request.config.batchTokens = 256;
        request.config.steps = steps;
        request.config.warmup = 1;
        return request;
    }

    test::TemporaryFolder m_folder;
    WindowServices m_services;
};

TEST_F(WindowEngineTest, showsEveryPageOfARecordingWithoutAWarning) {
    struct : RecordObserver {
        void started(const std::string&, const RecordProgress&) override {}
        void progress(const RecordProgress&) override {}
    } quiet;
    RecordService(loadEngine()).record(request(4096), quiet, {});
    test::visitEveryPage(m_folder / "new.db");
}

TEST_F(WindowEngineTest, recordsAndShowsWhatItRecorded) {
    MainWindow window(m_services);
    window.show();
    window.queueRecord(request(2000));
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.jobs().isIdle(); }, kLong));
    EXPECT_EQ(window.jobs().jobs().front().state, JobState::Done) << window.jobs().jobs().front().words.toStdString();
    ASSERT_TRUE(QTest::qWaitFor(
        [&] { return window.workspace().facts() && window.workspace().facts()->tokens() == 2000; }, kLong));
}

TEST_F(WindowEngineTest, aCancelledRecordingKeepsWhatItHas) {
    MainWindow window(m_services);
    window.show();
    const RecordRequest all = request(0);
    window.queueRecord(all);
    const auto& job = window.jobs().jobs().front();
    ASSERT_TRUE(QTest::qWaitFor([&] { return job.done > 1024; }, kLong));
    window.jobs().cancel(job.id);
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.jobs().isIdle(); }, kLong));
    EXPECT_EQ(job.state, JobState::Stopped);
    const auto recording = Recording::open(all.db);
    EXPECT_EQ(recording->run("").state, RunState::Interrupted);
    EXPECT_GE(recording->run("").tokens, 1024);
}

TEST_F(WindowEngineTest, routesAPrompt) {
    MainWindow window(m_services);
    window.show();
    window.focusPrompt();
    window.promptPanel().setPrompt(QStringLiteral("def mean(values):\n    return sum(values) / len(values)\n"));
    Q_EMIT window.promptPanel().routeWanted(window.promptPanel().prompt(), QString::fromStdString(m_services.model));
    ASSERT_TRUE(QTest::qWaitFor(
        [&] { return window.workspace().facts() && window.currentPage() && !window.currentPage()->isBusy(); }, kLong));
    EXPECT_EQ(window.currentPage()->name(), QStringLiteral("tokens"));
    EXPECT_GT(window.workspace().facts()->tokens(), 8);
}

TEST_F(WindowEngineTest, trainsAndSaysHowItWent) {
    const TrainRequest request = trainRequest(4);
    MainWindow window(m_services);
    window.show();
    window.queueTrain(request);
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.jobs().isIdle(); }, kLong));
    EXPECT_EQ(window.jobs().jobs().front().state, JobState::Done) << window.jobs().jobs().front().words.toStdString();
    EXPECT_FALSE(Recording::open(request.db)->trainSteps(Recording::open(request.db)->run("")).empty());
}

// The page of a training under way: its curves grow, the job can be followed and stopped there, and it goes on later.
TEST_F(WindowEngineTest, aTrainingShowsItselfAsItGoes) {
    TrainRequest request = trainRequest(100000); // more than it will come to
    request.strategies = {"none", "aux"};
    MainWindow window(m_services);
    window.show();
    window.queueTrain(request);
    const auto loss = [&]() -> const LineChartData* {
        const Page* page = window.currentPage();
        for (const LineChart* chart : page ? page->findChildren<LineChart*>() : QList<LineChart*>()) {
            if (chart->data() && chart->data()->yAxis.startsWith(QStringLiteral("loss"))) {
                return chart->data();
            }
        }
        return nullptr;
    };
    const auto lastStep = [&] { return loss() && !loss()->lines.empty() ? loss()->lines[0].points.back().x() : 0; };
    ASSERT_TRUE(QTest::qWaitFor([&] { return lastStep() > 4; }, kLong));
    EXPECT_EQ(window.currentPage()->name(), QStringLiteral("training"));
    const double before = lastStep();
    ASSERT_TRUE(QTest::qWaitFor([&] { return lastStep() > before; }, kLong)) << "it follows the newest step";
    EXPECT_EQ(window.workspace().run()->spec.name, "none-s1");
    EXPECT_TRUE(window.currentPage()->finding().contains(QStringLiteral("none-s1")));
    auto* strip = window.currentPage()->findChild<LiveStrip*>();
    ASSERT_TRUE(strip && strip->isVisible());
    EXPECT_TRUE(strip->findChild<QLabel*>()->text().contains(QStringLiteral(" left")));

    QTest::mouseClick(strip->findChild<QPushButton*>(), Qt::LeftButton);
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.jobs().isIdle(); }, kLong));
    EXPECT_EQ(window.jobs().jobs().front().state, JobState::Stopped);
    EXPECT_FALSE(strip->isVisible());
    const auto recording = Recording::open(request.db);
    const auto steps = recording->trainSteps(recording->run("none-s1"));
    EXPECT_GE(double(steps.back().step), before);
    EXPECT_EQ(std::int64_t(steps.size()), steps.back().step) << "every step that was made is kept";
    ASSERT_TRUE(QTest::qWaitFor([&] { return lastStep() > 0.97 * double(steps.back().step); }, kLong));
}

TEST_F(WindowEngineTest, saysWhyAModelCannotBeRecorded) {
    MainWindow window(m_services);
    window.show();
    RecordRequest wrong = request(100);
    wrong.model = m_folder.path();
    window.queueRecord(wrong);
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.jobs().isIdle(); }, kLong));
    EXPECT_EQ(window.jobs().jobs().front().state, JobState::Failed);
    EXPECT_TRUE(window.jobs().jobs().front().words.contains(QStringLiteral("tokenizer.json")))
        << window.jobs().jobs().front().words.toStdString();
}

} // namespace
} // namespace moescope
