#pragma once

namespace moescope {

// How far a thread stands back where processors are short, so that the window draws and answers first.
enum class Background {
    Reading = 2, // answers that the window waits for
    Work = 10    // recording, training, importing; threads that it starts stand back as far
};

// Of the calling thread, from now on. Best effort: where the system does not do it by thread, nothing happens.
void standBack(Background how);

} // namespace moescope
