#pragma once

#include <string>
#include <vector>

namespace moescope::bench {

// Opens the window as the program does and answers, on standard output, lines read from standard input:
//   where slider|text     x y width height of the page's slider or text, within the window
//   open FILE             opens another recording
//   policy N              chooses the N-th policy of the capacity page
//   record MODEL<tab>TEXTS<tab>FILE   queues a recording of the texts, six times over, as File > Record does
//   recording             1 while the run on view is being recorded
//   busy                  1 while the page is reading
// Everything is measured from the other side.
int hostWindow(const std::vector<std::string>& recordings);

} // namespace moescope::bench
