#pragma once

#include <string>
#include <string_view>

namespace moescope {

// Text of a recording as the tables show it: valid UTF-8; a byte that is none appears as \xNN.
std::string readableText(std::string_view bytes);

// Whether a spreadsheet would run the cell as a formula: it begins with = + - @, a tab or a line end.
bool looksLikeFormula(std::string_view cell);

} // namespace moescope
