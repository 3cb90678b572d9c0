#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/routing/capacity.h"
#include "engine/routing/error.h"
#include "engine/routing/ids.h"

namespace moescope {

// Runs that page compare holds beside each other at most.
inline constexpr std::size_t kMostComparedRuns = 4;

// Sizes of a picture: below the least no page is readable, and some need more (renderPage says how much).
inline constexpr int kLeastWidth = 800, kLeastHeight = 600, kMostPixels = 16384;

// A page needs more room than asked for.
class TooSmall : public Error {
public:
    explicit TooSmall(const std::string& message) : Error(ErrorCode::InvalidArgument, message) {}
};

// A page as a picture, without a display.
struct RenderRequest {
    std::filesystem::path db;
    std::string run;              // id or name; empty: the latest; several with commas between, for pages that compare
    std::string view;             // a page's name
    std::filesystem::path output; // .png, .svg or .pdf
    std::optional<LayerId> layer;
    std::optional<ExpertId> expert;
    std::optional<TokenIndex> token;
    std::string domain;
    CapacityOptions capacity;
    bool dark = false;
    int width = 1280;
    int height = 800;
    double scale = 1; // device pixels a point, for PNG
};

// Names that RenderRequest::view takes.
std::vector<std::string> renderViews();

// Draws with the window's own pages. Throws Error (InvalidArgument for an unknown view or a selection the run does not
// have, TooSmall, Io, and what reading throws). Starts Qt without a display where the program
// has not started it; call from the main thread.
void renderPage(const RenderRequest& request);

} // namespace moescope
