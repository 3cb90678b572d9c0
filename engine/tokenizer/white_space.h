#pragma once

#include <unicode/uchar.h>

namespace moescope {

// Unicode's White_Space property.
inline bool isSpace(char32_t c) {
    return u_isUWhiteSpace(UChar32(c)) != 0;
}

} // namespace moescope
