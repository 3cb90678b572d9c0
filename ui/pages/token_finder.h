#pragma once

#include <optional>

#include <QString>

#include "ui/data/layer_routing.h"
#include "ui/text/token_text.h"

namespace moescope {

// Looks for a token from `from` on (or back), around the end once. The query is text, /pattern/ for a regular
// expression within a line, #id for a vocabulary id, or E7 for tokens that have expert 7 among their k in the layer at
// hand.
std::optional<TokenIndex> findToken(const TokenText& text, const LayerRouting* routing, const QString& query,
                                    TokenIndex from, int direction);

} // namespace moescope
