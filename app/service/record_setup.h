#pragma once

#include <span>
#include <string>
#include <vector>

#include "db/run_info.h"
#include "engine/routing/run_spec.h"

namespace moescope {

class Tokenizer;
struct ModelInfo;
struct RecordInput;
struct RecordRequest;

// The run that a request asks for.
struct RunDescription {
    RunSpec spec;
    RunSpec resume; // the same with only those facts that decide what is recorded: what a resumed run is held against
};
RunDescription describeRun(const RecordRequest& request, const RecordInput& input, const ModelInfo& model,
                           const std::string& engineVersions);

// The bytes of every vocabulary id that the tokens use, each once, by id.
std::vector<Piece> piecesOf(std::span<const std::int32_t> tokens, const Tokenizer& tokenizer);

// A folder's own name, whatever way it is written ("models/demo/" -> "demo").
std::string folderName(const std::string& path);

} // namespace moescope
