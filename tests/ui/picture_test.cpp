// Pages as pictures, held against references drawn before. tests/golden/pictures/update.sh draws the references anew.
#include <gtest/gtest.h>

#include <QApplication>
#include <QCryptographicHash>
#include <QFile>
#include <QPainter>
#include <QRawFont>

#include "tests/support/recorded_run.h"
#include "tests/ui/picture_difference.h"
#include "tests/ui/sample_recording.h"
#include "ui/charts/theme.h"
#include "ui/render.h"

namespace moescope {
namespace {

const QString kReferences = QStringLiteral(MOESCOPE_SOURCE_DIR "/tests/golden/pictures/");

// What text looks like here: the fonts' own bytes and Qt's line. References drawn with others lie further away.
QString drawnWith() {
    QString words = QStringLiteral("Qt %1.%2\n").arg(QT_VERSION_MAJOR).arg(QT_VERSION_MINOR);
    for (const QFont& font : {textFont(), codeFont(10)}) {
        const QRawFont raw = QRawFont::fromFont(font);
        const QByteArray head = raw.fontTable("head") + raw.fontTable("maxp");
        words += raw.familyName() + QLatin1Char(' ') +
                 QString::fromLatin1(QCryptographicHash::hash(head, QCryptographicHash::Sha1).toHex().left(12)) +
                 QLatin1Char('\n');
    }
    return words;
}

QString textOf(const QString& file) {
    QFile in(file);
    return in.open(QIODevice::ReadOnly) ? QString::fromUtf8(in.readAll()) : QString();
}

bool updating() {
    return qEnvironmentVariableIsSet("MOESCOPE_UPDATE_PICTURES");
}

struct Picture {
    const char* name;
    const char* view;
    const char* runs = "a";
    bool dark = false;
    int token = -1;
};

void PrintTo(const Picture& picture, std::ostream* out) {
    *out << picture.name;
}

constexpr Picture kPictures[] = {{"overview", "overview"},
                                 {"load", "load"},
                                 {"load-dark", "load", "a", true},
                                 {"specialization", "specialization"},
                                 {"tokens", "tokens", "a", false, 20},
                                 {"tokens-dark", "tokens", "a", true, 20},
                                 {"capacity", "capacity"},
                                 {"flow", "flow", "a", false, 20},
                                 {"dossier", "dossier"},
                                 {"sql", "sql"},
                                 {"compare", "compare", "a,b"},
                                 {"training", "training"}};

class PictureTest : public ::testing::TestWithParam<Picture> {
protected:
    static void SetUpTestSuite() {
        s_folder = std::make_unique<test::TemporaryFolder>();
        test::SampleShape shape;
        test::writeSampleRecording(*s_folder / "sample.db", test::sampleTexts(), shape, "a");
        shape.seed = 8;
        test::writeSampleRecording(*s_folder / "sample.db", test::sampleTexts(), shape, "b");
    }
    static void TearDownTestSuite() { s_folder.reset(); }

    static QImage draw(const Picture& picture) {
        const Theme& theme = picture.dark ? darkTheme() : lightTheme();
        QApplication::setPalette(paletteOf(theme)); // as the program does that draws without a window
        QApplication::setFont(textFont());
        qApp->setStyleSheet({});
        RenderRequest request;
        request.db = *s_folder / "sample.db";
        request.output = *s_folder / "page.png";
        request.view = picture.view;
        request.run = picture.runs;
        request.dark = picture.dark;
        request.layer = LayerId(3);
        if (picture.token >= 0) {
            request.token = picture.token;
        }
        renderPage(request);
        return QImage(QString::fromStdString(request.output.string())).convertToFormat(QImage::Format_RGB32);
    }

    static std::unique_ptr<test::TemporaryFolder> s_folder;
};

std::unique_ptr<test::TemporaryFolder> PictureTest::s_folder;

TEST_P(PictureTest, looksAsBefore) {
    const QString file = kReferences + QLatin1String(GetParam().name) + QStringLiteral(".png");
    const QImage now = draw(GetParam());
    if (updating()) {
        const QImage small = test::withPalette(now); // kept whole where so few colours would show
        const bool alike = test::differenceOf(now, small.convertToFormat(QImage::Format_RGB32)).mean < 0.3;
        ASSERT_TRUE((alike ? small : now).save(file, "PNG", 0));
        QFile fonts(kReferences + QStringLiteral("fonts.txt"));
        ASSERT_TRUE(fonts.open(QIODevice::WriteOnly) && fonts.write(drawnWith().toUtf8()) > 0);
    }
    const QImage before(file);
    ASSERT_FALSE(before.isNull()) << file.toStdString();
    // Elsewhere than where the references were drawn, text is a little wider or narrower, and what follows it moves.
    const bool same = textOf(kReferences + QStringLiteral("fonts.txt")) == drawnWith();
    const int block = same ? 8 : 32;
    const auto apart = test::differenceOf(now, before.convertToFormat(QImage::Format_RGB32), block);
    EXPECT_LT(apart.changed, same ? 0.004 : 0.12) << "most at " << apart.worst.x() << ',' << apart.worst.y();
    EXPECT_LT(apart.mean, same ? 0.7 : 8.0);
    if (HasFailure()) {
        const QString kept =
            QStringLiteral(MOESCOPE_BINARY_DIR "/picture-") + QLatin1String(GetParam().name) + QStringLiteral(".png");
        now.save(kept);
        ADD_FAILURE() << "drawn now: " << kept.toStdString() << (same ? "" : " (with other fonts than the reference)");
    }
}

INSTANTIATE_TEST_SUITE_P(Pages, PictureTest, ::testing::ValuesIn(kPictures), [](const auto& picture) {
    std::string name = picture.param.name;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

// The comparison sees what it is there to see, and overlooks what it should.
TEST_F(PictureTest, theComparisonSeesAMovedBarAndAChangedColour) {
    const QImage page = draw(kPictures[1]);
    const auto changed = [&page](auto paint) {
        QImage copy = page;
        QPainter painter(&copy);
        paint(painter);
        painter.end();
        return test::differenceOf(page, copy);
    };
    EXPECT_EQ(test::differenceOf(page, page).changed, 0);
    const auto bar = changed([](QPainter& p) {
        p.fillRect(QRect(100, 600, 24, 120), Qt::white); // gone from here
        p.fillRect(QRect(140, 600, 24, 120), QColor("#d9730f"));
    });
    EXPECT_GT(bar.changed, 0.004);
    const auto colour = changed([](QPainter& p) { p.fillRect(QRect(80, 160, 130, 45), QColor("#3d7fc4")); });
    EXPECT_GT(colour.changed, 0.004);
    QImage shifted(page.size(), page.format());
    shifted.fill(Qt::white);
    QPainter shift(&shifted);
    shift.drawImage(QPoint(6, 0), page);
    shift.end();
    EXPECT_GT(test::differenceOf(page, shifted).changed, 0.004);
    const auto glyph = changed([](QPainter& p) { p.drawPoint(30, 30); });
    EXPECT_EQ(glyph.changed, 0);
    EXPECT_GT(test::differenceOf(page, draw(kPictures[2])).changed, 0.5); // dark
}

TEST_F(PictureTest, aPaletteKeepsThePicture) {
    const QImage page = draw(kPictures[1]);
    const auto apart = test::differenceOf(page, test::withPalette(page).convertToFormat(QImage::Format_RGB32));
    EXPECT_EQ(apart.changed, 0);
    EXPECT_LT(apart.mean, 0.5);
}

} // namespace
} // namespace moescope
