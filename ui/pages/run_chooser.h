#pragma once

#include <array>
#include <vector>

#include <QWidget>

#include "ui/render.h"
#include "ui/state/workspace.h"

class QComboBox;

namespace moescope {

// Which runs stand beside each other: the selected one as A, and up to three more.
class RunChooser : public QWidget {
    Q_OBJECT
public:
    static constexpr int kMost = int(kMostComparedRuns);

    explicit RunChooser(Workspace& workspace, QWidget* parent = nullptr);

    // The recording's runs anew; what was chosen and still is there stays.
    void fill();
    // Two to four of them, A first; fewer where the file holds no more.
    const std::vector<RunInfo>& runs() const { return m_runs; }
    // The runs beside A. Unknown ones are left out.
    void setOthers(const std::vector<RunId>& others);

    // "A", "B", ...
    static QString letter(std::size_t place) { return QString(QChar(u'A' + ushort(place))); }

Q_SIGNALS:
    void changed();

private:
    void offer(int place);
    void choose();
    void gather();
    std::vector<RunId> firstOthers() const;

    Workspace& m_workspace;
    std::array<QComboBox*, kMost> m_boxes{};
    std::vector<RunInfo> m_runs;
    std::vector<RunId> m_others;
    bool m_chosen = false; // by the user; until then the file's next runs
};

} // namespace moescope
