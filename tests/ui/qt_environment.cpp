// One QApplication for all tests of the program, off-screen, with settings of its own.
#include <memory>

#include <gtest/gtest.h>

#include <QApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>

#include "ui/charts/theme.h"

namespace {

class QtEnvironment : public ::testing::Environment {
public:
    void SetUp() override {
        if (!qEnvironmentVariableIsSet("MOESCOPE_TEST_DISPLAY")) { // else on the display there is, such as Xvfb
            qputenv("QT_QPA_PLATFORM", "offscreen");
        }
        QStandardPaths::setTestModeEnabled(true);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
        m_application = std::make_unique<QApplication>(m_count, m_arguments);
        QApplication::setApplicationName(QStringLiteral("MoEScope tests"));
        QApplication::setOrganizationName(QStringLiteral("MoEScope tests"));
        QApplication::setStyle(QStringLiteral("Fusion"));
        QApplication::setPalette(moescope::paletteOf(moescope::lightTheme()));
    }
    void TearDown() override { m_application.reset(); }

private:
    QTemporaryDir m_settings;
    int m_count = 1;
    char m_name[8] = "ui_test";
    char* m_arguments[2] = {m_name, nullptr};
    std::unique_ptr<QApplication> m_application;
};

const auto* const kEnvironment = ::testing::AddGlobalTestEnvironment(new QtEnvironment);

} // namespace
