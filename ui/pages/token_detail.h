#pragma once

#include <memory>

#include <QModelIndex>
#include <QWidget>

#include "ui/data/same_route.h"
#include "ui/data/token_route.h"
#include "ui/state/workspace.h"

class QLabel;
class QTableView;

namespace moescope {

class BarChart;
class FactTableModel;
class Panel;
class RouteTableModel;

// The whole route of one token, and what the selected layer's router weighed.
class TokenDetail : public QWidget {
    Q_OBJECT
public:
    explicit TokenDetail(Workspace& workspace, QWidget* parent = nullptr);
    void setRoute(std::shared_ptr<const TokenRoute> route);
    void setSameRoute(std::shared_ptr<const SameRoute> same); // null: not known yet
    void showLayer();

private:
    void build();
    void goToPlace(const QModelIndex& index);
    void describe();

    Workspace& m_workspace;
    std::shared_ptr<const TokenRoute> m_route;
    RouteTableModel* m_model;
    QLabel* m_word = nullptr;
    QLabel* m_facts = nullptr;
    QTableView* m_table = nullptr;
    BarChart* m_probs = nullptr;
    Panel* m_routePanel = nullptr;
    Panel* m_probPanel = nullptr;
    FactTableModel* m_places;
    QTableView* m_placeTable = nullptr;
    Panel* m_samePanel = nullptr;
    std::shared_ptr<const SameRoute> m_same;
};

} // namespace moescope
