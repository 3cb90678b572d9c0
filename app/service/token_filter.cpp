#include "app/service/token_filter.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "datasets/utf8.h"
#include "engine/routing/error.h"
#include "engine/tokenizer/regex.h"

namespace moescope {

namespace {

std::optional<std::int32_t> vocabularyId(const std::string& text) {
    std::int32_t id = -1;
    const char* const end = text.data() + text.size();
    const bool isNumber = text.size() > 1 && text[0] == '#' && std::from_chars(text.data() + 1, end, id).ptr == end;
    return isNumber && id >= 0 ? std::optional(id) : std::nullopt;
}

bool isPattern(const std::string& text) {
    return text.size() > 2 && text.front() == '/' && text.back() == '/';
}

Regex patternOf(const std::string& text) {
    try {
        return Regex(text.substr(1, text.size() - 2));
    } catch (const Error& error) {
        throw Error(ErrorCode::InvalidArgument, text + " is no pattern: " + error.what());
    }
}

std::vector<std::int32_t> idsThat(const std::vector<Piece>& pieces, const auto& fits) {
    std::vector<std::int32_t> ids;
    for (const Piece& piece : pieces) {
        if (fits(piece.bytes)) {
            ids.push_back(piece.tokenId);
        }
    }
    std::ranges::sort(ids);
    return ids;
}

} // namespace

RunFilter withTokenIds(const Recording& recording, const RunInfo& run, const RunFilter& filter) {
    RunFilter found = filter;
    found.tokenIds.clear();
    if (filter.tokenText.empty()) {
        return found;
    }
    if (const auto id = vocabularyId(filter.tokenText)) {
        found.tokenIds = {*id};
        return found;
    }
    if (!run.spec.text || run.spec.content == RunContent::CountsOnly) {
        throw Error(ErrorCode::Unsupported, "run '" + run.spec.name +
                                                "' keeps no text, so its tokens cannot be filtered by it; #N filters "
                                                "by a vocabulary id");
    }
    const std::vector<Piece> pieces = recording.pieces(run);
    if (isPattern(filter.tokenText)) {
        const Regex pattern = patternOf(filter.tokenText);
        found.tokenIds = idsThat(pieces, [&pattern](const std::string& bytes) {
            Regex::Match match;
            return firstInvalidUtf8(bytes) == std::string_view::npos && pattern.find(bytes, 0, match);
        });
    } else {
        found.tokenIds = idsThat(
            pieces, [&filter](const std::string& bytes) { return bytes.find(filter.tokenText) != std::string::npos; });
    }
    return found;
}

} // namespace moescope
