#include "datasets/document_reader.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/routing/error.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;

class CorpusReaderTest : public testing::Test {
protected:
    void SetUp() override { fs::create_directories(m_folder); }
    void TearDown() override { fs::remove_all(m_folder); }

    fs::path write(const std::string& name, const std::string& bytes) const {
        const fs::path file = m_folder / name;
        fs::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << bytes;
        return file;
    }

    fs::path m_folder = fs::path(testing::TempDir()) / ("corpus-" + std::to_string(getpid()));
};

TEST_F(CorpusReaderTest, OrdersFoldersByBytesOfTheirPaths) {
    for (const char* name : {"b/1.txt", "a/z.txt", "a/B.txt", "a-b/1.txt", "a/sub/0.txt", "10.txt", "9.txt"})
        write(name, name);
    std::vector<std::string> names;
    for (const TextDocument& document : readDocuments({{m_folder, ""}}))
        names.push_back(document.name);
    EXPECT_THAT(names,
                testing::ElementsAre("10.txt", "9.txt", "a-b/1.txt", "a/B.txt", "a/sub/0.txt", "a/z.txt", "b/1.txt"));
}

TEST_F(CorpusReaderTest, LeavesOutHiddenFilesAndOtherKinds) {
    write("a/.hidden.txt", "x");
    write(".git/a.txt", "x");
    write("a/readme.md", "x");
    write("a/kept.txt", "x");
    EXPECT_EQ(readDocuments({{m_folder, ""}}).size(), 1U);
}

TEST_F(CorpusReaderTest, FilesDirectlyInAFolderHaveItsName) {
    write("texts/a.txt", "x");
    for (const char* spelling : {"texts", "texts/", "texts/."})
        EXPECT_EQ(readDocuments({{m_folder / spelling, ""}}).at(0).domain, "texts") << spelling;
}

TEST_F(CorpusReaderTest, TakesOffTheByteOrderMark) {
    EXPECT_EQ(readDocuments({{write("a.txt", "\xEF\xBB\xBFtext"), ""}}).at(0).text, "text");
}

TEST_F(CorpusReaderTest, KeepsTheTextByteForByte) {
    const std::string text = std::string("a\r\nb\0c\n\n", 8) + "\xF0\x9F\x98\x80";
    EXPECT_EQ(readDocuments({{write("a.txt", text), ""}}).at(0).text, text);
}

TEST_F(CorpusReaderTest, ReadsStandardInput) {
    std::istringstream in("from a pipe");
    const auto documents = readDocuments({{"-", "chat"}}, in);
    ASSERT_EQ(documents.size(), 1U);
    EXPECT_EQ(documents[0].text, "from a pipe");
    EXPECT_EQ(documents[0].domain, "chat");
    std::istringstream bad("ok\xC3(");
    EXPECT_THROW(static_cast<void>(readDocuments({{"-", ""}}, bad)), Error);
}

TEST_F(CorpusReaderTest, EmptyTextsAreDocumentsWithoutText) {
    const auto documents = readDocuments({{write("a.txt", ""), ""}, {write("b.jsonl", "\"\"\n\n"), ""}});
    ASSERT_EQ(documents.size(), 2U);
    EXPECT_EQ(documents[0].text + documents[1].text, "");
}

TEST_F(CorpusReaderTest, JsonEscapesMustBeCharacters) {
    EXPECT_EQ(readDocuments({{write("a.jsonl", R"("\ud83d\ude00")"), ""}}).at(0).text, "\xF0\x9F\x98\x80");
    EXPECT_THROW(static_cast<void>(readDocuments({{write("b.jsonl", R"("\ud83d")"), ""}})), Error);
}

TEST(FirstInvalidUtf8, KnowsTheEdgesOfEveryRange) {
    constexpr std::size_t kValid = std::string_view::npos;
    for (const char* text : {"", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                             "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
        EXPECT_EQ(firstInvalidUtf8(text), kValid);
    for (const char* text : {"\x80", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF", "\xED\xA0\x80",
                             "\xE1\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"})
        EXPECT_EQ(firstInvalidUtf8(std::string("ab") + text), 2U);
}

} // namespace
} // namespace moescope
