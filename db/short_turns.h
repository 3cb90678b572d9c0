#pragma once

namespace moescope::sqlite {

// Asks the scheduler to run the calling thread in turns of 0.1 ms where it shares a processor (Linux 6.12 and later;
// nothing happens elsewhere). Its share stays the same. A writer that takes milliseconds at a time stops one of the
// engine's threads for as long, and the others wait for that one.
void takeShortTurns();

} // namespace moescope::sqlite
