#pragma once

#include <QWidget>

#include "engine/routing/capacity.h"

class QComboBox;
class QDoubleSpinBox;
class QSlider;

namespace moescope {

// What a capacity is made of: factor, group, rounding, policy. The slider speaks while it moves.
class CapacityControls : public QWidget {
    Q_OBJECT
public:
    explicit CapacityControls(QWidget* parent = nullptr);
    CapacityOptions options() const;
    void setOptions(const CapacityOptions& options);
    void setFactor(double factor);

Q_SIGNALS:
    void changed();

private:
    void build();

    QSlider* m_slider = nullptr;
    QDoubleSpinBox* m_factor = nullptr;
    QComboBox* m_group = nullptr;
    QComboBox* m_rounding = nullptr;
    QComboBox* m_policy = nullptr;
    std::int64_t m_fixed = -1;
};

} // namespace moescope
