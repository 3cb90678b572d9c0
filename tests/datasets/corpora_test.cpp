// Holds the training corpora, where they have been built, against the bundled texts; and the tool that keeps the two
// apart against a small made-up corpus.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/document_reader.h"
#include "datasets/overlap.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;

std::string readFile(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// MOESCOPE_CORPORA names the folder that build_corpora.sh wrote.
TEST(Corpora, HoldNoRunOfTheBundledTexts) {
    const char* corpora = std::getenv("MOESCOPE_CORPORA");
    if (corpora == nullptr || !fs::exists(fs::path(corpora) / "READY"))
        GTEST_SKIP() << "set MOESCOPE_CORPORA to the output of datasets/scripts/build_corpora.sh to check it";
    OverlapIndex index;
    for (const TextDocument& document : readDocuments({{fs::path(MOESCOPE_SOURCE_DIR) / "datasets/texts", ""}}))
        index.add(document.text);
    index.build();
    std::mt19937 random(1);
    int sampled = 0;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(fs::path(corpora) / "train")) {
        if (entry.path().extension() != ".txt" || random() % 10 != 0)
            continue;
        const std::string text = readFile(entry.path());
        EXPECT_EQ(firstInvalidUtf8(text), std::string::npos) << entry.path();
        EXPECT_TRUE(index.find(text).empty()) << entry.path() << " repeats a bundled text";
        ++sampled;
    }
    EXPECT_GT(sampled, 0);
}

class StripTool : public testing::Test {
protected:
    void SetUp() override {
        write("held/a.txt", "It was the best of times, it was the worst of times, it was the age of wisdom.\n");
        write("in/prose/one.txt",
              "A first line.\nAs he said, it was the worst of times, it was the age of wisdom.\nEnd.\n");
        write("in/code/two.txt", "int main() { return 0; }\n");
        write("in/code/three.txt", "It was the best of times, it was the worst of times, it was the age of wisdom.\n");
    }
    void TearDown() override { fs::remove_all(m_folder); }

    void write(const std::string& name, const std::string& bytes) const {
        fs::create_directories((m_folder / name).parent_path());
        std::ofstream(m_folder / name, std::ios::binary) << bytes;
    }
    // Runs the tool in the folder and returns its exit status.
    int run(const std::string& arguments) const {
        const std::string command = "cd '" + m_folder.string() + "' && '" + MOESCOPE_BINARY_DIR +
                                    "/moescope_strip_overlap' " + arguments + " >out.log 2>err.log";
        const int status = std::system(command.c_str());
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    fs::path m_folder = fs::path(testing::TempDir()) / ("strip-" + std::to_string(getpid()));
};

TEST_F(StripTool, RemovesHeldOutLinesAndKeepsTheRest) {
    ASSERT_EQ(run("--exclude held in out"), 0);
    EXPECT_EQ(readFile(m_folder / "out/prose/one.txt"), "A first line.\nEnd.\n");
    EXPECT_EQ(readFile(m_folder / "out/code/two.txt"), "int main() { return 0; }\n");
    EXPECT_FALSE(fs::exists(m_folder / "out/code/three.txt")) << "nothing is left of it";
}

TEST_F(StripTool, ChecksWhatItWrote) {
    EXPECT_EQ(run("--exclude held --check in"), 1);
    EXPECT_THAT(readFile(m_folder / "err.log"), testing::HasSubstr("in/prose/one.txt: bytes "));
    ASSERT_EQ(run("--exclude held in out"), 0);
    EXPECT_EQ(run("--exclude held --check out"), 0);
}

TEST_F(StripTool, TheWindowIsTheShortestRunThatCounts) {
    write("in/prose/short.txt", "of times, it was\n");
    EXPECT_EQ(run("--window 16 --exclude held --check in/prose/short.txt"), 1);
    EXPECT_EQ(run("--window 17 --exclude held --check in/prose/short.txt"), 0);
}

TEST_F(StripTool, RefusesWrongUse) {
    EXPECT_EQ(run("in out"), 1);
    EXPECT_EQ(run("--exclude held in"), 1);
    EXPECT_EQ(run("--exclude nowhere in out"), 1);
    EXPECT_THAT(readFile(m_folder / "err.log"), testing::HasSubstr("nowhere: no such folder"));
}

} // namespace
} // namespace moescope
