#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "ui/charts/color_scale.h"
#include "ui/data/layer_overflow.h"
#include "ui/data/layer_routing.h"
#include "ui/text/token_text_view.h"

namespace moescope {

enum class InkMode { Expert, Weight, Margin, Nll, Overflow };

// What a legend shows of the colours in use: chips of experts, a scale, or named marks.
struct InkKey {
    struct Chip {
        QString name;
        QColor color;
        int expert = -1; // -1: not an expert
        bool selected = false;
    };
    std::vector<Chip> chips;
    std::optional<ColorScale> scale;
    QString name; // of the scale
    QString low, high;
};

// Colours tokens by what is known of them. A value; the page hands it to the text view.
struct TokenInk {
    InkMode mode = InkMode::Expert;
    std::shared_ptr<const LayerRouting> routing;
    std::shared_ptr<const TokenText> text;
    std::shared_ptr<const LayerOverflow> overflow;
    CapacityOptions capacity;
    std::optional<ExpertId> expert; // others step back while one is selected
    std::vector<ExpertId> only;     // tokens without any of these are left uncoloured; empty: none are

    TokenStyle styleOf(TokenIndex token, const Theme& theme) const;
    InkKey key(const Theme& theme) const;
    bool needsMargins() const { return mode == InkMode::Margin; }
    bool needsOverflow() const { return mode == InkMode::Overflow; }

private:
    TokenStyle byExpert(TokenIndex token, const Theme& theme) const;
    TokenStyle byOverflow(TokenIndex token, const Theme& theme) const;
    ColorScale scale() const;
    double valueOf(TokenIndex token) const;
    bool isLeftOut(TokenIndex token) const;
};

// The ground a scale's colour makes behind text: toned down, so that the text reads.
QColor groundOf(const QColor& color, const Theme& theme);

} // namespace moescope
