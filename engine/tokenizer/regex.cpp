#define PCRE2_CODE_UNIT_WIDTH 8
#include "engine/tokenizer/regex.h"

#include <array>
#include <pcre2.h>

#include "engine/routing/error.h"
#include "engine/tokenizer/text_input.h"

namespace moescope {
namespace {

constexpr std::size_t kJitStackStart = std::size_t(64) << 10;
constexpr std::size_t kJitStackMax = std::size_t(64) << 20;

// What a match writes to. PCRE2 wants one per thread; patterns share it because a match is read at once.
struct MatchMemory {
    pcre2_match_data* data = pcre2_match_data_create(1, nullptr);
    pcre2_match_context* context = pcre2_match_context_create(nullptr);
    pcre2_jit_stack* stack = pcre2_jit_stack_create(kJitStackStart, kJitStackMax, nullptr);

    MatchMemory() { pcre2_jit_stack_assign(context, nullptr, stack); }
    ~MatchMemory() {
        pcre2_jit_stack_free(stack);
        pcre2_match_context_free(context);
        pcre2_match_data_free(data);
    }
    MatchMemory(const MatchMemory&) = delete;
    MatchMemory& operator=(const MatchMemory&) = delete;
};

MatchMemory& threadMemory() {
    thread_local MatchMemory memory;
    return memory;
}

std::string describe(int code) {
    std::array<PCRE2_UCHAR, 256> text{};
    pcre2_get_error_message(code, text.data(), text.size());
    return reinterpret_cast<const char*>(text.data());
}

} // namespace

struct Regex::Code {
    pcre2_code* compiled = nullptr;
    bool jit = false;

    Code() = default;
    ~Code() { pcre2_code_free(compiled); }
    Code(const Code&) = delete;
    Code& operator=(const Code&) = delete;
};

Regex::Regex(std::string_view pattern) : m_code(std::make_unique<Code>()) {
    const std::string translated = translate(pattern);
    int error = 0;
    PCRE2_SIZE offset = 0;
    m_code->compiled = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.data()), translated.size(),
                                     PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE, &error, &offset, nullptr);
    if (m_code->compiled == nullptr) {
        throw Error(ErrorCode::Unsupported, "pattern " + printable(pattern) + ": " + describe(error));
    }
    m_code->jit = pcre2_jit_compile(m_code->compiled, PCRE2_JIT_COMPLETE) == 0;
}

Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;

bool Regex::find(std::string_view text, std::size_t from, Match& match) const {
    MatchMemory& memory = threadMemory();
    const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
    int rc = PCRE2_ERROR_JIT_STACKLIMIT;
    if (m_code->jit) {
        rc = pcre2_jit_match(m_code->compiled, subject, text.size(), from, PCRE2_NO_UTF_CHECK, memory.data,
                             memory.context);
    }
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT) { // the interpreter keeps its backtracking on the heap
        rc = pcre2_match(m_code->compiled, subject, text.size(), from, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, memory.data,
                         memory.context);
    }
    if (rc == PCRE2_ERROR_NOMATCH) {
        return false;
    }
    if (rc < 0) {
        throw Error(ErrorCode::Unsupported, "matching the tokenizer's pattern failed at byte " + std::to_string(from) +
                                                " of the text: " + describe(rc));
    }
    const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(memory.data);
    match = {offsets[0], offsets[1]};
    return true;
}

} // namespace moescope
