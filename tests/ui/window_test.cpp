#include <gtest/gtest.h>

#include <QAction>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QListWidget>
#include <QMenuBar>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

#include "engine/routing/error.h"
#include "tests/support/recorded_run.h"
#include "tests/ui/sample_recording.h"
#include "ui/pages/page_factory.h"
#include "ui/window/main_window.h"
#include "ui/window/prompt_panel.h"
#include "ui/window/record_dialog.h"
#include "ui/window/selection_bar.h"

namespace moescope {
namespace {

class WindowTest : public ::testing::Test {
protected:
    WindowTest() {
        QFile::remove(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) +
                      QStringLiteral("/prompts.db"));
        test::writeSampleRecording(m_folder / "sample.db", test::sampleTexts());
        m_services.record = [](const RecordRequest& request, RecordObserver& observer, std::stop_token stop) {
            observer.started("made", {0, 100, 0});
            for (int i = 1; i <= 100; ++i) {
                if (stop.stop_requested()) {
                    throw Error(ErrorCode::Cancelled, "stopped");
                }
                observer.progress({i, 100, 0});
            }
            test::writeSampleRecording(request.db, {{"", "prompt", request.text.value_or("some text")}}, {},
                                       request.name.empty() ? "made" : request.name);
            RecordSummary summary;
            summary.run = request.name.empty() ? "made" : request.name;
            summary.tokens = 100;
            return summary;
        };
    }
    void open(MainWindow& window) {
        window.show();
        window.openFile(QString::fromStdString((m_folder / "sample.db").string()));
        ASSERT_TRUE(QTest::qWaitFor([&] { return window.currentPage() && !window.currentPage()->isBusy(); }));
    }
    test::TemporaryFolder m_folder;
    WindowServices m_services;
};

TEST_F(WindowTest, startsWithWhatToDo) {
    MainWindow window(m_services);
    window.show();
    EXPECT_EQ(window.currentPage(), nullptr);
    QStringList buttons;
    for (const QPushButton* button : window.findChildren<QPushButton*>()) {
        buttons << button->text();
    }
    EXPECT_TRUE(buttons.contains(QStringLiteral("Open recording…")));
}

TEST_F(WindowTest, visitsEveryPageByKey) {
    MainWindow window(m_services);
    open(window);
    window.activateWindow();
    for (const QString& name : pageNames()) {
        const int number = int(pageNames().indexOf(name)) + 1;
        for (QAction* action : window.findChildren<QAction*>()) {
            if (action->shortcut() == QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_0 + number % 10))) {
                action->trigger();
            }
        }
        ASSERT_TRUE(window.currentPage());
        EXPECT_EQ(window.currentPage()->name(), name);
        ASSERT_TRUE(QTest::qWaitFor([&] { return !window.currentPage()->isBusy(); }));
        EXPECT_FALSE(window.currentPage()->finding().isEmpty()) << name.toStdString();
    }
}

TEST_F(WindowTest, selectionIsSharedAndGoesBack) {
    MainWindow window(m_services);
    open(window);
    const auto first = window.workspace().selected().layer;
    window.showPage(QStringLiteral("load"));
    window.workspace().selection().setLayer(LayerId(1));
    window.showPage(QStringLiteral("capacity"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return !window.currentPage()->isBusy(); }));
    EXPECT_TRUE(window.currentPage()->finding().contains(QStringLiteral("layer <b>1</b>")));
    window.selectionBar().backAction()->trigger();
    EXPECT_EQ(window.workspace().selected().layer, first);
    EXPECT_TRUE(window.selectionBar().forwardAction()->isEnabled());
}

TEST_F(WindowTest, saysWhatIsWrongWithAFileAndStays) {
    MainWindow window(m_services);
    open(window);
    window.openFile(QStringLiteral("/nowhere/missing.db"));
    const auto shown = [&] {
        for (const QLabel* label : window.findChildren<QLabel*>()) {
            if (label->isVisible() && label->text().contains(QStringLiteral("missing.db"))) {
                return true;
            }
        }
        return false;
    };
    EXPECT_TRUE(QTest::qWaitFor(shown));
    EXPECT_TRUE(window.currentPage());
}

TEST_F(WindowTest, opensWhatIsDropped) {
    MainWindow window(m_services);
    window.show();
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(QString::fromStdString((m_folder / "sample.db").string()))});
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(&window, &enter);
    EXPECT_TRUE(enter.isAccepted());
    QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(&window, &drop);
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.workspace().facts() != nullptr; }));
}

TEST_F(WindowTest, routesAPromptAndShowsItsTokens) {
    MainWindow window(m_services);
    window.show();
    PromptPanel& prompt = window.promptPanel();
    window.focusPrompt();
    prompt.setModel(QStringLiteral("/models/demo"));
    auto* text = prompt.findChild<QPlainTextEdit*>();
    QTest::keyClicks(text, QStringLiteral("A prompt to route"));
    QTest::keyClick(text, Qt::Key_Return, Qt::ControlModifier);
    if (!QTest::qWaitFor([&] { return window.currentPage() != nullptr; }, 2000)) {
        prompt.findChildren<QPushButton*>()
            .last()
            ->click(); // shortcuts need an active window, which off-screen may lack
    }
    ASSERT_TRUE(QTest::qWaitFor(
        [&] { return window.currentPage() && window.currentPage()->name() == QStringLiteral("tokens"); }));
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.workspace().facts() != nullptr; }));
    EXPECT_TRUE(window.workspace().facts()->run.spec.name.starts_with("prompt"));
}

TEST_F(WindowTest, recordsWithProgressAndOpensTheResult) {
    RecordDialog dialog(m_services.record);
    dialog.setModel(QStringLiteral("/models/demo"));
    dialog.setInput(QStringLiteral("/texts"));
    dialog.setFile(QString::fromStdString((m_folder / "new.db").string()));
    QSignalSpy recorded(&dialog, &RecordDialog::recorded);
    dialog.show();
    dialog.start();
    ASSERT_TRUE(recorded.wait());
    EXPECT_EQ(recorded[0][1].toString(), QStringLiteral("made"));
    EXPECT_FALSE(dialog.isRunning());
}

TEST_F(WindowTest, cancelsARecording) {
    m_services.record = [](const RecordRequest&, RecordObserver& observer, std::stop_token stop) -> RecordSummary {
        observer.started("slow", {0, 100, 0});
        while (!stop.stop_requested()) {
            std::this_thread::yield();
        }
        throw Error(ErrorCode::Cancelled, "stopped");
    };
    RecordJob job(m_services.record, {});
    QSignalSpy cancelled(&job, &RecordJob::cancelled);
    QSignalSpy started(&job, &RecordJob::started);
    job.start();
    ASSERT_TRUE(started.wait());
    job.cancel();
    ASSERT_TRUE(cancelled.wait());
    EXPECT_FALSE(job.isRunning());
}

TEST_F(WindowTest, keepsLookAndPage) {
    {
        MainWindow window(m_services);
        open(window);
        window.showPage(QStringLiteral("load"));
        window.setLook(LookChoice::Dark);
        window.close();
    }
    MainWindow again(m_services);
    EXPECT_EQ(again.look(), LookChoice::Dark);
    open(again);
    EXPECT_EQ(again.currentPage()->name(), QStringLiteral("load"));
    again.setLook(LookChoice::Light);
}

} // namespace
} // namespace moescope
