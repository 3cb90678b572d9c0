#pragma once

#include <string>

namespace moescope {

// Makes the calling thread's parallel work use `threads` threads (0: one for each core) of the one pool that
// LibTorch, oneDNN and this engine share; a BLAS with a pool of its own is told to keep out. To be called by every
// thread that enters the engine. Returns the number.
int useThreads(int threads);

// Which BLAS LibTorch got: "OpenBLAS", "MKL", "BLIS", or the slow reference one with its remedy.
std::string blasName();

} // namespace moescope
