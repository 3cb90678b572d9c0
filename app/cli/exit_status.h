#pragma once

namespace moescope::cli {

// The program's exit statuses, a contract with scripts.
inline constexpr int kSuccess = 0;
inline constexpr int kFailure = 1;       // the work failed; one line on stderr
inline constexpr int kUsage = 2;         // wrong usage
inline constexpr int kInterrupted = 130; // Ctrl-C; what is recorded stays

} // namespace moescope::cli
