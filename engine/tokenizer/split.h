#pragma once

#include "engine/tokenizer/pre_tokenizers.h"
#include "engine/tokenizer/text_pattern.h"

namespace moescope {

// What becomes of the places a pattern matches.
enum class SplitBehavior {
    Isolated,           // each is a piece
    Removed,            // they are dropped
    MergedWithPrevious, // each ends the piece before it
    MergedWithNext,     // each begins the piece after it
    Contiguous,         // neighbouring matches form one piece
};

enum class SplitSense { OnMatches, OnGaps }; // OnGaps: what does not match plays the part of what does ("invert")

class Split final : public PreTokenizer {
public:
    Split(TextPattern pattern, SplitBehavior behavior, SplitSense sense = SplitSense::OnMatches);
    void apply(PieceList& list) const override;

private:
    TextPattern m_pattern;
    SplitBehavior m_behavior;
    SplitSense m_sense;
};

SplitBehavior parseSplitBehavior(const JsonNode& node);

} // namespace moescope
