#pragma once

#include <filesystem>
#include <memory>

#include "engine/tokenizer/tokenizer.h"

namespace moescope {

// A sentencepiece model (tokenizer.model, spiece.model), BPE or unigram, by the library that defines the format.
// Control tokens are not recognised in text, as there. `addSpecial` puts the begin token in front where the model
// has one, else the end token behind (T5); a tokenizer_config.json beside it may say otherwise (add_bos_token,
// add_eos_token). Throws Error Corruption.
std::unique_ptr<Tokenizer> openSentencePiece(const std::filesystem::path& file);

} // namespace moescope
