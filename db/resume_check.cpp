#include "db/resume_check.h"

#include <algorithm>
#include <string>

#include "db/names.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

class Differences {
public:
    void compare(const std::string& what, const std::string& then, const std::string& now) {
        if (then != now) {
            add(what + " was '" + then + "' and is now '" + now + "'");
        }
    }
    void compare(const std::string& what, std::int64_t then, std::int64_t now) {
        compare(what, std::to_string(then), std::to_string(now));
    }
    void add(const std::string& difference) { m_text += (m_text.empty() ? "" : "; ") + difference; }
    const std::string& text() const { return m_text; }

private:
    std::string m_text;
};

constexpr const char* kNone = "none"; // the value of a fact that is left out where there is nothing to say

void compareFacts(Differences& differences, const RunSpec& then, const RunSpec& now) {
    for (const auto& [key, value] : then.provenance) {
        const auto at = std::ranges::find(now.provenance, key, [](const auto& fact) { return fact.first; });
        if (at != now.provenance.end()) {
            differences.compare(key, value, at->second);
        }
    }
    for (const auto& [key, value] : now.provenance) {
        const bool isNew = std::ranges::find(then.provenance, key, [](const auto& fact) { return fact.first; }) ==
                           then.provenance.end();
        if (isNew && value != kNone) {
            differences.compare(key, kNone, value);
        }
    }
}

void compareDocuments(Differences& differences, const std::vector<DocumentInfo>& then,
                      const std::vector<DocumentInfo>& now) {
    differences.compare("the number of documents", std::int64_t(then.size()), std::int64_t(now.size()));
    for (std::size_t d = 0; d < std::min(then.size(), now.size()); ++d) {
        if (then[d].name != now[d].name || then[d].domain != now[d].domain || then[d].tokens != now[d].tokens) {
            differences.add("document " + std::to_string(d) + " was '" + then[d].name + "' of " +
                            std::to_string(then[d].tokens) + " tokens and is now '" + now[d].name + "' of " +
                            std::to_string(now[d].tokens));
            return;
        }
    }
}

} // namespace

std::string whatChanged(const RunInfo& run, const RunSpec& now, const std::vector<DocumentInfo>& documents) {
    Differences differences;
    differences.compare("the model", run.spec.model, now.model);
    differences.compare("the stored logits", std::string(sqlite::nameOf(run.spec.logits)),
                        std::string(sqlite::nameOf(now.logits)));
    if (run.spec.layers != now.layers) {
        differences.add("the routers differ");
    }
    compareFacts(differences, run.spec, now);
    compareDocuments(differences, run.documents, documents);
    return differences.text().empty() ? "the inputs or options are others" : differences.text();
}

} // namespace moescope

namespace moescope::sqlite {

void checkResume(const RunInfo& run, const RunSpec& now, const std::vector<DocumentInfo>& documents) {
    const std::string name = "run '" + run.spec.name + "' ";
    if (run.state == RunState::Complete) {
        throw Error(ErrorCode::Conflict, name + "is complete; there is nothing to resume");
    }
    if (run.state == RunState::Recording) {
        throw Error(ErrorCode::Conflict, name + "is being recorded by another process; wait for it or stop it");
    }
    if (run.spec.resumeKey != now.resumeKey || run.spec.layers != now.layers || run.spec.logits != now.logits) {
        throw Error(ErrorCode::Conflict, name + "cannot be resumed: " + whatChanged(run, now, documents) +
                                             "; record under another --name or restore what has changed");
    }
}

} // namespace moescope::sqlite
