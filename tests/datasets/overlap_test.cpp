#include "datasets/overlap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <unordered_set>

namespace moescope {
namespace {

std::string randomText(std::size_t size, std::uint32_t seed, int alphabet = 4) {
    std::mt19937 random(seed);
    std::string text(size, ' ');
    for (char& c : text) {
        c = static_cast<char>('a' + static_cast<int>(random() % static_cast<std::uint32_t>(alphabet)));
    }
    return text;
}

OverlapIndex indexOf(std::string_view reference, std::size_t window) {
    OverlapIndex index(window);
    index.add(reference);
    index.build();
    return index;
}

// The definition itself: which bytes of the text belong to a window of the reference.
std::vector<bool> coveredNaively(std::string_view text, std::string_view reference, std::size_t window) {
    std::unordered_set<std::string_view> windows;
    for (std::size_t i = 0; i + window <= reference.size(); ++i) {
        windows.insert(reference.substr(i, window));
    }
    std::vector<bool> covered(text.size(), false);
    for (std::size_t i = 0; i + window <= text.size(); ++i) {
        if (windows.contains(text.substr(i, window))) {
            std::fill_n(covered.begin() + static_cast<std::ptrdiff_t>(i), window, true);
        }
    }
    return covered;
}

TEST(OverlapIndex, FindsExactlyWhatTheDefinitionSays) {
    for (const std::size_t window : {1U, 2U, 5U, 8U, 50U}) {
        const std::string reference = randomText(600, 7);
        std::string text = randomText(2000, 8) + reference.substr(100, 120) + randomText(300, 9);
        const std::vector<bool> expected = coveredNaively(text, reference, window);
        std::vector<bool> found(text.size(), false);
        for (const ByteRange range : indexOf(reference, window).find(text)) {
            std::fill(found.begin() + static_cast<std::ptrdiff_t>(range.begin),
                      found.begin() + static_cast<std::ptrdiff_t>(range.end), true);
        }
        EXPECT_EQ(found, expected) << "window " << window;
    }
}

TEST(OverlapIndex, WindowsDoNotSpanTwoReferences) {
    OverlapIndex index(4);
    index.add("abcd");
    index.add("efgh");
    index.build();
    EXPECT_EQ(index.windowCount(), 2U);
    EXPECT_TRUE(index.find("xcdefx").empty());
    EXPECT_EQ(index.find("xabcdx").size(), 1U);
}

TEST(OverlapIndex, RemovesWholeLines) {
    const OverlapIndex index = indexOf("held out words", 8);
    EXPECT_EQ(index.strip("first line\nsome held out words here\nlast line\n"), "first line\nlast line\n");
    EXPECT_EQ(index.strip("nothing of it\n"), "nothing of it\n");
    EXPECT_EQ(index.strip(""), "");
}

TEST(OverlapIndex, CutsLongLinesAtWhiteSpaceOnly) {
    const OverlapIndex index = indexOf("held out words", 8);
    EXPECT_EQ(index.strip("a long line with held out words in its middle", 20), "a long line with \n in its middle");
}

TEST(OverlapIndex, NeverCutsACharacterInTwo) {
    // One line without white space: cuts have only the edges of the three-byte characters to go by.
    std::string line;
    for (int i = 0; i < 60; ++i) {
        line += "\xEA\xB0\x80\xEB\x82\x98"; // U+AC00 U+B098
    }
    const std::string held = "\x80\xEB\x82\x98 rest of the held-out text";
    std::string text = line + held.substr(1) + line;
    const std::string kept = indexOf(held, 10).strip(text, 40);
    for (std::size_t i = 0; i < kept.size(); ++i) {
        const auto byte = static_cast<unsigned char>(kept[i]);
        if (i == 0 || kept[i - 1] == '\n') {
            EXPECT_NE(byte & 0xC0U, 0x80U) << "a line starts inside a character at " << i;
        }
    }
    EXPECT_TRUE(indexOf(held, 10).find(kept).empty());
}

TEST(OverlapIndex, WhatIsKeptNeverOverlaps) {
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
        const std::string reference = randomText(300, seed, 2);
        std::string text = randomText(3000, seed + 100, 2);
        for (std::size_t i = 37; i < text.size(); i += 41) {
            text[i] = '\n';
        }
        const OverlapIndex index = indexOf(reference, 9);
        for (const std::size_t longLine : {10U, 400U}) {
            EXPECT_TRUE(index.find(index.strip(text, longLine)).empty()) << "seed " << seed;
        }
    }
}

} // namespace
} // namespace moescope
