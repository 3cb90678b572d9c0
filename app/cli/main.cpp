#include "app/cli/program.h"

int main(int argc, char** argv) {
    return moescope::cli::runProgram(argc, argv);
}
