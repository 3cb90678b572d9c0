#include "engine/tokenizer/normalizers.h"

#include <unicode/bytestream.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <utility>
#include <vector>

#include "engine/routing/error.h"
#include "engine/tokenizer/byte_alphabet.h"
#include "engine/tokenizer/json_node.h"
#include "engine/tokenizer/text_pattern.h"
#include "engine/tokenizer/utf8.h"
#include "engine/tokenizer/white_space.h"

namespace moescope {
namespace {

// NFC, NFD, NFKC or NFKD.
class UnicodeForm final : public Normalizer {
public:
    explicit UnicodeForm(const icu::Normalizer2* form) : m_form(form) {}

    static std::unique_ptr<Normalizer> make(const std::string& name) {
        UErrorCode status = U_ZERO_ERROR;
        const icu::Normalizer2* form = name == "NFC"    ? icu::Normalizer2::getNFCInstance(status)
                                       : name == "NFD"  ? icu::Normalizer2::getNFDInstance(status)
                                       : name == "NFKC" ? icu::Normalizer2::getNFKCInstance(status)
                                                        : icu::Normalizer2::getNFKDInstance(status);
        check(status);
        return std::make_unique<UnicodeForm>(form);
    }

    void apply(std::string& text) const override {
        UErrorCode status = U_ZERO_ERROR;
        if (m_form->isNormalizedUTF8(text, status) != 0) {
            return;
        }
        std::string out;
        icu::StringByteSink<std::string> sink(&out, std::int32_t(text.size()));
        status = U_ZERO_ERROR;
        m_form->normalizeUTF8(0, text, sink, nullptr, status);
        check(status);
        text = std::move(out);
    }

private:
    static void check(UErrorCode status) {
        if (U_FAILURE(status) != 0) {
            throw Error(ErrorCode::Unsupported, std::string("Unicode normalization failed (") + u_errorName(status) +
                                                    "); is ICU's data installed?");
        }
    }

    const icu::Normalizer2* m_form;
};

class Prepend final : public Normalizer {
public:
    explicit Prepend(std::string prefix) : m_prefix(std::move(prefix)) {}
    void apply(std::string& text) const override {
        if (!text.empty()) {
            text.insert(0, m_prefix);
        }
    }

private:
    std::string m_prefix;
};

class Replace final : public Normalizer {
public:
    explicit Replace(const JsonNode& node) : m_pattern(node.at("pattern")), m_content(node.at("content").text()) {}
    void apply(std::string& text) const override { m_pattern.replaceAll(text, m_content); }

private:
    TextPattern m_pattern;
    std::string m_content;
};

class Strip final : public Normalizer {
public:
    Strip(bool left, bool right) : m_left(left), m_right(right) {}
    void apply(std::string& text) const override {
        std::size_t begin = 0;
        while (m_left && begin < text.size() && isSpace(utf8::decodeAt(text, begin))) {
            begin += utf8::lengthAt(text, begin);
        }
        std::size_t end = text.size();
        while (m_right && end > begin) {
            std::size_t last = end - 1;
            while (utf8::isContinuation(text[last])) {
                --last;
            }
            if (!isSpace(utf8::decodeAt(text, last))) {
                break;
            }
            end = last;
        }
        text = text.substr(begin, end - begin);
    }

private:
    bool m_left;
    bool m_right;
};

class StripAccents final : public Normalizer {
public:
    void apply(std::string& text) const override {
        std::string out;
        for (std::size_t i = 0; i < text.size();) {
            const std::size_t length = utf8::lengthAt(text, i);
            if ((U_GET_GC_MASK(UChar32(utf8::decodeAt(text, i))) & U_GC_M_MASK) == 0) {
                out.append(text, i, length);
            }
            i += length;
        }
        text = std::move(out);
    }
};

class Lowercase final : public Normalizer {
public:
    void apply(std::string& text) const override {
        std::string out;
        icu::UnicodeString::fromUTF8(text).toLower(icu::Locale::getRoot()).toUTF8String(out);
        text = std::move(out);
    }
};

class ByteLevelText final : public Normalizer {
public:
    void apply(std::string& text) const override { text = byte_alphabet::write(text); }
};

class SequenceNormalizer final : public Normalizer {
public:
    explicit SequenceNormalizer(const JsonNode& node) {
        for (const JsonNode& step : node.at("normalizers").elements()) {
            m_steps.push_back(makeNormalizer(step));
        }
    }
    void apply(std::string& text) const override {
        for (const auto& step : m_steps) {
            step->apply(text);
        }
    }

private:
    std::vector<std::unique_ptr<Normalizer>> m_steps;
};

} // namespace

std::unique_ptr<Normalizer> makeNormalizer(const JsonNode& node) {
    const std::string type = node.type();
    if (type == "NFC" || type == "NFD" || type == "NFKC" || type == "NFKD") {
        return UnicodeForm::make(type);
    }
    if (type == "Prepend") {
        return std::make_unique<Prepend>(node.at("prepend").text());
    }
    if (type == "Replace") {
        return std::make_unique<Replace>(node);
    }
    if (type == "Strip") {
        return std::make_unique<Strip>(node.flagOr("strip_left", true), node.flagOr("strip_right", true));
    }
    if (type == "StripAccents") {
        return std::make_unique<StripAccents>();
    }
    if (type == "Lowercase") {
        return std::make_unique<Lowercase>();
    }
    if (type == "ByteLevel") {
        return std::make_unique<ByteLevelText>();
    }
    if (type == "Sequence") {
        return std::make_unique<SequenceNormalizer>(node);
    }
    node.unsupported("normalizer '" + type + "' is not supported; known are NFC, NFD, NFKC, NFKD, Prepend, Replace, " +
                     "Strip, StripAccents, Lowercase, ByteLevel and Sequence");
}

} // namespace moescope
