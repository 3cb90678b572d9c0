#pragma once

#include <string>
#include <utility>

#include "engine/routing/error.h"

namespace moescope::test {

// What the error says that `action` throws; "accepted" where it throws none.
template <class Action>
std::string refusal(Action&& action) {
    try {
        std::forward<Action>(action)();
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

} // namespace moescope::test
