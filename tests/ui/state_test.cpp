#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QTest>

#include "engine/routing/error.h"
#include "tests/support/recorded_run.h"
#include "tests/ui/sample_recording.h"
#include "ui/state/workspace.h"

namespace moescope {
namespace {

TEST(Selection, goesBackAndForward) {
    Selection selection;
    selection.restart({});
    selection.setLayer(LayerId(3));
    selection.setExpert(ExpertId(7));
    selection.back();
    EXPECT_EQ(selection.value().layer, LayerId(3));
    EXPECT_FALSE(selection.value().expert);
    selection.back();
    EXPECT_FALSE(selection.value().layer);
    EXPECT_FALSE(selection.canGoBack());
    selection.forward();
    selection.forward();
    EXPECT_EQ(selection.value().expert, ExpertId(7));
    selection.back();
    selection.setLayer(LayerId(4)); // a new way: the old one is forgotten
    EXPECT_FALSE(selection.canGoForward());
}

TEST(Selection, walkingTheTextIsOneStep) {
    Selection selection;
    selection.restart({});
    for (TokenIndex t = 10; t < 50; ++t) {
        selection.setToken(t);
    }
    selection.back();
    EXPECT_EQ(selection.value().token, 10);
}

class WithRecording : public ::testing::Test {
protected:
    WithRecording() { test::writeSampleRecording(m_folder / "sample.db", test::sampleTexts()); }
    test::TemporaryFolder m_folder;
};

using ReaderTest = WithRecording;
using WorkspaceTest = WithRecording;

TEST_F(ReaderTest, answersOnAnotherThreadAndDeliversOnThisOne) {
    const auto recording = Recording::open(m_folder / "sample.db");
    Reader reader(*recording, Reader::Mode::OwnThread);
    QObject receiver;
    std::thread::id worked, delivered;
    int runs = 0;
    reader.ask(
        QStringLiteral("a"), &receiver,
        [&worked](const Recording& r, std::stop_token) {
            worked = std::this_thread::get_id();
            return int(r.runs().size());
        },
        [&](const std::shared_ptr<const int>& n) {
            delivered = std::this_thread::get_id();
            runs = *n;
        });
    ASSERT_TRUE(QTest::qWaitFor([&] { return reader.isIdle(); }));
    EXPECT_EQ(runs, 1);
    EXPECT_NE(worked, delivered);
    EXPECT_EQ(delivered, std::this_thread::get_id());
}

TEST_F(ReaderTest, answersOnlyTheLatestOfATopic) {
    const auto recording = Recording::open(m_folder / "sample.db");
    Reader reader(*recording, Reader::Mode::OwnThread);
    QObject receiver;
    std::atomic<bool> started = false, stopped = false;
    reader.ask(
        QStringLiteral("a"), &receiver,
        [&started, &stopped](const Recording&, std::stop_token stop) {
            started = true;
            while (!stop.stop_requested()) {
                std::this_thread::yield();
            }
            stopped = true;
            return 1;
        },
        [](const std::shared_ptr<const int>&) { FAIL() << "a replaced question was answered"; });
    ASSERT_TRUE(QTest::qWaitFor([&] { return started.load(); }));
    int answer = 0;
    for (int i = 2; i < 6; ++i) {
        reader.ask(
            QStringLiteral("a"), &receiver, [i](const Recording&, std::stop_token) { return i; },
            [&answer](const std::shared_ptr<const int>& n) { answer = *n; });
    }
    ASSERT_TRUE(QTest::qWaitFor([&] { return reader.isIdle(); }));
    EXPECT_TRUE(stopped);
    EXPECT_EQ(answer, 5);
}

TEST_F(ReaderTest, reportsErrorsAndGoesOn) {
    const auto recording = Recording::open(m_folder / "sample.db");
    Reader reader(*recording, Reader::Mode::OwnThread);
    QSignalSpy failed(&reader, &Reader::failed);
    QObject receiver;
    reader.ask(
        QStringLiteral("a"), &receiver,
        [](const Recording&, std::stop_token) -> int { throw Error(ErrorCode::Corruption, "block 3 is damaged"); },
        [](const std::shared_ptr<const int>&) { FAIL(); });
    ASSERT_TRUE(QTest::qWaitFor([&] { return reader.isIdle(); }));
    ASSERT_EQ(failed.size(), 1);
    EXPECT_EQ(failed[0][1].toString(), QStringLiteral("block 3 is damaged"));
}

TEST_F(WorkspaceTest, opensAndSelectsWhereThereIsMostToSee) {
    Workspace workspace(Reader::Mode::OwnThread);
    workspace.openFile(m_folder / "sample.db");
    ASSERT_TRUE(QTest::qWaitFor([&] { return workspace.facts() != nullptr; }));
    EXPECT_EQ(workspace.facts()->layers.size(), 6U);
    ASSERT_TRUE(workspace.selected().layer);
    EXPECT_EQ(*workspace.selected().layer, workspace.facts()->leastBalanced()->layer());
    const std::int64_t all = workspace.facts()->tokens();
    RunFilter korean;
    korean.domains = {"korean"};
    workspace.selection().setFilter(korean);
    ASSERT_TRUE(QTest::qWaitFor([&] { return workspace.facts()->tokens() < all; }));
    EXPECT_GT(workspace.facts()->tokens(), 0);
}

TEST_F(WorkspaceTest, saysWhatIsWrongWithAFile) {
    Workspace workspace(Reader::Mode::OwnThread);
    QSignalSpy failed(&workspace, &Workspace::failed);
    workspace.openFile(m_folder / "missing.db");
    ASSERT_TRUE(failed.wait());
    EXPECT_TRUE(failed[0][0].toString().contains(QStringLiteral("missing.db")));
    EXPECT_FALSE(workspace.isOpen());
}

} // namespace
} // namespace moescope
