#pragma once

#include <memory>
#include <string>
#include <vector>

namespace moescope {

class JsonNode;

// Turns tokens back into text. A step takes the tokens of a whole text and may join them; what the last one leaves is
// put together. Immutable, safe to share between threads.
class Decoder {
public:
    virtual ~Decoder() = default;
    virtual std::vector<std::string> apply(std::vector<std::string> tokens) const = 0;

    // The bytes a token stands for wherever it may occur: no rule about neighbours or about the ends of a text.
    virtual std::string bytesOf(std::string token) const = 0;
};

// From the "decoder" of a tokenizer.json. Throws Error Unsupported for a kind it does not know.
std::unique_ptr<Decoder> makeDecoder(const JsonNode& node);

} // namespace moescope
