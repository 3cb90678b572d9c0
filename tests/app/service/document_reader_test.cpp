#include "app/service/document_reader.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/routing/error.h"

namespace moescope {

namespace fs = std::filesystem;

class DocumentReaderTest : public testing::Test {
protected:
    void SetUp() override { fs::create_directories(m_folder); }
    void TearDown() override { fs::remove_all(m_folder); }

    fs::path write(const std::string& name, const std::string& bytes) const {
        const fs::path file = m_folder / name;
        fs::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << bytes;
        return file;
    }
    std::string messageOf(const std::vector<TextInput>& inputs) const {
        try {
            readDocuments(inputs);
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    }

    fs::path m_folder = fs::path(testing::TempDir()) /
                        (std::string("documents-") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(DocumentReaderTest, SubFoldersNameDomainsInStableOrder) {
    write("zoo/b.txt", "B");
    write("art/deep/a.txt", "A");
    write("art/notes.md", "not a text");
    const auto documents = readDocuments({{m_folder, ""}});
    ASSERT_EQ(documents.size(), 2U);
    EXPECT_EQ(documents[0].name, "art/deep/a.txt");
    EXPECT_EQ(documents[0].domain, "art");
    EXPECT_EQ(documents[1].domain, "zoo");
    EXPECT_EQ(documents[1].text, "B");
}

TEST_F(DocumentReaderTest, AGivenDomainWins) {
    const auto documents = readDocuments({{write("a.txt", "A"), "news"}, {write("sub/b.txt", "B"), ""}});
    EXPECT_EQ(documents[0].domain, "news");
    EXPECT_EQ(documents[1].domain, "text");
}

TEST_F(DocumentReaderTest, JsonLinesHoldStringsOrObjects) {
    const auto file = write("a.jsonl", "\"one\"\n\n{\"text\":\"two\",\"domain\":\"news\",\"name\":\"n\"}\n");
    const auto documents = readDocuments({{file, "web"}});
    ASSERT_EQ(documents.size(), 2U);
    EXPECT_EQ(documents[0].text, "one");
    EXPECT_EQ(documents[0].domain, "web");
    EXPECT_EQ(documents[0].name, "a.jsonl:1");
    EXPECT_EQ(documents[1].domain, "news");
    EXPECT_EQ(documents[1].name, "n");
}

TEST_F(DocumentReaderTest, BadInputNamesThePlaceAndTheRemedy) {
    EXPECT_THAT(messageOf({{m_folder / "missing.txt", ""}}), testing::HasSubstr("missing.txt: no such file"));
    EXPECT_THAT(messageOf({{write("bad.txt", "ab\xFFz"), ""}}), testing::HasSubstr("byte 0xFF at offset 2"));
    EXPECT_THAT(messageOf({{write("bad.jsonl", "\"ok\"\n[1]\n"), ""}}), testing::HasSubstr("bad.jsonl, line 2"));
    fs::create_directories(m_folder / "empty");
    EXPECT_THAT(messageOf({{m_folder / "empty", ""}}), testing::HasSubstr("no .txt or .jsonl"));
}

TEST_F(DocumentReaderTest, ReadsTokenIds) {
    const auto ids = readTokenIds(write("ids.json", "[[1,2,3],[],[9]]"), 10);
    ASSERT_EQ(ids.size(), 3U);
    EXPECT_EQ(ids[0], (std::vector<std::int32_t>{1, 2, 3}));
    EXPECT_THROW(readTokenIds(write("big.json", "[[1,10]]"), 10), Error);
    EXPECT_THROW(readTokenIds(write("neg.json", "[[-1]]"), 10), Error);
    EXPECT_THROW(readTokenIds(write("huge.json", "[[99999999999999999999]]"), 10), Error);
    EXPECT_THROW(readTokenIds(write("flat.json", "[1,2]"), 10), Error);
    EXPECT_THROW(readTokenIds(write("cut.json", "[[1,"), 10), Error);
}

TEST(FirstInvalidUtf8, FollowsTheStandard) {
    EXPECT_EQ(firstInvalidUtf8("plain \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"), std::string::npos);
    EXPECT_EQ(firstInvalidUtf8("\xC0\x80"), 0U);         // overlong
    EXPECT_EQ(firstInvalidUtf8("a\xED\xA0\x80"), 1U);    // surrogate
    EXPECT_EQ(firstInvalidUtf8("\xF4\x90\x80\x80"), 0U); // above U+10FFFF
    EXPECT_EQ(firstInvalidUtf8("ok\xE2\x82"), 2U);       // cut off
    EXPECT_EQ(firstInvalidUtf8("\x80"), 0U);
}

} // namespace moescope
