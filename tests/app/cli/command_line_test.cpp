#include "app/cli/command_line.h"

#include <gtest/gtest.h>

namespace moescope::cli {

TEST(CommandLine, PlainWordsStayAsTheyAre) {
    const char* const argv[] = {"/opt/moescope", "record", "models/demo", "--input", "texts=news"};
    EXPECT_EQ(commandLine(5, argv), "moescope record models/demo --input texts=news");
}

TEST(CommandLine, WordsAShellWouldChangeAreQuoted) {
    EXPECT_EQ(shellQuoted("two words"), "'two words'");
    EXPECT_EQ(shellQuoted("it's"), "'it'\\''s'");
    EXPECT_EQ(shellQuoted(""), "''");
    EXPECT_EQ(shellQuoted("$HOME"), "'$HOME'");
}

} // namespace moescope::cli
