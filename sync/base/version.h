#pragma once

namespace branchline {

// Of the whole product; edge, hub and command are released together.
inline constexpr char kVersion[] = "0.1.0";

}  // namespace branchline
