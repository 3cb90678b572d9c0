#include "engine/tokenizer/bpe_trainer.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/routing/error.h"
#include "engine/tokenizer/byte_alphabet.h"
#include "engine/tokenizer/pair_counts.h"
#include "engine/tokenizer/text_input.h"

namespace moescope {
namespace {

constexpr std::int32_t kBytes = 256;

using Json = nlohmann::ordered_json;

Json preTokenizerJson() {
    const Json split = {{"type", "Split"},
                        {"pattern", {{"Regex", std::string(BpeTrainer::kPattern)}}},
                        {"behavior", "Isolated"},
                        {"invert", false}};
    const Json bytes = {
        {"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", false}};
    return {{"type", "Sequence"}, {"pretokenizers", Json::array({split, bytes})}};
}

Json templateJson(const std::string& first) {
    const auto special = [&](int type) { return Json{{"SpecialToken", {{"id", first}, {"type_id", type}}}}; };
    const auto text = [](const char* name, int type) { return Json{{"Sequence", {{"id", name}, {"type_id", type}}}}; };
    Json ids = Json::object();
    ids[first] = {{"id", first}, {"ids", Json::array({0})}, {"tokens", Json::array({first})}};
    return {{"type", "TemplateProcessing"},
            {"single", Json::array({special(0), text("A", 0)})},
            {"pair", Json::array({special(0), text("A", 0), special(1), text("B", 1)})},
            {"special_tokens", ids}};
}

Json addedTokensJson(const std::vector<std::string>& specials) {
    Json tokens = Json::array();
    for (std::size_t id = 0; id < specials.size(); ++id) {
        tokens.push_back({{"id", id},
                          {"content", specials[id]},
                          {"single_word", false},
                          {"lstrip", false},
                          {"rstrip", false},
                          {"normalized", false},
                          {"special", true}});
    }
    return tokens;
}

Json modelJson(const TrainedBpe& trained) {
    Json vocabulary = Json::object();
    std::int32_t id = 0;
    for (const std::string& special : trained.specials) {
        vocabulary[special] = id++;
    }
    for (const std::string& token : trained.tokens) {
        vocabulary[byte_alphabet::write(token)] = id++;
    }
    Json merges = Json::array();
    for (const auto& [left, right] : trained.merges) {
        merges.push_back(Json::array({byte_alphabet::write(left), byte_alphabet::write(right)}));
    }
    return {{"type", "BPE"},
            {"dropout", nullptr},
            {"unk_token", nullptr},
            {"continuing_subword_prefix", nullptr},
            {"end_of_word_suffix", nullptr},
            {"fuse_unk", false},
            {"byte_fallback", false},
            {"ignore_merges", false},
            {"vocab", std::move(vocabulary)},
            {"merges", std::move(merges)}};
}

// A character that a merge would leave in the middle is no reason to refuse it: bytes are what tokens are made of.
std::string concatenation(const TrainedBpe& trained, const PairCounts::Pair& pair) {
    return trained.tokens[std::size_t(pair.left)] + trained.tokens[std::size_t(pair.right)];
}

} // namespace

BpeTrainer::BpeTrainer() : m_split(TextPattern(Regex(kPattern)), SplitBehavior::Isolated) {}

void BpeTrainer::addText(std::string_view text, std::int64_t weight) {
    requireUtf8(text);
    if (text.empty()) {
        return;
    }
    m_pieces.text = text;
    m_pieces.pieces = {{0, text.size()}};
    m_split.apply(m_pieces);
    for (const PieceList::Range& range : m_pieces.pieces) {
        const std::string_view word = m_pieces.view(range);
        const auto known = m_words.find(word);
        if (known != m_words.end()) {
            known->second += weight;
        } else {
            m_words.emplace(word, weight);
        }
    }
}

TrainedBpe BpeTrainer::train(std::int32_t size, std::vector<std::string> specials) const {
    TrainedBpe trained;
    trained.specials = std::move(specials);
    const auto merges = std::int64_t(size) - kBytes - std::int64_t(trained.specials.size());
    if (merges < 0) {
        throw Error(ErrorCode::InvalidArgument,
                    "a vocabulary of " + std::to_string(size) + " tokens has no room for the 256 bytes and " +
                        std::to_string(trained.specials.size()) + " special tokens; ask for more");
    }
    for (int byte = 0; byte < kBytes; ++byte) {
        trained.tokens.emplace_back(1, static_cast<char>(byte));
    }
    std::vector<std::pair<std::string, std::int64_t>> words(m_words.begin(), m_words.end());
    std::sort(words.begin(), words.end()); // the same order everywhere
    PairCounts counts(words);
    words = {};
    while (std::int64_t(trained.merges.size()) < merges) {
        const PairCounts::Pair pair = counts.takeMostFrequent();
        if (pair.count < 2) {
            break;
        }
        const auto result = std::int32_t(trained.tokens.size());
        trained.merges.emplace_back(trained.tokens[std::size_t(pair.left)], trained.tokens[std::size_t(pair.right)]);
        trained.tokens.push_back(concatenation(trained, pair));
        counts.merge(pair, result);
    }
    return trained;
}

void writeTokenizerJson(const TrainedBpe& trained, const std::filesystem::path& file) {
    Json json;
    json["version"] = "1.0";
    json["truncation"] = nullptr;
    json["padding"] = nullptr;
    json["added_tokens"] = addedTokensJson(trained.specials);
    json["normalizer"] = nullptr;
    json["pre_tokenizer"] = preTokenizerJson();
    json["post_processor"] = trained.specials.empty() ? Json(nullptr) : templateJson(trained.specials.front());
    json["decoder"] = {{"type", "ByteLevel"}, {"add_prefix_space", true}, {"trim_offsets", true}, {"use_regex", true}};
    json["model"] = modelJson(trained);
    const std::filesystem::path unfinished = file.string() + ".tmp";
    std::ofstream out(unfinished, std::ios::binary);
    out << json.dump(1) << '\n';
    out.close();
    std::error_code problem;
    if (out) {
        std::filesystem::rename(unfinished, file, problem);
    }
    if (!out || problem) {
        std::filesystem::remove(unfinished, problem);
        throw Error(ErrorCode::Io, file.string() + ": cannot be written; check the folder and the free space");
    }
}

} // namespace moescope
