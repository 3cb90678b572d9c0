#include "ui/pages/page_factory.h"

#include <QCoreApplication>

#include "ui/pages/capacity_page.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/dossier_page.h"
#include "ui/pages/flow_page.h"
#include "ui/pages/load_page.h"
#include "ui/pages/overview_page.h"
#include "ui/pages/specialization_page.h"
#include "ui/pages/sql_page.h"
#include "ui/pages/tokens_page.h"
#include "ui/pages/training_page.h"

namespace moescope {

namespace {

struct Pages {
    Q_DECLARE_TR_FUNCTIONS(Pages)
};

template <class Kind>
Page* make(Workspace& workspace, QWidget* parent) {
    return new Kind(workspace, parent);
}

struct Entry {
    const char* name;
    const char* title;
    Page* (*make)(Workspace&, QWidget*);
};

constexpr Entry kPages[] = {
    {"overview", QT_TRANSLATE_NOOP("Pages", "Overview"), make<OverviewPage>},
    {"load", QT_TRANSLATE_NOOP("Pages", "Load"), make<LoadPage>},
    {"specialization", QT_TRANSLATE_NOOP("Pages", "Specialization"), make<SpecializationPage>},
    {"tokens", QT_TRANSLATE_NOOP("Pages", "Tokens"), make<TokensPage>},
    {"capacity", QT_TRANSLATE_NOOP("Pages", "Capacity"), make<CapacityPage>},
    {"flow", QT_TRANSLATE_NOOP("Pages", "Flow"), make<FlowPage>},
    {"compare", QT_TRANSLATE_NOOP("Pages", "Compare"), make<ComparePage>},
    {"training", QT_TRANSLATE_NOOP("Pages", "Training"), make<TrainingPage>},
    {"dossier", QT_TRANSLATE_NOOP("Pages", "Dossier"), make<DossierPage>},
    {"sql", QT_TRANSLATE_NOOP("Pages", "SQL"), make<SqlPage>},
};

} // namespace

QStringList pageNames() {
    QStringList names;
    for (const Entry& entry : kPages) {
        names << QLatin1String(entry.name);
    }
    return names;
}

QString pageTitle(const QString& name) {
    for (const Entry& entry : kPages) {
        if (name == QLatin1String(entry.name)) {
            return Pages::tr(entry.title);
        }
    }
    return {};
}

Page* makePage(const QString& name, Workspace& workspace, QWidget* parent) {
    for (const Entry& entry : kPages) {
        if (name == QLatin1String(entry.name)) {
            return entry.make(workspace, parent);
        }
    }
    return nullptr;
}

} // namespace moescope
