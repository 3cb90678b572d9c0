#pragma once

#include <filesystem>
#include <mutex>

#include <gtest/gtest.h>

#include <QApplication>
#include <QLabel>
#include <QTest>

#include "ui/pages/page_factory.h"
#include "ui/window/main_window.h"

namespace moescope::test {

// What Qt complains of, but for platforms that lack a thing on purpose.
class Complaints {
public:
    Complaints() {
        s_lines.clear();
        m_before = qInstallMessageHandler([](QtMsgType type, const QMessageLogContext&, const QString& message) {
            const bool expected = message.contains(QLatin1String("propagateSizeHints")) ||
                                  message.startsWith(QLatin1String("QStandardPaths: XDG_RUNTIME_DIR")) ||
                                  message.contains(QLatin1String("does not support raise")) ||
                                  message.contains(QLatin1String("does not support setting window opacity"));
            if (type != QtDebugMsg && type != QtInfoMsg && !expected) {
                const std::scoped_lock lock(s_mutex);
                s_lines << message;
            }
        });
    }
    ~Complaints() { qInstallMessageHandler(m_before); }
    static std::string text() {
        const std::scoped_lock lock(s_mutex);
        return s_lines.join(QLatin1Char('\n')).toStdString();
    }

private:
    static inline std::mutex s_mutex;
    static inline QStringList s_lines;
    QtMessageHandler m_before;
};

inline void settlePage(MainWindow& window) {
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.currentPage() && !window.currentPage()->isBusy(); }, 60000));
    QApplication::processEvents();
}

// The window on a recording: every page, light and dark, painted, with a finding and without a word of warning.
inline void visitEveryPage(const std::filesystem::path& recording) {
    const Complaints complaints;
    MainWindow window{WindowServices()};
    window.resize(1280, 800);
    window.show();
    window.openFile(QString::fromStdString(recording.string()));
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.workspace().facts() != nullptr; }, 60000));
    for (const LookChoice look : {LookChoice::Light, LookChoice::Dark}) {
        window.setLook(look);
        for (const QString& page : pageNames()) {
            window.showPage(page);
            settlePage(window);
            EXPECT_FALSE(window.currentPage()->finding().isEmpty()) << page.toStdString();
            EXPECT_FALSE(window.grab().isNull()); // painted
            for (const QLabel* label : window.findChildren<QLabel*>(QStringLiteral("warningLine"))) {
                EXPECT_FALSE(label->isVisible()) << page.toStdString() << ": " << label->text().toStdString();
            }
            EXPECT_EQ(Complaints::text(), "") << page.toStdString();
        }
    }
    window.close();
    EXPECT_EQ(Complaints::text(), "");
}

} // namespace moescope::test
