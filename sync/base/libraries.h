#pragma once

namespace branchline {

// Sets what libraries do in a daemon. Once, before the first thread.
void PrepareLibraries();

}  // namespace branchline
