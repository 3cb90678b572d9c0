#include "engine/tokenizer/bpe_trainer.h"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <map>

#include "engine/routing/error.h"
#include "engine/tokenizer/corpus_sample.h"
#include "engine/tokenizer/pair_counts.h"
#include "engine/tokenizer/tokenizer.h"

namespace moescope {
namespace {

const std::string kText =
    "the cat sat on the mat; the hat of the cat sat.\n\tint main() { return 12345; }\n"
    "Über die Brücke \xED\x95\x9C\xEA\xB5\xAD\xEC\x96\xB4 \xE4\xB8\xAD\xE6\x96\x87 aaaa aaaaa abab\n";

std::filesystem::path temporaryFile(const std::string& name) {
    return std::filesystem::path(testing::TempDir()) / ("moescope_" + name);
}

// Counts everything anew before every merge.
std::vector<std::pair<std::string, std::string>> naiveMerges(const std::map<std::string, std::int64_t>& words,
                                                             std::size_t merges) {
    std::vector<std::pair<std::vector<std::int32_t>, std::int64_t>> rows;
    std::vector<std::string> tokens;
    for (int byte = 0; byte < 256; ++byte) {
        tokens.emplace_back(1, static_cast<char>(byte));
    }
    for (const auto& [word, count] : words) {
        rows.emplace_back();
        rows.back().second = count;
        for (const char byte : word) {
            rows.back().first.push_back(static_cast<unsigned char>(byte));
        }
    }
    std::vector<std::pair<std::string, std::string>> found;
    while (found.size() < merges) {
        std::map<std::pair<std::int32_t, std::int32_t>, std::int64_t> counts;
        for (const auto& [row, count] : rows) {
            for (std::size_t i = 0; i + 1 < row.size(); ++i) {
                counts[{row[i], row[i + 1]}] += count;
            }
        }
        auto best = counts.begin();
        for (auto pair = counts.begin(); pair != counts.end(); ++pair) {
            best = pair->second > best->second ? pair : best;
        }
        if (best == counts.end() || best->second < 2) {
            break;
        }
        const auto [left, right] = best->first;
        for (auto& [row, count] : rows) {
            std::vector<std::int32_t> merged;
            for (std::size_t i = 0; i < row.size(); ++i) {
                const bool pair = i + 1 < row.size() && row[i] == left && row[i + 1] == right;
                merged.push_back(pair ? std::int32_t(tokens.size()) : row[i]);
                i += pair ? 1 : 0;
            }
            row = merged;
        }
        found.emplace_back(tokens[std::size_t(left)], tokens[std::size_t(right)]);
        tokens.push_back(tokens[std::size_t(left)] + tokens[std::size_t(right)]);
    }
    return found;
}

TEST(BpeTrainer, mergesWhatCountingAnewWouldMerge) {
    const std::map<std::string, std::int64_t> words = {{" the", 7},  {"aaaa", 3}, {"aaaaaaa", 2}, {"abababa", 5},
                                                       {" that", 2}, {"bab", 4},  {" then", 1},   {"x", 9}};
    PairCounts counts({words.begin(), words.end()});
    std::vector<std::string> tokens;
    for (int byte = 0; byte < 256; ++byte) {
        tokens.emplace_back(1, static_cast<char>(byte));
    }
    for (const auto& [left, right] : naiveMerges(words, 100)) {
        const PairCounts::Pair pair = counts.takeMostFrequent();
        ASSERT_EQ(tokens[std::size_t(pair.left)], left);
        ASSERT_EQ(tokens[std::size_t(pair.right)], right);
        counts.merge(pair, std::int32_t(tokens.size()));
        tokens.push_back(left + right);
    }
    EXPECT_LT(counts.takeMostFrequent().count, 2);
}

TEST(BpeTrainer, writesAFileThatReadsTheTextBack) {
    BpeTrainer trainer;
    trainer.addText(kText, 3);
    const TrainedBpe trained = trainer.train(300, {"<|bos|>", "<|eos|>"});
    EXPECT_EQ(trained.specials.size() + trained.tokens.size(), 300U);
    const auto file = temporaryFile("trained.json");
    writeTokenizerJson(trained, file);
    const auto tokenizer = Tokenizer::open(file);
    EXPECT_EQ(tokenizer->vocabularySize(), 300);
    EXPECT_EQ(tokenizer->bos(), 0);
    EXPECT_EQ(tokenizer->eos(), 1);
    const auto ids = tokenizer->encode(kText, true);
    EXPECT_EQ(ids.front(), 0);
    EXPECT_LT(ids.size(), kText.size() * 3 / 4);
    EXPECT_EQ(tokenizer->decode(ids, true), kText);
    std::string pieces;
    for (const std::int32_t id : tokenizer->encode(kText, false)) {
        pieces += tokenizer->piece(id);
    }
    EXPECT_EQ(pieces, kText);
    EXPECT_EQ(tokenizer->piece(0), "<|bos|>");
    EXPECT_EQ(tokenizer->piece(2 + 'A'), "A");
    EXPECT_EQ(tokenizer->piece(300), "");
}

TEST(BpeTrainer, isDeterministicAndStopsWhenNothingRepeats) {
    const auto train = [](std::int32_t size) {
        BpeTrainer trainer;
        trainer.addText(kText);
        return trainer.train(size, {});
    };
    EXPECT_EQ(train(290).merges, train(290).merges);
    const TrainedBpe all = train(5000);
    EXPECT_LT(all.tokens.size(), 400U);
    EXPECT_EQ(all.tokens.size(), 256 + all.merges.size());
}

TEST(BpeTrainer, refusesWhatItCannotLearnFrom) {
    BpeTrainer trainer;
    EXPECT_THROW(trainer.addText("\xFF"), Error);
    EXPECT_THROW(trainer.train(257, {"<|bos|>", "<|eos|>"}), Error);
    EXPECT_THROW(writeTokenizerJson(trainer.train(256, {}), "/nowhere/at/all.json"), Error);
}

TEST(CorpusSample, takesAnEvenShareInWholeCharacters) {
    const std::filesystem::path folder = temporaryFile("sample_domain");
    std::filesystem::create_directories(folder / "deep");
    std::ofstream(folder / "b.txt") << std::string(400'000, 'b');
    std::ofstream other(folder / "deep" / "a.txt");
    for (int i = 0; i < 200'000; ++i) {
        other << "\xE4\xB8\xAD";
    }
    other.close();
    std::ofstream(folder / "not_text.bin") << "\xFF";
    std::int64_t bytes = 0;
    std::map<char, std::int64_t> byFirst;
    const auto sample = sampleDomain(folder, 500'000, [&](std::string_view text) {
        bytes += std::int64_t(text.size());
        byFirst[text.front()] += std::int64_t(text.size());
        BpeTrainer().addText(text); // throws unless it is whole characters
    });
    EXPECT_EQ(sample.bytes, 1'000'000);
    EXPECT_EQ(sample.sampled, bytes);
    EXPECT_NEAR(double(bytes), 500'000, 70'000);
    EXPECT_NEAR(double(byFirst['b']), 200'000, 70'000);
    std::filesystem::remove_all(folder);
}

} // namespace
} // namespace moescope
