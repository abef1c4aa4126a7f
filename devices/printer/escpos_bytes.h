#pragma once

namespace branchline {

// The bytes that begin a command (ESC/POS).
inline constexpr int kEsc = 0x1B;
inline constexpr int kFs = 0x1C;
inline constexpr int kGs = 0x1D;

}  // namespace branchline
