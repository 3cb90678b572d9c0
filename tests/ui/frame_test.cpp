// What stands around the pages: filter, links, palette, session, jobs; driven as a user drives it.
#include <fstream>

#include <gtest/gtest.h>

#include <QAbstractScrollArea>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QPushButton>
#include <QTest>

#include "engine/routing/error.h"
#include "tests/support/recorded_run.h"
#include "tests/ui/sample_recording.h"
#include "ui/pages/page_factory.h"
#include "ui/window/check_list_menu.h"
#include "ui/window/command_palette.h"
#include "ui/window/filter_bar.h"
#include "ui/window/import_dialog.h"
#include "ui/window/jobs_panel.h"
#include "ui/window/main_window.h"
#include "ui/window/selection_bar.h"
#include "ui/window/train_dialog.h"

namespace moescope {
namespace {

class FrameTest : public ::testing::Test {
protected:
    FrameTest() { test::writeSampleRecording(m_folder / "sample.db", test::sampleTexts()); }

    QString path(const char* name) const { return QString::fromStdString((m_folder / name).string()); }
    void open(MainWindow& window) {
        window.show();
        window.openFile(path("sample.db"));
        settle(window);
    }
    static void settle(MainWindow& window) {
        ASSERT_TRUE(QTest::qWaitFor([&] { return window.currentPage() && !window.currentPage()->isBusy(); }));
    }
    static std::int64_t tokens(MainWindow& window) { return window.workspace().facts()->tokens(); }
    static CheckListMenu& menu(MainWindow& window, int index) {
        return *window.filterBar().findChildren<CheckListMenu*>()[index];
    }
    static void tick(CheckListMenu& menu, int row) {
        menu.findChild<QListWidget*>()->item(row)->setCheckState(Qt::Checked);
    }
    std::filesystem::path counts() const {
        std::ofstream(m_folder / "counts.csv")
            << "layer,expert,domain,count\n0,0,prose,60\n0,1,prose,20\n0,1,code,30\n0,2,code,10\n"
               "1,0,prose,40\n1,1,prose,40\n1,2,code,40\n";
        return m_folder / "counts.csv";
    }

    test::TemporaryFolder m_folder;
    WindowServices m_services;
};

TEST_F(FrameTest, everyPageObeysTheFilterAndSaysWhatItIs) {
    MainWindow window(m_services);
    open(window);
    const std::int64_t all = tokens(window);
    EXPECT_TRUE(window.filterBar().scope().startsWith(QStringLiteral("all ")));
    tick(menu(window, 0), 2); // a domain
    ASSERT_TRUE(QTest::qWaitFor([&] { return tokens(window) < all; }));
    EXPECT_EQ(window.workspace().selected().filter.domains.size(), 1U);
    EXPECT_TRUE(window.filterBar().scope().contains(QStringLiteral(" of ")));
    window.workspace().selection().back();
    ASSERT_TRUE(QTest::qWaitFor([&] { return tokens(window) == all; }));
    EXPECT_TRUE(menu(window, 0).ticked().isEmpty());
    tick(menu(window, 1), 1); // a document
    ASSERT_TRUE(QTest::qWaitFor([&] { return tokens(window) < all; }));
    window.filterBar().clearFilter();
    ASSERT_TRUE(QTest::qWaitFor([&] { return tokens(window) == all; }));
    tick(menu(window, 2), 0); // layers
    tick(menu(window, 2), 3);
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.workspace().facts()->layers.size() == 2; }));
}

TEST_F(FrameTest, filtersByTextAndPattern) {
    MainWindow window(m_services);
    open(window);
    const std::int64_t all = tokens(window);
    QLineEdit& field = window.filterBar().textField();
    window.filterBar().focusText();
    QTest::keyClicks(&field, QStringLiteral("fog"));
    QTest::keyClick(&field, Qt::Key_Return);
    ASSERT_TRUE(QTest::qWaitFor([&] { return tokens(window) == 6; }));
    field.setText(QStringLiteral("/^\\d+$/"));
    QTest::keyClick(&field, Qt::Key_Return);
    ASSERT_TRUE(QTest::qWaitFor([&] { return tokens(window) > 6 && tokens(window) < all / 2; }));
    for (const QString& name : pageNames()) {
        window.showPage(name);
        settle(window);
        EXPECT_FALSE(window.currentPage()->finding().isEmpty()) << name.toStdString();
    }
    field.setText(QStringLiteral("/(/"));
    QTest::keyClick(&field, Qt::Key_Return);
    const auto complains = [&] {
        for (const QLabel* label : window.findChildren<QLabel*>()) {
            if (label->isVisible() && label->text().contains(QStringLiteral("no pattern"))) {
                return true;
            }
        }
        return false;
    };
    EXPECT_TRUE(QTest::qWaitFor(complains));
    field.clear();
    ASSERT_TRUE(QTest::qWaitFor([&] { return tokens(window) == all; }));
}

TEST_F(FrameTest, aLinkLeadsBackToTheView) {
    QString words;
    {
        MainWindow window(m_services);
        open(window);
        window.showPage(QStringLiteral("load"));
        Selected place = window.workspace().selected();
        place.layer = LayerId(2);
        place.expert = ExpertId(7);
        place.token = 11;
        place.filter.domains = {"korean", "json"};
        place.filter.tokenText = "/a&b=c#/";
        window.workspace().selection().set(place);
        window.copyLink();
        words = QApplication::clipboard()->text();
    }
    ASSERT_TRUE(words.startsWith(QStringLiteral("moescope://"))) << words.toStdString();
    EXPECT_FALSE(words.contains(QLatin1Char(' ')));
    MainWindow window(m_services);
    window.show();
    window.openArguments({words});
    settle(window);
    const Selected& now = window.workspace().selected();
    EXPECT_EQ(window.currentPage()->name(), QStringLiteral("load"));
    EXPECT_EQ(now.layer, LayerId(2));
    EXPECT_EQ(now.expert, ExpertId(7));
    EXPECT_EQ(now.token, 11);
    EXPECT_EQ(now.filter.domains, (std::vector<std::string>{"korean", "json"}));
    EXPECT_EQ(now.filter.tokenText, "/a&b=c#/");
    EXPECT_FALSE(window.workspace().selection().canGoBack());
}

TEST_F(FrameTest, aLinkToWhatIsNotThereOpensTheRest) {
    Link link;
    link.file = path("sample.db");
    link.selected.layer = LayerId(99);
    link.selected.token = 1 << 30;
    link.selected.expert = ExpertId(5);
    link.selected.filter.domains = {"nowhere"};
    MainWindow window(m_services);
    window.show();
    window.openLink(*Link::parse(link.text()));
    settle(window);
    EXPECT_EQ(window.workspace().selected().expert, ExpertId(5));
    EXPECT_FALSE(window.workspace().selected().token);
    EXPECT_TRUE(window.workspace().facts()->filter.everyToken());
    EXPECT_FALSE(Link::parse(QStringLiteral("moescope://open?run=a")));
    EXPECT_FALSE(Link::parse(QStringLiteral("https://example.org/?file=a")));
}

TEST_F(FrameTest, goesBackToWhereItWasClosed) {
    {
        MainWindow window(m_services);
        open(window);
        window.showPage(QStringLiteral("tokens"));
        window.workspace().selection().setToken(21);
        window.close();
    }
    MainWindow again(m_services);
    again.show();
    ASSERT_TRUE(again.restoreSession());
    settle(again);
    EXPECT_EQ(again.currentPage()->name(), QStringLiteral("tokens"));
    EXPECT_EQ(again.workspace().selected().token, 21);
    again.closeFile();
    again.close();
    EXPECT_FALSE(MainWindow(m_services).restoreSession());
}

TEST_F(FrameTest, mouseButtonsGoBackAndForward) {
    MainWindow window(m_services);
    open(window);
    window.workspace().selection().setLayer(LayerId(1));
    window.workspace().selection().setLayer(LayerId(4));
    QTest::mouseClick(window.currentPage(), Qt::BackButton);
    EXPECT_EQ(window.workspace().selected().layer, LayerId(1));
    QTest::mouseClick(window.currentPage(), Qt::ForwardButton);
    EXPECT_EQ(window.workspace().selected().layer, LayerId(4));
}

TEST_F(FrameTest, thePaletteFindsCommandsAndPlaces) {
    MainWindow window(m_services);
    open(window);
    const auto type = [&](const char* words) {
        window.showPalette();
        auto* palette = window.findChildren<CommandPalette*>().last();
        auto* field = palette->findChild<QLineEdit*>();
        QTest::keyClicks(field, QLatin1String(words));
        QTest::keyClick(field, Qt::Key_Return);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    };
    type("capac");
    EXPECT_EQ(window.currentPage()->name(), QStringLiteral("capacity"));
    type("3:9");
    EXPECT_EQ(window.workspace().selected().layer, LayerId(3));
    EXPECT_EQ(window.workspace().selected().expert, ExpertId(9));
    type("#40");
    EXPECT_EQ(window.workspace().selected().token, 40);
    EXPECT_EQ(window.currentPage()->name(), QStringLiteral("tokens"));
}

TEST_F(FrameTest, importsCountsFromADropAndShowsWhatTheyCanTell) {
    MainWindow window(m_services);
    window.show();
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(QString::fromStdString(counts().string()))});
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(&window, &enter);
    QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(&window, &drop);
    auto* dialog = window.findChild<ImportDialog*>();
    ASSERT_TRUE(dialog);
    dialog->setRecording(path("imported.db"));
    for (QPushButton* button : dialog->findChildren<QPushButton*>()) {
        if (button->text() == QStringLiteral("Import")) {
            QTest::mouseClick(button, Qt::LeftButton);
            break;
        }
    }
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.currentPage() != nullptr; }));
    settle(window);
    EXPECT_EQ(window.jobs().jobs().front().state, JobState::Done);
    for (const QString& name : pageNames()) {
        window.showPage(name);
        settle(window);
        window.workspace().selection().setLayer(LayerId(1));
        window.workspace().selection().setLayer(LayerId(0));
        settle(window);
        EXPECT_FALSE(window.currentPage()->finding().isEmpty()) << name.toStdString();
        for (const QLabel* label : window.findChildren<QLabel*>(QStringLiteral("warningLine"))) {
            EXPECT_FALSE(label->isVisible()) << name.toStdString() << ": " << label->text().toStdString();
        }
    }
}

TEST_F(FrameTest, saysWhyAnImportFailed) {
    std::ofstream(m_folder / "bad.csv") << "layer,expert,count\n0,x,1\n";
    MainWindow window(m_services);
    open(window);
    ImportRequest request;
    request.files = {m_folder / "bad.csv"};
    request.db = m_folder / "sample.db";
    window.queueImport(request);
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.jobs().isIdle(); }));
    EXPECT_EQ(window.jobs().jobs().front().state, JobState::Failed);
    EXPECT_TRUE(window.jobs().jobs().front().words.contains(QStringLiteral("line 2")));
    EXPECT_EQ(window.workspace().runs().size(), 1U);
}

TEST_F(FrameTest, jobsWaitForEachOtherAndCanBeTakenBack) {
    JobQueue queue;
    JobsPanel panel(queue);
    panel.show();
    std::atomic<int> running = 0, most = 0;
    const auto wait = [&](const JobTell& tell, std::stop_token stop) -> QString {
        most = std::max<int>(most, ++running);
        tell.progress(QStringLiteral("half"), 1, 2);
        while (!stop.stop_requested()) {
            std::this_thread::yield();
        }
        --running;
        throw Error(ErrorCode::Cancelled, "stopped in time");
    };
    const qint64 first = queue.add(QStringLiteral("first"), {}, wait);
    const qint64 second = queue.add(QStringLiteral("second"), {}, wait);
    const qint64 third =
        queue.add(QStringLiteral("third"), {}, [](const JobTell&, std::stop_token) { return QStringLiteral("done"); });
    ASSERT_TRUE(QTest::qWaitFor([&] { return queue.find(first)->total == 2; }));
    EXPECT_EQ(queue.find(second)->state, JobState::Waiting);
    queue.cancel(second);
    EXPECT_EQ(queue.find(second)->state, JobState::Stopped);
    queue.cancel(first);
    ASSERT_TRUE(QTest::qWaitFor([&] { return queue.isIdle(); }));
    EXPECT_EQ(queue.find(first)->words, QStringLiteral("stopped in time"));
    EXPECT_EQ(queue.find(third)->words, QStringLiteral("done"));
    EXPECT_EQ(most, 1);
    queue.remove(first);
    EXPECT_FALSE(queue.find(first));
}

TEST_F(FrameTest, exportsTheFilteredTables) {
    MainWindow window(m_services);
    open(window);
    RunFilter filter;
    filter.tokenText = "fog";
    window.workspace().selection().setFilter(filter);
    settle(window);
    window.exportTables(path("tables"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.jobs().isIdle(); }));
    EXPECT_EQ(window.jobs().jobs().front().state, JobState::Done) << window.jobs().jobs().front().words.toStdString();
    std::ifstream file(m_folder / "tables" / "tokens.csv");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1 + 6);
}

TEST_F(FrameTest, fitsALaptopsScreen) {
    MainWindow window(m_services);
    open(window);
    for (const QString& name : pageNames()) {
        window.showPage(name);
        settle(window);
        EXPECT_LE(window.minimumSizeHint().width(), 1280) << name.toStdString();
        EXPECT_LE(window.minimumSizeHint().height(), 760) << name.toStdString();
    }
}

TEST_F(FrameTest, everythingThatTakesTheFocusHasAName) {
    MainWindow window(m_services);
    open(window);
    for (const QString& name : pageNames()) {
        window.showPage(name);
        settle(window);
    }
    for (const QWidget* widget : window.findChildren<QWidget*>()) {
        const bool named = !widget->accessibleName().isEmpty() || widget->property("text").isValid() ||
                           widget->property("placeholderText").isValid();
        const auto* area = qobject_cast<const QAbstractScrollArea*>(widget->parentWidget());
        const bool inner = (area && area->viewport() == widget) ||
                           (QByteArray(widget->metaObject()->className()).startsWith("Q") &&
                            (widget->objectName().startsWith(QLatin1String("qt_")) ||
                             qobject_cast<const QMenu*>(widget) || qobject_cast<const QMenuBar*>(widget)));
        if (widget->focusPolicy() != Qt::NoFocus && !inner && widget->isVisibleTo(&window)) {
            EXPECT_TRUE(named) << widget->metaObject()->className() << " in "
                               << widget->parentWidget()->metaObject()->className();
        }
    }
}

} // namespace
} // namespace moescope
