#include "ui/pages/capacity_controls.h"

#include <cmath>

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>

namespace moescope {

namespace {
constexpr double kStep = 0.05;
}

CapacityControls::CapacityControls(QWidget* parent) : QWidget(parent) {
    build();
    setOptions({});
    connect(m_slider, &QSlider::valueChanged, this, [this](int value) { m_factor->setValue(value * kStep); });
    connect(m_factor, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        const QSignalBlocker quiet(m_slider);
        m_slider->setValue(int(std::lround(value / kStep)));
        Q_EMIT changed();
    });
    for (QComboBox* box : {m_group, m_rounding, m_policy}) {
        connect(box, &QComboBox::currentIndexChanged, this, &CapacityControls::changed);
    }
}

void CapacityControls::build() {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(10);
    m_slider = new QSlider(Qt::Horizontal);
    m_slider->setRange(int(0.5 / kStep), int(4 / kStep));
    m_slider->setPageStep(5);
    m_slider->setMinimumWidth(180);
    m_slider->setAccessibleName(tr("Capacity factor"));
    m_factor = new QDoubleSpinBox;
    m_factor->setRange(0.05, 64);
    m_factor->setSingleStep(kStep);
    m_factor->setDecimals(2);
    m_factor->setAccessibleName(tr("Capacity factor"));
    m_group = new QComboBox;
    for (const int tokens : {128, 256, 512, 1024, 2048, 4096, 8192, 32768}) {
        m_group->addItem(tr("groups of %1 tokens").arg(tokens), tokens);
    }
    m_group->setAccessibleName(tr("Tokens of a group"));
    m_rounding = new QComboBox;
    m_rounding->addItem(tr("round down (MegaBlocks)"), int(CapacityRounding::Floor));
    m_rounding->addItem(tr("round up (Megatron)"), int(CapacityRounding::Ceil));
    m_rounding->addItem(tr("up to a multiple of 4 (V-MoE)"), int(CapacityRounding::Ceil4));
    m_rounding->setAccessibleName(tr("Rounding of the capacity"));
    m_policy = new QComboBox;
    m_policy->addItem(tr("drop in token order (GShard)"), int(OverflowPolicy::Drop));
    m_policy->addItem(tr("drop the least sure (V-MoE)"), int(OverflowPolicy::Priority));
    m_policy->addItem(tr("keep the highest probabilities (Megatron)"), int(OverflowPolicy::Prob));
    m_policy->addItem(tr("send to the next best expert"), int(OverflowPolicy::Next));
    m_policy->setAccessibleName(tr("What happens to choices without room"));
    auto* name = new QLabel(tr("Capacity factor"));
    row->addWidget(name);
    row->addWidget(m_slider, 1);
    row->addWidget(m_factor);
    row->addSpacing(8);
    row->addWidget(m_group);
    row->addWidget(m_rounding);
    row->addWidget(m_policy);
}

CapacityOptions CapacityControls::options() const {
    CapacityOptions options;
    options.factor = std::round(m_factor->value() * 100) / 100;
    options.fixed = m_fixed;
    options.groupTokens = m_group->currentData().toInt();
    options.rounding = CapacityRounding(m_rounding->currentData().toInt());
    options.policy = OverflowPolicy(m_policy->currentData().toInt());
    return options;
}

void CapacityControls::setOptions(const CapacityOptions& options) {
    const QSignalBlocker quiet(this);
    m_fixed = options.fixed;
    m_factor->setValue(options.factor);
    m_slider->setValue(int(std::lround(options.factor / kStep)));
    if (m_group->findData(options.groupTokens) < 0) {
        m_group->addItem(tr("groups of %1 tokens").arg(options.groupTokens), options.groupTokens);
    }
    m_group->setCurrentIndex(m_group->findData(options.groupTokens));
    m_rounding->setCurrentIndex(m_rounding->findData(int(options.rounding)));
    m_policy->setCurrentIndex(m_policy->findData(int(options.policy)));
}

void CapacityControls::setFactor(double factor) {
    m_factor->setValue(std::round(factor / kStep) * kStep);
}

} // namespace moescope
