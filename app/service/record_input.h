#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/service/record_plan.h"

namespace moescope {

class Tokenizer;
struct RecordRequest;

// What a request's texts or token ids come to, before any model is loaded.
struct RecordInput {
    std::vector<TokenDocument> documents;
    std::optional<std::int32_t> bos;            // what the tokenizer's template puts in front; none for given ids
    std::shared_ptr<const Tokenizer> tokenizer; // null: the model's folder has none (given ids only)
    std::string hash;                           // over names, domains and tokens of the documents, and bos
    std::int64_t tokens = 0;
};

// Reads and tokenizes. Throws Error: InvalidArgument unless exactly one source is given, NotFound where texts are given
// and the model has no tokenizer, Cancelled, and what readDocuments and readTokenIds throw.
RecordInput readRecordInput(const RecordRequest& request, std::stop_token stop);

// Throws Error(InvalidArgument) naming the document and the place of the first id outside [0, vocabulary).
void requireIdsBelow(const std::vector<TokenDocument>& documents, std::int32_t vocabulary);

} // namespace moescope
