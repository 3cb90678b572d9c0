#include "engine/tokenizer/bpe_model.h"

#include <gtest/gtest.h>
#include <map>
#include <random>

#include "engine/tokenizer/utf8.h"

namespace moescope {
namespace {

using Ids = std::vector<std::int32_t>;

// A vocabulary over a few characters of one to four bytes, grown by random merges.
BpeConfig randomConfig(std::mt19937& random, int merges) {
    BpeConfig config;
    std::vector<std::string> tokens = {"a", "b", "c", "\xC3\xA9", "\xE4\xB8\xAD", "\xF0\x9F\x98\x80"};
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        config.vocabulary.add(tokens[i], std::int32_t(i));
    }
    while (int(config.merges.size()) < merges) {
        const std::string left = tokens[random() % tokens.size()];
        const std::string right = tokens[random() % tokens.size()];
        if (config.vocabulary.idOf(left + right) == kNoToken && left.size() + right.size() < 20) {
            config.vocabulary.add(left + right, std::int32_t(tokens.size()));
            tokens.push_back(left + right);
            config.merges.emplace_back(left, right);
        }
    }
    return config;
}

std::string randomWord(std::mt19937& random, std::size_t characters) {
    constexpr std::string_view kCharacters[] = {"a", "b", "c", "\xC3\xA9", "\xE4\xB8\xAD", "\xF0\x9F\x98\x80", "x"};
    std::string word;
    for (std::size_t i = 0; i < characters; ++i) {
        word += kCharacters[random() % std::size(kCharacters)];
    }
    return word;
}

// The definition: merge the first of the pairs with the lowest rank, until no pair is a merge.
Ids naiveEncode(const BpeConfig& config, const std::string& word) {
    std::map<std::pair<std::string, std::string>, std::size_t> ranks;
    for (std::size_t i = 0; i < config.merges.size(); ++i) {
        ranks[config.merges[i]] = i;
    }
    std::vector<std::string> symbols;
    for (std::size_t i = 0; i < word.size();) {
        const std::size_t length = utf8::lengthAt(static_cast<unsigned char>(word[i]));
        if (config.vocabulary.idOf(word.substr(i, length)) != kNoToken) {
            symbols.push_back(word.substr(i, length));
        }
        i += length;
    }
    while (true) {
        std::size_t best = config.merges.size();
        std::size_t where = 0;
        for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
            const auto rank = ranks.find({symbols[i], symbols[i + 1]});
            if (rank != ranks.end() && rank->second < best) {
                best = rank->second;
                where = i;
            }
        }
        if (best == config.merges.size()) {
            break;
        }
        symbols[where] += symbols[where + 1];
        symbols.erase(symbols.begin() + std::ptrdiff_t(where) + 1);
    }
    Ids ids;
    for (const std::string& symbol : symbols) {
        ids.push_back(config.vocabulary.idOf(symbol));
    }
    return ids;
}

Ids encodeWhole(const BpeModel& model, const std::string& word) {
    BpeModel::Scratch scratch;
    Ids ids;
    model.encode(word, scratch, ids);
    return ids;
}

Ids encodeParts(const BpeModel& model, const std::string& word) {
    BpeModel::Scratch scratch;
    Ids ids;
    for (std::size_t begin = 0; begin < word.size();) {
        const std::size_t end = model.partEnd(word, begin);
        model.encode(std::string_view(word).substr(begin, end - begin), scratch, ids);
        begin = end;
    }
    return ids;
}

TEST(BpeModel, mergesByDefinition) {
    std::mt19937 random(5);
    for (int round = 0; round < 60; ++round) {
        const BpeConfig config = randomConfig(random, round);
        const BpeModel model(config, "test");
        for (const std::size_t length : {1U, 2U, 7U, 24U, 25U, 60U, 300U}) {
            const std::string word = randomWord(random, length);
            ASSERT_EQ(encodeWhole(model, word), naiveEncode(config, word)) << word;
        }
    }
}

TEST(BpeModel, partsEncodeLikeTheWhole) {
    std::mt19937 random(6);
    for (int round = 0; round < 200; ++round) {
        BpeConfig config = randomConfig(random, round % 20);
        const int variant = round % 3;
        if (variant > 0) {
            config.vocabulary.add("<unk>", config.vocabulary.size());
            config.unknown = "<unk>";
            config.fuseUnknown = variant == 2;
        }
        const BpeModel model(config, "test");
        const std::string word = randomWord(random, 100);
        ASSERT_EQ(encodeParts(model, word), encodeWhole(model, word)) << word;
    }
}

TEST(BpeModel, unknownCharactersAreDroppedNamedOrFused) {
    BpeConfig config;
    config.vocabulary.add("a", 0);
    EXPECT_EQ(encodeWhole(BpeModel(config, "test"), "axxa"), (Ids{0, 0}));
    config.vocabulary.add("<unk>", 1);
    config.unknown = "<unk>";
    EXPECT_EQ(encodeWhole(BpeModel(config, "test"), "axxa"), (Ids{0, 1, 1, 0}));
    config.fuseUnknown = true;
    EXPECT_EQ(encodeWhole(BpeModel(config, "test"), "axxax"), (Ids{0, 1, 0, 1}));
}

TEST(BpeModel, bytesStandInForCharacters) {
    BpeConfig config;
    config.vocabulary.add("a", 0);
    config.vocabulary.add("<0xC3>", 1);
    config.vocabulary.add("<0xA9>", 2);
    config.vocabulary.add("<unk>", 3);
    config.unknown = "<unk>";
    config.byteFallback = true;
    EXPECT_EQ(encodeWhole(BpeModel(config, "test"), "a\xC3\xA9\xE4\xB8\xAD"), (Ids{0, 1, 2, 3}));
}

TEST(BpeModel, prefixAndSuffixMarkPlacesInAWord) {
    BpeConfig config;
    config.subwordPrefix = "##";
    config.wordSuffix = "</w>";
    const std::vector<std::string> tokens = {"a", "##b", "##c</w>", "ab", "##bc</w>", "abc</w>", "a</w>"};
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        config.vocabulary.add(tokens[i], std::int32_t(i));
    }
    config.merges = {{"a", "##b"}, {"ab", "##c</w>"}};
    const BpeModel model(config, "test");
    EXPECT_EQ(encodeWhole(model, "abc"), Ids{5});
    EXPECT_EQ(encodeWhole(model, "a"), Ids{6});
}

} // namespace
} // namespace moescope
