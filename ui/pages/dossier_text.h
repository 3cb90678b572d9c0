#pragma once

#include "app/service/dossier_service.h"
#include "ui/charts/theme.h"
#include "ui/pages/findings_text.h"

namespace moescope {

// A dossier as rich text, in the user's language. The links `token:N` and `expert:L:E` lead to selections.
QString dossierContexts(const ExpertDossier& dossier, const Theme& theme);
QString dossierFacts(const ExpertDossier& dossier, const Theme& theme);
// Its tokens with their counts.
QString dossierCsv(const ExpertDossier& dossier);
Finding dossierFinding(const ExpertDossier& dossier);
QString tokenClassName(const std::string& name);

} // namespace moescope
