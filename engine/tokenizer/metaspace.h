#pragma once

#include <memory>
#include <string>

#include "engine/tokenizer/pre_tokenizers.h"

namespace moescope {

// Sentencepiece's way with spaces: a visible character stands for them.
struct MetaspaceStyle {
    enum class Prepend { First, Never, Always }; // First: only where the whole input begins

    std::string replacement; // UTF-8 of one character, usually U+2581
    Prepend prepend = Prepend::Always;
    bool split = true;
};

MetaspaceStyle parseMetaspace(const JsonNode& node);
std::unique_ptr<PreTokenizer> makeMetaspace(const JsonNode& node);

} // namespace moescope
