#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace moescope {

// A compiled pattern in the dialect tokenizer.json files are written in (Oniguruma's), matched over UTF-8 text.
// Immutable and safe to share between threads.
class Regex {
public:
    struct Match {
        std::size_t begin = 0;
        std::size_t end = 0;
    };

    // Throws Error Unsupported where the pattern cannot be compiled.
    explicit Regex(std::string_view pattern);
    ~Regex();
    Regex(Regex&&) noexcept;
    Regex& operator=(Regex&&) noexcept;

    // Finds the first match at or after `from`; false when there is none. REQUIRES: `text` is valid UTF-8.
    bool find(std::string_view text, std::size_t from, Match& match) const;

    // The pattern in PCRE2's dialect: \s and \w written out as what Oniguruma means by them.
    static std::string translate(std::string_view pattern);

private:
    struct Code;
    std::unique_ptr<Code> m_code;
};

} // namespace moescope
