#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTranslator>
#include <QXmlStreamReader>

#include "ui/pages/page_factory.h"

namespace moescope {
namespace {

const QString kSource = QStringLiteral(MOESCOPE_SOURCE_DIR);

struct Message {
    QString source, translation;
    bool unfinished = false;
};

QList<Message> messages() {
    QFile file(kSource + QStringLiteral("/ui/i18n/moescope_ko.ts"));
    EXPECT_TRUE(file.open(QIODevice::ReadOnly));
    QXmlStreamReader xml(&file);
    QList<Message> out;
    while (!xml.atEnd()) {
        xml.readNext();
        if (!xml.isStartElement()) {
            continue;
        }
        if (xml.name() == QLatin1String("source")) {
            out << Message{xml.readElementText(), {}, false};
        } else if (xml.name() == QLatin1String("translation")) {
            out.last().unfinished = xml.attributes().hasAttribute(QLatin1String("type"));
            out.last().translation = xml.readElementText(QXmlStreamReader::IncludeChildElements).trimmed();
        }
    }
    return out;
}

QStringList placeholders(const QString& text) {
    static const QRegularExpression pattern(QStringLiteral("%[0-9n]"));
    QStringList out;
    for (auto it = pattern.globalMatch(text); it.hasNext();) {
        out << it.next().captured();
    }
    out.sort();
    return out;
}

TEST(KoreanTranslation, isCompleteAndKorean) {
    static const QRegularExpression hangul(QStringLiteral("[가-힣]"));
    const auto all = messages();
    EXPECT_GT(all.size(), 300);
    for (const Message& m : all) {
        EXPECT_FALSE(m.unfinished) << m.source.toStdString();
        EXPECT_TRUE(m.translation.contains(hangul)) << m.source.toStdString();
        EXPECT_EQ(placeholders(m.source), placeholders(m.translation)) << m.source.toStdString();
    }
}

// Every literal that the sources hand to tr() has a translation.
TEST(KoreanTranslation, knowsEveryStringOfTheSources) {
    QStringList known;
    for (const Message& m : messages()) {
        known << m.source;
    }
    static const QRegularExpression call(QStringLiteral("\\btr\\(\\s*((?:\"(?:[^\"\\\\]|\\\\.)*\"\\s*)+)"));
    static const QRegularExpression join(QStringLiteral("\"\\s*\""));
    QDirIterator files(kSource + QStringLiteral("/ui"), {QStringLiteral("*.cpp"), QStringLiteral("*.h")}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        ASSERT_TRUE(file.open(QIODevice::ReadOnly));
        const QString code = QString::fromUtf8(file.readAll());
        for (auto it = call.globalMatch(code); it.hasNext();) {
            QString text = it.next().captured(1).trimmed();
            text.replace(join, QString());
            text = text.mid(1, text.size() - 2).replace(QLatin1String("\\\""), QLatin1String("\""));
            EXPECT_TRUE(known.contains(text)) << file.fileName().toStdString() << ": " << text.toStdString();
        }
    }
}

TEST(KoreanTranslation, isBuiltIn) {
    QTranslator words;
    ASSERT_TRUE(words.load(QLocale(QLocale::Korean), QStringLiteral("moescope"), QStringLiteral("_"),
                           QStringLiteral(":/i18n")));
    QCoreApplication::installTranslator(&words);
    EXPECT_EQ(pageTitle(QStringLiteral("capacity")), QStringLiteral("용량"));
    QCoreApplication::removeTranslator(&words);
}

} // namespace
} // namespace moescope
