// Reading a tokenizer.json into its stages.
#include <array>
#include <utility>

#include "engine/routing/error.h"
#include "engine/tokenizer/json_node.h"
#include "engine/tokenizer/json_tokenizer.h"
#include "engine/tokenizer/text_input.h"

namespace moescope {
namespace {

nlohmann::json parseJson(const std::string& text, const std::string& file) {
    try {
        return nlohmann::json::parse(text);
    } catch (const nlohmann::json::exception& error) {
        throw Error(ErrorCode::Corruption,
                    file + ": not valid JSON (" + error.what() + "); the file is damaged or cut off, get it again");
    }
}

// Ids far beyond what the vocabulary needs would only cost memory, here and in everything indexed by them.
std::int64_t idLimit(std::int64_t tokens) {
    return tokens * 4 + 65536;
}

Vocabulary readVocabulary(const JsonNode& node) {
    if (!node.raw().is_object()) {
        node.corrupt("an object of tokens and ids was expected");
    }
    Vocabulary vocabulary;
    const std::int64_t limit = idLimit(std::int64_t(node.raw().size()));
    for (const auto& [token, value] : node.raw().items()) {
        if (!value.is_number_integer() || value.get<std::int64_t>() < 0 || value.get<std::int64_t>() >= limit) {
            node.corrupt("the id of '" + token + "' is not a usable number");
        }
        vocabulary.add(token, value.get<std::int32_t>());
    }
    return vocabulary;
}

std::pair<std::string, std::string> readMerge(const JsonNode& list, std::size_t index) {
    const nlohmann::json& merge = list.raw()[index];
    if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
        return {merge[0].get<std::string>(), merge[1].get<std::string>()};
    }
    if (merge.is_string()) {
        const auto& text = merge.get_ref<const std::string&>();
        const std::size_t space = text.find(' ');
        if (space != std::string::npos && text.find(' ', space + 1) == std::string::npos) {
            return {text.substr(0, space), text.substr(space + 1)};
        }
    }
    list.corrupt("entry " + std::to_string(index) + " is not a pair of tokens");
}

BpeConfig readBpe(const JsonNode& node) {
    BpeConfig config;
    config.vocabulary = readVocabulary(node.at("vocab"));
    const JsonNode merges = node.at("merges");
    if (!merges.raw().is_array()) {
        merges.corrupt("a list was expected");
    }
    config.merges.reserve(merges.raw().size());
    for (std::size_t i = 0; i < merges.raw().size(); ++i) {
        config.merges.push_back(readMerge(merges, i));
    }
    if (const auto unknown = node.find("unk_token")) {
        config.unknown = unknown->text();
    }
    config.subwordPrefix = node.textOr("continuing_subword_prefix", "");
    config.wordSuffix = node.textOr("end_of_word_suffix", "");
    config.fuseUnknown = node.flagOr("fuse_unk", false);
    config.byteFallback = node.flagOr("byte_fallback", false);
    config.ignoreMerges = node.flagOr("ignore_merges", false);
    return config;
}

// Files from before models named their type hold BPE whenever they hold merges.
std::unique_ptr<BpeModel> readModel(const JsonNode& node, bool readsBytes, const std::string& file) {
    const std::string type = node.textOr("type", node.find("merges") ? "BPE" : "");
    if (type != "BPE") {
        node.unsupported("model '" + type + "' is not supported, BPE is; a sentencepiece model beside it " +
                         "(tokenizer.model or spiece.model) can be used instead");
    }
    BpeConfig config = readBpe(node);
    config.readsBytes = readsBytes;
    return std::make_unique<BpeModel>(std::move(config), file);
}

std::vector<AddedToken> readAddedTokens(const JsonNode& root, std::int32_t vocabulary) {
    std::vector<AddedToken> tokens = parseAddedTokens(root);
    for (const AddedToken& token : tokens) {
        if (token.id >= idLimit(vocabulary + std::int64_t(tokens.size()))) {
            root.corrupt("the id of the added token '" + token.content + "' is not a usable number");
        }
    }
    return tokens;
}

// tokenizer_config.json names the token that ends a text; without one, the names in common use are tried.
std::optional<std::int32_t> findEos(const TokenizerParts& parts, const std::filesystem::path& file) {
    const auto idOf = [&](std::string_view name) -> std::optional<std::int32_t> {
        for (const AddedToken& token : parts.added) {
            if (token.content == name) {
                return token.id;
            }
        }
        return std::nullopt;
    };
    const std::filesystem::path settings = file.parent_path() / "tokenizer_config.json";
    if (std::filesystem::exists(settings)) {
        const nlohmann::json json = nlohmann::json::parse(readWholeFile(settings), nullptr, false);
        const auto eos = json.is_object() ? json.find("eos_token") : json.end();
        if (eos != json.end()) {
            const nlohmann::json name = eos->is_object() ? eos->value("content", nlohmann::json()) : *eos;
            if (name.is_string()) {
                return idOf(name.get<std::string>());
            }
        }
    }
    constexpr std::array<std::string_view, 7> kNames = {"<|eos|>",
                                                        "</s>",
                                                        "<|endoftext|>",
                                                        "<|end_of_text|>",
                                                        "<eos>",
                                                        "<\xEF\xBD\x9C"
                                                        "end\xE2\x96\x81of\xE2\x96\x81sentence\xEF\xBD\x9C>",
                                                        "<|return|>"};
    for (const std::string_view name : kNames) {
        if (const auto id = idOf(name)) {
            return id;
        }
    }
    return std::nullopt;
}

} // namespace

std::unique_ptr<Tokenizer> openTokenizerJson(const std::filesystem::path& file) {
    const std::string text = readWholeFile(file);
    const nlohmann::json json = parseJson(text, file.string());
    const JsonNode root(json, file.string());
    TokenizerParts parts;
    parts.contentHash = hashOf(text);
    if (const auto node = root.find("normalizer")) {
        parts.normalizer = makeNormalizer(*node);
    }
    if (const auto node = root.find("pre_tokenizer")) {
        parts.preTokenization = makePreTokenization(*node);
    }
    parts.model = readModel(root.at("model"), parts.preTokenization.modelReadsBytes, file.string());
    parts.added = readAddedTokens(root, parts.model->vocabulary().size());
    if (const auto node = root.find("post_processor")) {
        parts.around = makeTextTemplate(*node);
    }
    if (const auto node = root.find("decoder")) {
        parts.decoder = makeDecoder(*node);
    }
    parts.eos = findEos(parts, file);
    return std::make_unique<JsonTokenizer>(std::move(parts));
}

} // namespace moescope
