#include "engine/tokenizer/tokenizer.h"

#include "engine/routing/error.h"
#include "engine/tokenizer/json_tokenizer.h"

namespace moescope {

std::unique_ptr<Tokenizer> Tokenizer::open(const std::filesystem::path& path) {
    if (!std::filesystem::is_directory(path)) {
        return openTokenizerJson(path);
    }
    if (std::filesystem::exists(path / "tokenizer.json")) {
        return openTokenizerJson(path / "tokenizer.json");
    }
    throw Error(ErrorCode::NotFound,
                path.string() + ": no tokenizer.json in this folder; copy the model's tokenizer there");
}

} // namespace moescope
