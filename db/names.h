#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/routing/moe_config.h"
#include "engine/routing/run_spec.h"

namespace moescope::sqlite {

// The words that enumerations are stored as. from... throws Error(Corruption) for a word it does not know.
std::string_view nameOf(RunState state);
std::string_view nameOf(LogitStorage logits);
std::string_view nameOf(RunContent content);
std::string_view nameOf(ScoreFunction score);
std::string_view nameOf(GroupScore score);
RunState runStateFrom(std::string_view name);
LogitStorage logitStorageFrom(std::string_view name);
RunContent runContentFrom(std::string_view name);
ScoreFunction scoreFunctionFrom(std::string_view name);
GroupScore groupScoreFrom(std::string_view name);

// An ordered JSON object of strings. Bytes that are not UTF-8 are written as \xNN.
std::string jsonObject(const std::vector<std::pair<std::string, std::string>>& facts);

} // namespace moescope::sqlite
