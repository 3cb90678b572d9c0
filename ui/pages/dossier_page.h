#pragma once

#include "app/service/dossier_service.h"
#include "ui/pages/page.h"

class QPushButton;
class QTextBrowser;

namespace moescope {

// One expert on a page: what it reads, in context, and with whom.
class DossierPage : public Page {
    Q_OBJECT
public:
    explicit DossierPage(Workspace& workspace, QWidget* parent = nullptr);
    // As `moescope dossier` writes it.
    QString markdown() const;
    QString fileWords() const override;

protected:
    void showFacts() override;
    void showSelection(const Selected& now, const Selected& before) override;
    void clear() override;
    void changeEvent(QEvent* event) override;

private:
    void build();
    void ask();
    void showDossier();
    void saveMarkdown();
    ExpertId shownExpert() const;

    QTextBrowser* m_contexts = nullptr;
    QTextBrowser* m_facts = nullptr;
    Panel* m_contextPanel = nullptr;
    Panel* m_factPanel = nullptr;
    QPushButton* m_copy = nullptr;
    QPushButton* m_save = nullptr;
    std::shared_ptr<const ExpertDossier> m_dossier;
};

} // namespace moescope
