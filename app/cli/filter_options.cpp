#include "app/cli/filter_options.h"

#include <charconv>
#include <tuple>

#include <CLI/CLI.hpp>

#include "engine/routing/error.h"

namespace moescope::cli {

namespace {

constexpr const char* kGroup = "Part of the run";

template <class Id>
void addIds(CLI::App& command, const char* name, std::vector<Id>& ids, const char* help) {
    command
        .add_option_function<std::vector<std::int32_t>>(
            name,
            [&ids](const std::vector<std::int32_t>& values) {
                for (const std::int32_t value : values)
                    ids.push_back(Id(value));
            },
            help)
        ->delimiter(',')
        ->group(kGroup);
}

TokenIndex parseIndex(std::string_view text, TokenIndex missing, const std::string& whole) {
    if (text.empty())
        return missing;
    TokenIndex value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0)
        throw Error(ErrorCode::InvalidArgument,
                    "'" + whole + "' is no range of tokens; write it as A:B, for example 0:1000");
    return value;
}

} // namespace

std::pair<TokenIndex, TokenIndex> parseTokenRange(const std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos)
        throw Error(ErrorCode::InvalidArgument,
                    "'" + text + "' is no range of tokens; write it as A:B, for example 0:1000");
    const std::string_view view(text);
    const TokenIndex begin = parseIndex(view.substr(0, colon), 0, text);
    const TokenIndex end = parseIndex(view.substr(colon + 1), -1, text);
    if (end >= 0 && end < begin)
        throw Error(ErrorCode::InvalidArgument, "the range of tokens '" + text + "' ends before it begins");
    return {begin, end};
}

void addFilterOptions(CLI::App& command, RunFilter& filter) {
    addIds(command, "--layer", filter.layers, "Only these layers (the model's indices)");
    addIds(command, "--expert", filter.experts, "Only these experts");
    command.add_option("--domain", filter.domains, "Only these domains")->delimiter(',')->group(kGroup);
    command.add_option("--document", filter.documents, "Only these documents (numbers from 0)")
        ->delimiter(',')
        ->group(kGroup);
    command
        .add_option("--token-text", filter.tokenText,
                    "Only tokens whose text holds this; /.../ is a pattern, #N a vocabulary id")
        ->group(kGroup);
    command
        .add_option_function<std::string>(
            "--tokens",
            [&filter](const std::string& text) {
                try {
                    std::tie(filter.tokenBegin, filter.tokenEnd) = parseTokenRange(text);
                } catch (const Error& error) {
                    throw CLI::ValidationError("--tokens", error.what());
                }
            },
            "A:B: only tokens A up to but not including B")
        ->group(kGroup);
}

} // namespace moescope::cli
