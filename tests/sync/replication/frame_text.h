#pragma once

#include <string>

#include "branchline/v1/replication.pb.h"
#include "sync/base/cursor.h"

namespace branchline {

// Frames in a few words: "push 1..5", "ack 5", "chain records 1..3".
std::string FrameText(const v1::EdgeFrame& frame);
std::string FrameText(const v1::HubFrame& frame);
// "5", or "2/5" for record 5 of epoch 2.
std::string PlaceText(const v1::Position& at);

}  // namespace branchline
