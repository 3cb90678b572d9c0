#include "engine/tokenizer/tokenizer.h"

#include <array>

#include "engine/routing/error.h"
#include "engine/tokenizer/json_tokenizer.h"
#include "engine/tokenizer/sentencepiece_tokenizer.h"

namespace moescope {
namespace {

std::filesystem::path sentencePieceIn(const std::filesystem::path& folder) {
    constexpr std::array<const char*, 3> kNames = {"tokenizer.model", "spiece.model", "sentencepiece.bpe.model"};
    for (const char* name : kNames) {
        if (std::filesystem::exists(folder / name)) {
            return folder / name;
        }
    }
    return {};
}

std::unique_ptr<Tokenizer> openFolder(const std::filesystem::path& folder) {
    const std::filesystem::path json = folder / "tokenizer.json";
    const std::filesystem::path sentencePiece = sentencePieceIn(folder);
    if (!std::filesystem::exists(json) && sentencePiece.empty()) {
        throw Error(ErrorCode::NotFound, folder.string() + ": no tokenizer.json, tokenizer.model or spiece.model in " +
                                             "this folder; copy the model's tokenizer there");
    }
    if (!std::filesystem::exists(json)) {
        return openSentencePiece(sentencePiece);
    }
    try {
        return openTokenizerJson(json);
    } catch (const Error& error) { // T5's tokenizer.json holds a unigram model, which its spiece.model holds too
        if (error.code() != ErrorCode::Unsupported || sentencePiece.empty()) {
            throw;
        }
        return openSentencePiece(sentencePiece);
    }
}

} // namespace

std::unique_ptr<Tokenizer> Tokenizer::open(const std::filesystem::path& path) {
    if (std::filesystem::is_directory(path)) {
        return openFolder(path);
    }
    return path.extension() == ".model" ? openSentencePiece(path) : openTokenizerJson(path);
}

} // namespace moescope
