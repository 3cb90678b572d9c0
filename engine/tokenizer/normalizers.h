#pragma once

#include <memory>
#include <string>

namespace moescope {

class JsonNode;

// The first stage: changes the characters of a text before it is cut. Immutable, safe to share between threads.
class Normalizer {
public:
    virtual ~Normalizer() = default;
    virtual void apply(std::string& text) const = 0;
};

// From the "normalizer" of a tokenizer.json. Throws Error Unsupported for a kind it does not know.
std::unique_ptr<Normalizer> makeNormalizer(const JsonNode& node);

} // namespace moescope
