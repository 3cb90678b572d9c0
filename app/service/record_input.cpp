#include "app/service/record_input.h"

#include <array>
#include <limits>

#include <fmt/format.h>

#include "app/service/record_service.h"
#include "app/service/token_ids.h"
#include "datasets/document_reader.h"
#include "engine/checkpoint/hash128.h"
#include "engine/routing/error.h"
#include "engine/tokenizer/tokenizer.h"

namespace moescope {

namespace {

void requireOneSource(const RecordRequest& request) {
    const int given = int(!request.inputs.empty()) + int(request.text.has_value()) + int(request.tokenIds.has_value());
    if (given != 1)
        throw Error(ErrorCode::InvalidArgument, given == 0
                                                    ? "nothing to record: give --input, --text or --token-ids"
                                                    : "--input, --text and --token-ids exclude each other: give one");
}

std::vector<TextDocument> textsOf(const RecordRequest& request) {
    if (!request.text)
        return readDocuments(request.inputs);
    if (firstInvalidUtf8(*request.text) != std::string::npos)
        throw Error(ErrorCode::InvalidArgument, "--text: not valid UTF-8; convert it first or pass a file by --input");
    return {{"text", "text", *request.text}};
}

std::shared_ptr<const Tokenizer> openTokenizer(const RecordRequest& request) {
    try {
        return Tokenizer::open(request.model);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::NotFound)
            throw;
        if (request.tokenIds)
            return nullptr;
        if (!std::filesystem::is_directory(request.model))
            throw Error(ErrorCode::NotFound,
                        request.model.string() + ": is not a model folder (it should hold config.json)");
        throw Error(ErrorCode::NotFound, fmt::format("{}; put the model's tokenizer.json beside it, or record ids with "
                                                     "--token-ids",
                                                     error.what()));
    }
}

std::vector<TokenDocument> tokenized(const std::vector<TextDocument>& texts, const Tokenizer& tokenizer,
                                     const std::stop_token& stop) {
    std::vector<TokenDocument> documents;
    documents.reserve(texts.size());
    for (const TextDocument& text : texts) {
        if (stop.stop_requested())
            throw Error(ErrorCode::Cancelled, "stopped before anything was recorded");
        documents.push_back({text.name, text.domain, tokenizer.encode(text.text, false)});
    }
    return documents;
}

std::vector<TokenDocument> givenIds(const std::filesystem::path& file) {
    std::vector<TokenDocument> documents;
    for (auto& ids : readTokenIds(file, std::numeric_limits<std::int32_t>::max()))
        documents.push_back({fmt::format("document {}", documents.size()), "text", std::move(ids)});
    return documents;
}

std::string hashOf(const RecordInput& input) {
    Hash128 hash;
    const auto addText = [&hash](const std::string& text) { hash.add(std::as_bytes(std::span(text))); };
    for (const TokenDocument& document : input.documents) {
        addText(document.name);
        addText(document.domain);
        hash.add(std::as_bytes(std::span(document.tokens)));
    }
    const std::array<std::int32_t, 1> bos = {input.bos.value_or(-1)};
    hash.add(std::as_bytes(std::span(bos)));
    return hash.hex();
}

} // namespace

RecordInput readRecordInput(const RecordRequest& request, std::stop_token stop) {
    requireOneSource(request);
    RecordInput input;
    if (request.tokenIds)
        input.documents = givenIds(*request.tokenIds);
    input.tokenizer = openTokenizer(request);
    if (!request.tokenIds) {
        input.documents = tokenized(textsOf(request), *input.tokenizer, stop);
        input.bos = input.tokenizer->bos();
    }
    for (const TokenDocument& document : input.documents)
        input.tokens += std::int64_t(document.tokens.size());
    if (input.tokens == 0)
        throw Error(ErrorCode::InvalidArgument, "the input holds no tokens: every document is empty");
    input.hash = hashOf(input);
    return input;
}

void requireIdsBelow(const std::vector<TokenDocument>& documents, std::int32_t vocabulary) {
    for (const TokenDocument& document : documents)
        for (std::size_t i = 0; i < document.tokens.size(); ++i)
            if (document.tokens[i] < 0 || document.tokens[i] >= vocabulary)
                throw Error(ErrorCode::InvalidArgument,
                            fmt::format("{}: token {} is {}, outside the model's vocabulary of {}; is this the model's "
                                        "own tokenizer?",
                                        document.name, i, document.tokens[i], vocabulary));
}

} // namespace moescope
