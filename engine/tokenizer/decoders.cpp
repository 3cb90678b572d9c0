#include "engine/tokenizer/decoders.h"

#include <charconv>
#include <optional>
#include <utility>

#include "engine/tokenizer/byte_alphabet.h"
#include "engine/tokenizer/json_node.h"
#include "engine/tokenizer/metaspace.h"
#include "engine/tokenizer/text_pattern.h"
#include "engine/tokenizer/utf8.h"

namespace moescope {
namespace {

using Tokens = std::vector<std::string>;

std::string joined(const Tokens& tokens) {
    std::string text;
    for (const std::string& token : tokens) {
        text += token;
    }
    return text;
}

class ByteLevelDecoder final : public Decoder {
public:
    Tokens apply(Tokens tokens) const override {
        std::string bytes;
        for (const std::string& token : tokens) {
            bytes += bytesOf(token);
        }
        return {utf8::replaceInvalid(bytes)};
    }
    std::string bytesOf(std::string token) const override { // added tokens may hold any character
        return byte_alphabet::read(token).value_or(token);
    }
};

class ReplaceDecoder final : public Decoder {
public:
    explicit ReplaceDecoder(const JsonNode& node)
        : m_pattern(node.at("pattern")), m_content(node.at("content").text()) {}
    Tokens apply(Tokens tokens) const override {
        for (std::string& token : tokens) {
            m_pattern.replaceAll(token, m_content);
        }
        return tokens;
    }
    std::string bytesOf(std::string token) const override {
        m_pattern.replaceAll(token, m_content);
        return token;
    }

private:
    TextPattern m_pattern;
    std::string m_content;
};

// Tokens <0xNN> in a row are characters where their bytes are well-formed, else U+FFFD each.
class ByteFallbackDecoder final : public Decoder {
public:
    Tokens apply(Tokens tokens) const override {
        Tokens out;
        std::string run;
        for (std::string& token : tokens) {
            if (const auto byte = parse(token)) {
                run += *byte;
                continue;
            }
            flush(run, out);
            out.push_back(std::move(token));
        }
        flush(run, out);
        return out;
    }
    std::string bytesOf(std::string token) const override {
        const auto byte = parse(token);
        return byte ? std::string(1, *byte) : token;
    }

private:
    static std::optional<char> parse(const std::string& token) {
        if (token.size() != 6 || !token.starts_with("<0x") || token.back() != '>') {
            return std::nullopt;
        }
        unsigned value = 0;
        const char* end = token.data() + 5;
        const auto result = std::from_chars(token.data() + 3, end, value, 16);
        return result.ptr == end ? std::optional(static_cast<char>(static_cast<unsigned char>(value))) : std::nullopt;
    }

    static void flush(std::string& run, Tokens& out) {
        if (run.empty()) {
            return;
        }
        if (utf8::findInvalid(run) == utf8::kValid) {
            out.push_back(run);
        } else {
            out.insert(out.end(), run.size(), "\xEF\xBF\xBD");
        }
        run.clear();
    }
};

class FuseDecoder final : public Decoder {
public:
    Tokens apply(Tokens tokens) const override { return {joined(tokens)}; }
    std::string bytesOf(std::string token) const override { return token; }
};

class StripDecoder final : public Decoder {
public:
    explicit StripDecoder(const JsonNode& node)
        : m_content(node.at("content").text()), m_start(node.at("start").id()), m_stop(node.at("stop").id()) {}
    Tokens apply(Tokens tokens) const override {
        for (std::string& token : tokens) {
            std::string_view rest = token;
            for (std::int32_t i = 0; i < m_start && rest.starts_with(m_content); ++i) {
                rest.remove_prefix(m_content.size());
            }
            for (std::int32_t i = 0; i < m_stop && rest.ends_with(m_content); ++i) {
                rest.remove_suffix(m_content.size());
            }
            token = std::string(rest);
        }
        return tokens;
    }
    std::string bytesOf(std::string token) const override { return token; }

private:
    std::string m_content;
    std::int32_t m_start;
    std::int32_t m_stop;
};

class MetaspaceDecoder final : public Decoder {
public:
    explicit MetaspaceDecoder(const JsonNode& node)
        : m_style(parseMetaspace(node)), m_replacement(m_style.replacement) {}
    Tokens apply(Tokens tokens) const override {
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const bool dropped = i == 0 && m_style.prepend != MetaspaceStyle::Prepend::Never;
            m_replacement.replaceAll(tokens[i], dropped ? "" : " ");
        }
        return tokens;
    }
    std::string bytesOf(std::string token) const override {
        m_replacement.replaceAll(token, " ");
        return token;
    }

private:
    MetaspaceStyle m_style;
    TextPattern m_replacement;
};

// The suffix that ends a word stands for a space, except at the end of the text.
class BpeDecoder final : public Decoder {
public:
    explicit BpeDecoder(std::string suffix) : m_suffix(std::move(suffix)) {}
    Tokens apply(Tokens tokens) const override {
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            m_suffix.replaceAll(tokens[i], i + 1 == tokens.size() ? "" : " ");
        }
        return tokens;
    }
    std::string bytesOf(std::string token) const override {
        m_suffix.replaceAll(token, " ");
        return token;
    }

private:
    TextPattern m_suffix;
};

class SequenceDecoder final : public Decoder {
public:
    explicit SequenceDecoder(const JsonNode& node) {
        for (const JsonNode& step : node.at("decoders").elements()) {
            m_steps.push_back(makeDecoder(step));
        }
    }
    Tokens apply(Tokens tokens) const override {
        for (const auto& step : m_steps) {
            tokens = step->apply(std::move(tokens));
        }
        return tokens;
    }
    std::string bytesOf(std::string token) const override {
        for (const auto& step : m_steps) {
            token = step->bytesOf(std::move(token));
        }
        return token;
    }

private:
    std::vector<std::unique_ptr<Decoder>> m_steps;
};

} // namespace

std::unique_ptr<Decoder> makeDecoder(const JsonNode& node) {
    const std::string type = node.type();
    if (type == "ByteLevel") {
        return std::make_unique<ByteLevelDecoder>();
    }
    if (type == "Replace") {
        return std::make_unique<ReplaceDecoder>(node);
    }
    if (type == "ByteFallback") {
        return std::make_unique<ByteFallbackDecoder>();
    }
    if (type == "Fuse") {
        return std::make_unique<FuseDecoder>();
    }
    if (type == "Strip") {
        return std::make_unique<StripDecoder>(node);
    }
    if (type == "Metaspace") {
        return std::make_unique<MetaspaceDecoder>(node);
    }
    if (type == "BPEDecoder") {
        return std::make_unique<BpeDecoder>(node.textOr("suffix", "</w>"));
    }
    if (type == "Sequence") {
        return std::make_unique<SequenceDecoder>(node);
    }
    node.unsupported("decoder '" + type + "' is not supported; known are ByteLevel, Replace, ByteFallback, Fuse, " +
                     "Strip, Metaspace, BPEDecoder and Sequence");
}

} // namespace moescope
