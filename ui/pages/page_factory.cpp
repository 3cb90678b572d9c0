#include "ui/pages/page_factory.h"

#include "ui/pages/capacity_page.h"
#include "ui/pages/load_page.h"
#include "ui/pages/overview_page.h"
#include "ui/pages/specialization_page.h"
#include "ui/pages/tokens_page.h"

namespace moescope {

QStringList pageNames() {
    return {QStringLiteral("overview"), QStringLiteral("load"), QStringLiteral("specialization"),
            QStringLiteral("tokens"), QStringLiteral("capacity")};
}

Page* makePage(const QString& name, Workspace& workspace, QWidget* parent) {
    if (name == QLatin1String("overview")) {
        return new OverviewPage(workspace, parent);
    }
    if (name == QLatin1String("load")) {
        return new LoadPage(workspace, parent);
    }
    if (name == QLatin1String("specialization")) {
        return new SpecializationPage(workspace, parent);
    }
    if (name == QLatin1String("tokens")) {
        return new TokensPage(workspace, parent);
    }
    if (name == QLatin1String("capacity")) {
        return new CapacityPage(workspace, parent);
    }
    return nullptr;
}

} // namespace moescope
