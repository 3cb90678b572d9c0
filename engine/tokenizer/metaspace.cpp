#include "engine/tokenizer/metaspace.h"

#include <utility>

#include "engine/tokenizer/json_node.h"
#include "engine/tokenizer/split.h"

namespace moescope {
namespace {

class Metaspace final : public PreTokenizer {
public:
    explicit Metaspace(MetaspaceStyle style)
        : m_style(std::move(style)), m_split(TextPattern(m_style.replacement), SplitBehavior::MergedWithNext) {}

    void apply(PieceList& list) const override {
        bool first = list.atStart;
        rewritePieces(list, [&](std::string_view piece, std::string& out) {
            const bool marked = piece.front() == ' ' || piece.starts_with(m_style.replacement);
            const bool wanted = m_style.prepend == MetaspaceStyle::Prepend::Always ||
                                (m_style.prepend == MetaspaceStyle::Prepend::First && first);
            if (wanted && !marked) {
                out += m_style.replacement;
            }
            first = false;
            replaceSpaces(piece, out);
        });
        if (m_style.split) {
            m_split.apply(list);
        }
    }

private:
    void replaceSpaces(std::string_view piece, std::string& out) const {
        for (const char c : piece) {
            if (c == ' ') {
                out += m_style.replacement;
            } else {
                out += c;
            }
        }
    }

    MetaspaceStyle m_style;
    Split m_split;
};

MetaspaceStyle::Prepend parsePrepend(const JsonNode& node) {
    const auto scheme = node.find("prepend_scheme");
    if (!scheme) { // files from before there were schemes
        return node.flagOr("add_prefix_space", true) ? MetaspaceStyle::Prepend::Always : MetaspaceStyle::Prepend::Never;
    }
    const std::string& name = scheme->text();
    if (name == "first") {
        return MetaspaceStyle::Prepend::First;
    }
    if (name == "never") {
        return MetaspaceStyle::Prepend::Never;
    }
    if (name == "always") {
        return MetaspaceStyle::Prepend::Always;
    }
    scheme->unsupported("prepend scheme '" + name + "' is not supported; known are first, never and always");
}

} // namespace

MetaspaceStyle parseMetaspace(const JsonNode& node) {
    return {node.textOr("replacement", "\xE2\x96\x81"), parsePrepend(node), node.flagOr("split", true)};
}

std::unique_ptr<PreTokenizer> makeMetaspace(const JsonNode& node) {
    return std::make_unique<Metaspace>(parseMetaspace(node));
}

} // namespace moescope
