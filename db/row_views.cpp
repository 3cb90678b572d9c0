#include "db/row_views.h"

#include "db/sqlite_error.h"
#include "db/views/logits_view.h"
#include "db/views/routing_view.h"
#include "db/views/tokens_view.h"
#include "db/views/view_module.h"

namespace moescope::sqlite {

void addRowViews(sqlite3* db) {
    if (ViewModule<RoutingView>::add(db, "routing") != SQLITE_OK ||
        ViewModule<LogitsView>::add(db, "logits") != SQLITE_OK ||
        ViewModule<TokensView>::add(db, "tokens") != SQLITE_OK) {
        throwLastError(db, "add row views to");
    }
}

} // namespace moescope::sqlite
