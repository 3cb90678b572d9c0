#include "engine/tokenizer/sentencepiece_tokenizer.h"

#include <nlohmann/json.hpp>
#include <sentencepiece_processor.h>

#include "engine/routing/error.h"
#include "engine/tokenizer/text_input.h"
#include "engine/tokenizer/text_pattern.h"
#include "engine/tokenizer/utf8.h"

namespace moescope {
namespace {

constexpr const char* kSpaceMark = "\xE2\x96\x81"; // U+2581

std::optional<std::int32_t> known(int id) {
    return id < 0 ? std::nullopt : std::optional<std::int32_t>(id);
}

class SentencePieceTokenizer final : public Tokenizer {
public:
    explicit SentencePieceTokenizer(const std::filesystem::path& file) {
        const std::string bytes = readWholeFile(file);
        const auto status = m_processor.LoadFromSerializedProto(bytes);
        if (!status.ok()) {
            throw Error(ErrorCode::Corruption,
                        file.string() + ": not a sentencepiece model (" + status.ToString() + "); get the file again");
        }
        m_hash = hashOf(bytes);
        m_bosFirst = beginId().has_value();
        m_eosLast = !m_bosFirst && eos().has_value();
        readSettings(file.parent_path() / "tokenizer_config.json");
    }

    std::vector<std::int32_t> encode(std::string_view text, bool addSpecial) const override {
        requireUtf8(text);
        std::vector<std::int32_t> ids;
        const auto status = m_processor.Encode({text.data(), text.size()}, &ids);
        if (!status.ok()) {
            throw Error(ErrorCode::InvalidArgument, "sentencepiece cannot encode the text: " + status.ToString());
        }
        if (addSpecial && m_bosFirst) {
            ids.insert(ids.begin(), *beginId());
        }
        if (addSpecial && m_eosLast) {
            ids.push_back(*eos());
        }
        return ids;
    }

    std::string decode(std::span<const std::int32_t> ids, bool skipSpecial) const override {
        std::string text;
        std::vector<std::int32_t> run;
        for (const std::int32_t id : ids) {
            if (!contains(id)) {
                continue;
            }
            if (isSpecial(id)) {
                text += decodeRun(run) + (skipSpecial ? "" : m_processor.IdToPiece(id));
                run.clear();
            } else {
                run.push_back(id);
            }
        }
        return text + decodeRun(run);
    }

    std::string piece(std::int32_t id) const override {
        if (!contains(id)) {
            return {};
        }
        std::string text = m_processor.IdToPiece(id);
        if (m_processor.IsByte(id)) {
            return std::string(1, static_cast<char>(std::stoi(text.substr(3, 2), nullptr, 16))); // <0xNN>
        }
        if (!isSpecial(id)) {
            m_spaceMark.replaceAll(text, " ");
        }
        return text;
    }

    bool isSpecial(std::int32_t id) const override { return contains(id) && m_processor.IsControl(id); }

    std::optional<std::int32_t> idOf(std::string_view token) const override {
        const int id = m_processor.PieceToId({token.data(), token.size()});
        return contains(id) && m_processor.IdToPiece(id) == token ? known(id) : std::nullopt;
    }

    std::int32_t vocabularySize() const override { return m_processor.GetPieceSize(); }
    std::optional<std::int32_t> bos() const override { return m_bosFirst ? beginId() : std::nullopt; }
    std::optional<std::int32_t> eos() const override { return known(m_processor.eos_id()); }
    const std::string& contentHash() const override { return m_hash; }

private:
    std::optional<std::int32_t> beginId() const { return known(m_processor.bos_id()); }
    bool contains(std::int32_t id) const { return id >= 0 && id < m_processor.GetPieceSize(); }

    void readSettings(const std::filesystem::path& file) {
        if (!std::filesystem::exists(file)) {
            return;
        }
        const nlohmann::json json = nlohmann::json::parse(readWholeFile(file), nullptr, false);
        const auto flag = [&](const char* name, bool otherwise) {
            const auto found = json.is_object() ? json.find(name) : json.end();
            return found != json.end() && found->is_boolean() ? found->get<bool>() : otherwise;
        };
        m_bosFirst = flag("add_bos_token", m_bosFirst) && beginId();
        m_eosLast = flag("add_eos_token", m_eosLast) && eos();
    }

    std::string decodeRun(const std::vector<std::int32_t>& ids) const {
        std::string text;
        const auto status = m_processor.Decode(ids, &text);
        if (!status.ok()) {
            throw Error(ErrorCode::InvalidArgument, "sentencepiece cannot decode the ids: " + status.ToString());
        }
        return utf8::replaceInvalid(text);
    }

    sentencepiece::SentencePieceProcessor m_processor;
    TextPattern m_spaceMark{std::string(kSpaceMark)};
    std::string m_hash;
    bool m_bosFirst = false;
    bool m_eosLast = false;
};

} // namespace

std::unique_ptr<Tokenizer> openSentencePiece(const std::filesystem::path& file) {
    return std::make_unique<SentencePieceTokenizer>(file);
}

} // namespace moescope
