// The window on recordings: every page, light and dark, in both languages, without a word of warning.
#include <fstream>

#include <QTranslator>

#include "app/service/import_service.h"
#include "tests/support/recorded_run.h"
#include "tests/ui/page_visit.h"
#include "tests/ui/sample_recording.h"

namespace moescope {
namespace {

class VisitTest : public ::testing::Test {
protected:
    test::TemporaryFolder m_folder;
};

TEST_F(VisitTest, oneRunInBothLanguages) {
    test::writeSampleRecording(m_folder / "sample.db", test::sampleTexts());
    test::visitEveryPage(m_folder / "sample.db");
    QTranslator words;
    ASSERT_TRUE(words.load(QLocale(QLocale::Korean), QStringLiteral("moescope"), QStringLiteral("_"),
                           QStringLiteral(":/i18n")));
    QApplication::installTranslator(&words);
    test::visitEveryPage(m_folder / "sample.db");
    QApplication::removeTranslator(&words);
}

TEST_F(VisitTest, theLab) {
    std::filesystem::copy_file(MOESCOPE_SOURCE_DIR "/datasets/lab/lab.moescope", m_folder / "lab.moescope");
    test::visitEveryPage(m_folder / "lab.moescope");
}

TEST_F(VisitTest, countsOfAnotherProgram) {
    std::ofstream(m_folder / "counts.csv") << "layer,expert,domain,count\n0,0,prose,60\n0,1,prose,20\n0,1,code,30\n"
                                              "0,2,code,10\n1,0,prose,40\n1,1,prose,40\n1,2,code,40\n";
    ImportRequest request;
    request.files = {m_folder / "counts.csv"};
    request.db = m_folder / "counts.moescope";
    ImportObserver quiet;
    ImportService().import(request, quiet);
    test::visitEveryPage(request.db);
}

} // namespace
} // namespace moescope
