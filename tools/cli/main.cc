#include <iostream>
#include <string>
#include <vector>

#include "sync/base/clock.h"
#include "tools/cli/cli.h"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  return branchline::cli::RunCli(
      std::vector<std::string>(argv + 1, argv + argc), std::cout, std::cerr,
      branchline::SystemClock());
}
