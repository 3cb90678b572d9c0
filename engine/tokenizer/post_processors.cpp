#include "engine/tokenizer/post_processors.h"

#include <string>

#include "engine/tokenizer/json_node.h"

namespace moescope {
namespace {

void addSpecial(const JsonNode& node, const JsonNode& specials, std::vector<std::int32_t>& ids) {
    for (const JsonNode& id : specials.at(node.at("id").text()).at("ids").elements()) {
        ids.push_back(id.id());
    }
}

TextTemplate fromTemplate(const JsonNode& node) {
    TextTemplate result;
    bool afterText = false;
    for (const JsonNode& piece : node.at("single").elements()) {
        if (const auto special = piece.find("SpecialToken")) {
            addSpecial(*special, node.at("special_tokens"), afterText ? result.after : result.before);
        } else if (piece.find("Sequence")) {
            afterText = true;
        } else {
            piece.corrupt("'SpecialToken' or 'Sequence' was expected");
        }
    }
    return result;
}

// ["token", id], as BertProcessing and RobertaProcessing write it.
std::int32_t pairId(const JsonNode& node) {
    const auto parts = node.elements();
    if (parts.size() != 2) {
        node.corrupt("a token and its id were expected");
    }
    return parts[1].id();
}

} // namespace

TextTemplate makeTextTemplate(const JsonNode& node) {
    const std::string type = node.type();
    if (type == "ByteLevel") { // trims offsets only
        return {};
    }
    if (type == "TemplateProcessing") {
        return fromTemplate(node);
    }
    if (type == "BertProcessing" || type == "RobertaProcessing") {
        return {{pairId(node.at("cls"))}, {pairId(node.at("sep"))}};
    }
    if (type == "Sequence") {
        TextTemplate whole;
        for (const JsonNode& step : node.at("processors").elements()) {
            const TextTemplate part = makeTextTemplate(step);
            whole.before.insert(whole.before.begin(), part.before.begin(), part.before.end());
            whole.after.insert(whole.after.end(), part.after.begin(), part.after.end());
        }
        return whole;
    }
    node.unsupported("post-processor '" + type + "' is not supported; known are ByteLevel, TemplateProcessing, " +
                     "BertProcessing, RobertaProcessing and Sequence");
}

} // namespace moescope
