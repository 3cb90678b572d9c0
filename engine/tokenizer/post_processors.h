#pragma once

#include <cstdint>
#include <vector>

namespace moescope {

class JsonNode;

// What the post-processor puts around the ids of one text.
struct TextTemplate {
    std::vector<std::int32_t> before;
    std::vector<std::int32_t> after;
};

// From the "post_processor" of a tokenizer.json. Throws Error Unsupported for a kind it does not know.
TextTemplate makeTextTemplate(const JsonNode& node);

} // namespace moescope
