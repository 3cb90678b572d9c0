#include "engine/tokenizer/split.h"

#include <algorithm>
#include <utility>

#include "engine/tokenizer/json_node.h"
#include "engine/tokenizer/utf8.h"

namespace moescope {
namespace {

struct Part {
    PieceList::Range range;
    bool match = false;
};

// Calls visit(Part) for the matches and the gaps between them, in order. Empty matches are left out.
template <class Visit>
void forEachPart(std::string_view piece, const TextPattern& pattern, bool invert, Visit visit) {
    Regex::Match match;
    std::size_t done = 0;
    for (std::size_t from = 0; from < piece.size() && pattern.find(piece, from, match);) {
        if (match.end == match.begin) {
            from =
                match.end + utf8::lengthAt(static_cast<unsigned char>(match.end < piece.size() ? piece[match.end] : 0));
            continue;
        }
        if (done < match.begin) {
            visit(Part{{done, match.begin}, invert});
        }
        visit(Part{{match.begin, match.end}, !invert});
        from = done = match.end;
    }
    if (done < piece.size()) {
        visit(Part{{done, piece.size()}, invert});
    }
}

using Ranges = std::vector<PieceList::Range>;

void mergeWithPrevious(const std::vector<Part>& parts, Ranges& out) {
    const std::size_t first = out.size();
    bool previousMatched = false;
    for (const Part& part : parts) {
        if (part.match && !previousMatched && out.size() > first) {
            out.back().end = part.range.end;
        } else {
            out.push_back(part.range);
        }
        previousMatched = part.match;
    }
}

void mergeWithNext(const std::vector<Part>& parts, Ranges& out) {
    const std::size_t first = out.size();
    bool nextMatched = false;
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
        if (part->match && !nextMatched && out.size() > first) {
            out.back().begin = part->range.begin;
        } else {
            out.push_back(part->range);
        }
        nextMatched = part->match;
    }
    std::reverse(out.begin() + std::ptrdiff_t(first), out.end());
}

void mergeRuns(const std::vector<Part>& parts, Ranges& out) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0 && parts[i].match == parts[i - 1].match) {
            out.back().end = parts[i].range.end;
        } else {
            out.push_back(parts[i].range);
        }
    }
}

void shift(Ranges& ranges, std::size_t first, std::size_t by) {
    for (std::size_t i = first; i < ranges.size(); ++i) {
        ranges[i].begin += by;
        ranges[i].end += by;
    }
}

} // namespace

Split::Split(TextPattern pattern, SplitBehavior behavior, SplitSense sense)
    : m_pattern(std::move(pattern)), m_behavior(behavior), m_sense(sense) {}

void Split::apply(PieceList& list) const {
    const bool invert = m_sense == SplitSense::OnGaps;
    Ranges out;
    out.reserve(list.text.size() / 4 + 1);
    std::vector<Part> parts;
    for (const PieceList::Range& piece : list.pieces) {
        const std::size_t first = out.size();
        const std::string_view text = list.view(piece);
        if (m_behavior == SplitBehavior::Isolated) {
            forEachPart(text, m_pattern, invert, [&](const Part& part) { out.push_back(part.range); });
        } else {
            parts.clear();
            forEachPart(text, m_pattern, invert, [&](const Part& part) {
                if (m_behavior != SplitBehavior::Removed || !part.match) {
                    parts.push_back(part);
                }
            });
            switch (m_behavior) {
            case SplitBehavior::MergedWithPrevious:
                mergeWithPrevious(parts, out);
                break;
            case SplitBehavior::MergedWithNext:
                mergeWithNext(parts, out);
                break;
            case SplitBehavior::Contiguous:
                mergeRuns(parts, out);
                break;
            default:
                for (const Part& part : parts) {
                    out.push_back(part.range);
                }
            }
        }
        shift(out, first, piece.begin);
    }
    list.atStart =
        list.atStart && !out.empty() && !list.pieces.empty() && out.front().begin == list.pieces.front().begin;
    list.pieces = std::move(out);
}

SplitBehavior parseSplitBehavior(const JsonNode& node) {
    const std::string& name = node.text();
    constexpr std::pair<std::string_view, SplitBehavior> kNames[] = {
        {"Isolated", SplitBehavior::Isolated},
        {"Removed", SplitBehavior::Removed},
        {"MergedWithPrevious", SplitBehavior::MergedWithPrevious},
        {"MergedWithNext", SplitBehavior::MergedWithNext},
        {"Contiguous", SplitBehavior::Contiguous},
    };
    for (const auto& [known, behavior] : kNames) {
        if (name == known) {
            return behavior;
        }
    }
    node.unsupported("split behavior '" + name + "' is not supported");
}

} // namespace moescope
