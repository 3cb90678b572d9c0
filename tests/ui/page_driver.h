#pragma once

#include <functional>

#include <gtest/gtest.h>

#include <QTest>

#include "tests/support/recorded_run.h"
#include "tests/ui/sample_recording.h"
#include "ui/pages/page_factory.h"

namespace moescope::test {

// Opens a recording, shows one of its pages and waits for its answers.
class PageDriver : public ::testing::Test {
protected:
    std::filesystem::path file() const { return m_folder / "sample.db"; }
    void show(const char* name, const std::string& run = {}) {
        m_workspace.openFile(file(), run);
        m_page.reset(makePage(QLatin1String(name), m_workspace));
        ASSERT_TRUE(m_page);
        m_page->resize(1280, 800);
        m_page->show();
        m_page->activateWindow();
        QObject::connect(m_page.get(), &Page::failed, m_page.get(), [this](const QString& m) { m_failure = m; });
        ASSERT_TRUE(QTest::qWaitFor([&] { return m_workspace.facts() != nullptr; }));
        m_page->setActive(true);
        settle();
    }
    void settle() {
        ASSERT_TRUE(QTest::qWaitFor([&] { return !m_page->isBusy(); }, 20000));
        QApplication::processEvents();
        EXPECT_EQ(m_failure, QString());
    }
    template <class Kind>
    Kind& child(const QString& accessibleName = {}) {
        const auto all = m_page->findChildren<Kind*>();
        for (Kind* kind : all) {
            if (accessibleName.isEmpty() || kind->accessibleName() == accessibleName) {
                return *kind;
            }
        }
        ADD_FAILURE() << "no such part: " << accessibleName.toStdString();
        return *all.front();
    }
    // The words shown in place of a panel's content.
    QString messages() const {
        QString out;
        for (const Panel* panel : m_page->panels()) {
            if (panel->isVisible() && !panel->content()->isVisible()) {
                out += panel->message() + QLatin1Char('\n');
            }
        }
        return out;
    }
    const Selected& selected() const { return m_workspace.selected(); }

    TemporaryFolder m_folder;
    Workspace m_workspace{Reader::Mode::OwnThread};
    std::unique_ptr<Page> m_page;
    QString m_failure;
};

} // namespace moescope::test
