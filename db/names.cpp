#include "db/names.h"

#include <array>

#include "db/text.h"
#include "engine/routing/error.h"

namespace moescope::sqlite {

namespace {

// In the order of the enumerations.
constexpr std::array<std::string_view, 3> kStates = {"recording", "complete", "interrupted"};
constexpr std::array<std::string_view, 3> kLogits = {"none", "f16", "f32"};
constexpr std::array<std::string_view, 3> kContents = {"full", "routes", "counts"};
constexpr std::array<std::string_view, 4> kScores = {"softmax", "sigmoid", "softmax_over_chosen", "sparse_mixer"};
constexpr std::array<std::string_view, 3> kGroupScores = {"none", "max", "top_two_sum"};

template <class Enum, std::size_t N>
Enum find(const std::array<std::string_view, N>& names, std::string_view name) {
    for (std::size_t i = 0; i < N; ++i) {
        if (names[i] == name) {
            return Enum(i);
        }
    }
    throw Error(ErrorCode::Corruption, "the recording holds '" + std::string(name) +
                                           "' where this program knows no such kind; update the program");
}

std::string jsonString(std::string_view text) {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : printableUtf8(text)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            out += std::string("\\u00") + kHex[byte >> 4] + kHex[byte & 15];
        } else {
            out += c;
        }
    }
    return out + '"';
}

} // namespace

std::string_view nameOf(RunState state) {
    return kStates.at(std::size_t(state));
}
std::string_view nameOf(LogitStorage logits) {
    return kLogits.at(std::size_t(logits));
}
std::string_view nameOf(RunContent content) {
    return kContents.at(std::size_t(content));
}
std::string_view nameOf(ScoreFunction score) {
    return kScores.at(std::size_t(score));
}
std::string_view nameOf(GroupScore score) {
    return kGroupScores.at(std::size_t(score));
}
RunState runStateFrom(std::string_view name) {
    return find<RunState>(kStates, name);
}
LogitStorage logitStorageFrom(std::string_view name) {
    return find<LogitStorage>(kLogits, name);
}
RunContent runContentFrom(std::string_view name) {
    return find<RunContent>(kContents, name);
}
ScoreFunction scoreFunctionFrom(std::string_view name) {
    return find<ScoreFunction>(kScores, name);
}
GroupScore groupScoreFrom(std::string_view name) {
    return find<GroupScore>(kGroupScores, name);
}

std::string jsonObject(const std::vector<std::pair<std::string, std::string>>& facts) {
    std::string out = "{";
    for (const auto& [key, value] : facts) {
        out += (out.size() > 1 ? "," : "") + jsonString(key) + ":" + jsonString(value);
    }
    return out + "}";
}

} // namespace moescope::sqlite
