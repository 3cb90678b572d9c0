#include "engine/tokenizer/pre_tokenizers.h"

#include <utility>

#include "engine/tokenizer/byte_alphabet.h"
#include "engine/tokenizer/json_node.h"
#include "engine/tokenizer/metaspace.h"
#include "engine/tokenizer/split.h"

namespace moescope {
namespace {

// GPT-2's pattern (Radford et al. 2019), what ByteLevel cuts with.
constexpr std::string_view kGpt2Pattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

class AddPrefixSpace final : public PreTokenizer {
public:
    void apply(PieceList& list) const override {
        rewritePieces(list, [](std::string_view piece, std::string& out) {
            if (piece.front() != ' ') {
                out += ' ';
            }
            out += piece;
        });
    }
};

class WriteBytes final : public PreTokenizer {
public:
    void apply(PieceList& list) const override {
        rewritePieces(list, [](std::string_view piece, std::string& out) { out += byte_alphabet::write(piece); });
    }
};

using Steps = std::vector<std::unique_ptr<PreTokenizer>>;

class SequencePreTokenizer final : public PreTokenizer {
public:
    explicit SequencePreTokenizer(Steps steps) : m_steps(std::move(steps)) {}
    void apply(PieceList& list) const override {
        for (const auto& step : m_steps) {
            step->apply(list);
        }
    }

private:
    Steps m_steps;
};

std::unique_ptr<PreTokenizer> splitOn(std::string_view pattern, SplitBehavior behavior,
                                      SplitSense sense = SplitSense::OnMatches) {
    return std::make_unique<Split>(TextPattern(Regex(pattern)), behavior, sense);
}

void addByteLevel(const JsonNode& node, Steps& steps) {
    if (node.flagOr("add_prefix_space", true)) {
        steps.push_back(std::make_unique<AddPrefixSpace>());
    }
    if (node.flagOr("use_regex", true)) {
        steps.push_back(splitOn(kGpt2Pattern, SplitBehavior::Isolated));
    }
    steps.push_back(std::make_unique<WriteBytes>());
}

std::unique_ptr<PreTokenizer> makeSplit(const JsonNode& node) {
    return std::make_unique<Split>(TextPattern(node.at("pattern")), parseSplitBehavior(node.at("behavior")),
                                   node.flagOr("invert", false) ? SplitSense::OnGaps : SplitSense::OnMatches);
}

std::unique_ptr<PreTokenizer> makePunctuation(const JsonNode& node) {
    const auto behavior = node.find("behavior");
    return splitOn(R"([!-/:-@\[-`{-~\p{P}])", behavior ? parseSplitBehavior(*behavior) : SplitBehavior::Isolated);
}

void addStep(const JsonNode& node, Steps& steps) {
    const std::string type = node.type();
    if (type == "Sequence") {
        for (const JsonNode& step : node.at("pretokenizers").elements()) {
            addStep(step, steps);
        }
    } else if (type == "ByteLevel") {
        addByteLevel(node, steps);
    } else if (type == "Split") {
        steps.push_back(makeSplit(node));
    } else if (type == "Metaspace") {
        steps.push_back(makeMetaspace(node));
    } else if (type == "Digits") {
        steps.push_back(splitOn(R"(\p{N})", node.flagOr("individual_digits", false) ? SplitBehavior::Isolated
                                                                                    : SplitBehavior::Contiguous));
    } else if (type == "Punctuation") {
        steps.push_back(makePunctuation(node));
    } else if (type == "Whitespace") {
        steps.push_back(splitOn(R"(\w+|[^\w\s]+)", SplitBehavior::Removed, SplitSense::OnGaps));
    } else if (type == "WhitespaceSplit") {
        steps.push_back(splitOn(R"(\s)", SplitBehavior::Removed));
    } else if (type == "CharDelimiterSplit") {
        steps.push_back(std::make_unique<Split>(TextPattern(node.at("delimiter").text()), SplitBehavior::Removed));
    } else {
        node.unsupported("pre-tokenizer '" + type + "' is not supported; known are ByteLevel, Split, Metaspace, " +
                         "Digits, Punctuation, Whitespace, WhitespaceSplit, CharDelimiterSplit and Sequence");
    }
}

} // namespace

PreTokenization makePreTokenization(const JsonNode& node) {
    Steps steps;
    addStep(node, steps);
    PreTokenization result;
    if (!steps.empty() && dynamic_cast<const WriteBytes*>(steps.back().get()) != nullptr) {
        steps.pop_back();
        result.modelReadsBytes = true;
    }
    result.steps = std::make_unique<SequencePreTokenizer>(std::move(steps));
    return result;
}

} // namespace moescope
