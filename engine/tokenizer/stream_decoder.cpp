#include "engine/tokenizer/stream_decoder.h"

namespace moescope {
namespace {

// Held back at most: no character has more bytes, so what is unfinished after this many tokens never will be.
constexpr std::size_t kPatience = 8;

bool endsUnfinished(const std::string& text) {
    return text.ends_with("\xEF\xBF\xBD");
}

} // namespace

// A token is decoded together with those of the piece before it, because the first token of a text is treated
// differently (a leading space is dropped). What the earlier ones give alone is cut off the front.
std::string StreamDecoder::push(std::int32_t id) {
    m_ids.push_back(id);
    const std::string whole = m_tokenizer.decode(m_ids, m_skipSpecial);
    if (endsUnfinished(whole) && m_ids.size() - m_given < kPatience) {
        return {};
    }
    return finish();
}

std::string StreamDecoder::finish() {
    const std::string whole = m_tokenizer.decode(m_ids, m_skipSpecial);
    const std::span<const std::int32_t> given(m_ids.data(), m_given);
    const std::size_t known = m_tokenizer.decode(given, m_skipSpecial).size();
    if (whole.size() > known) {
        m_ids.erase(m_ids.begin(), m_ids.begin() + std::ptrdiff_t(m_given));
    }
    m_given = m_ids.size();
    return known < whole.size() ? whole.substr(known) : std::string();
}

} // namespace moescope
