#pragma once

#include <optional>
#include <vector>

#include <QObject>
#include <QString>

#include "app/service/recording.h"

namespace moescope {

// What the window looks at.
struct Selected {
    RunId run;
    std::optional<LayerId> layer;
    std::optional<ExpertId> expert;
    std::optional<TokenIndex> token;
    std::optional<QString> domain;
    RunFilter filter; // the part of the run that every page and export speaks of

    friend bool operator==(const Selected&, const Selected&) = default;
};

// The one selection all pages share, with its history.
class Selection : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    const Selected& value() const { return m_value; }
    void set(const Selected& next);
    void setLayer(LayerId layer);
    void setExpert(std::optional<ExpertId> expert);
    void setLayerAndExpert(LayerId layer, std::optional<ExpertId> expert);
    void setToken(std::optional<TokenIndex> token);
    void setDomain(std::optional<QString> domain);
    void setFilter(const RunFilter& filter);
    // What was chosen for the user, not by him: no step of the history.
    void amend(const Selected& next);
    // Another recording: the history starts anew.
    void restart(const Selected& first);

    bool canGoBack() const { return m_at > 0; }
    bool canGoForward() const { return m_at + 1 < m_history.size(); }
    void back();
    void forward();

Q_SIGNALS:
    void changed(const moescope::Selected& now, const moescope::Selected& before);
    void historyChanged();

private:
    void remember();
    void go(std::size_t to);

    Selected m_value;
    std::vector<Selected> m_history{Selected{}};
    std::size_t m_at = 0;
    bool m_walking = false; // the last step moved the token only
};

} // namespace moescope
