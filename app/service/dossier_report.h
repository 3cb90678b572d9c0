#pragma once

#include <string>

#include "app/service/dossier_service.h"

namespace moescope {

// The dossier as a page of Markdown: to be read by a person, or handed to a language model to name the expert.
std::string dossierMarkdown(const ExpertDossier& dossier);

// Text of a token or context on one line: line ends as ↵, tabs as →, bytes that are no UTF-8 as \xNN.
std::string oneLine(const std::string& bytes);

} // namespace moescope
