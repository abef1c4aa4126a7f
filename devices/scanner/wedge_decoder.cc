#include "devices/scanner/wedge_decoder.h"

#include <linux/input.h>

#include <array>
#include <cstring>

namespace branchline {
namespace {

constexpr int kReleased = 0;
constexpr int kPressed = 1;  // 2 is the repeat of a key held down

struct KeyText {
  int code;
  char plain;
  char shifted;
};
constexpr std::array<KeyText, 62> kKeys = {{
    {KEY_1, '1', '!'},           {KEY_2, '2', '@'},
    {KEY_3, '3', '#'},           {KEY_4, '4', '$'},
    {KEY_5, '5', '%'},           {KEY_6, '6', '^'},
    {KEY_7, '7', '&'},           {KEY_8, '8', '*'},
    {KEY_9, '9', '('},           {KEY_0, '0', ')'},
    {KEY_MINUS, '-', '_'},       {KEY_EQUAL, '=', '+'},
    {KEY_Q, 'q', 'Q'},           {KEY_W, 'w', 'W'},
    {KEY_E, 'e', 'E'},           {KEY_R, 'r', 'R'},
    {KEY_T, 't', 'T'},           {KEY_Y, 'y', 'Y'},
    {KEY_U, 'u', 'U'},           {KEY_I, 'i', 'I'},
    {KEY_O, 'o', 'O'},           {KEY_P, 'p', 'P'},
    {KEY_LEFTBRACE, '[', '{'},   {KEY_RIGHTBRACE, ']', '}'},
    {KEY_A, 'a', 'A'},           {KEY_S, 's', 'S'},
    {KEY_D, 'd', 'D'},           {KEY_F, 'f', 'F'},
    {KEY_G, 'g', 'G'},           {KEY_H, 'h', 'H'},
    {KEY_J, 'j', 'J'},           {KEY_K, 'k', 'K'},
    {KEY_L, 'l', 'L'},           {KEY_SEMICOLON, ';', ':'},
    {KEY_APOSTROPHE, '\'', '"'}, {KEY_GRAVE, '`', '~'},
    {KEY_BACKSLASH, '\\', '|'},  {KEY_Z, 'z', 'Z'},
    {KEY_X, 'x', 'X'},           {KEY_C, 'c', 'C'},
    {KEY_V, 'v', 'V'},           {KEY_B, 'b', 'B'},
    {KEY_N, 'n', 'N'},           {KEY_M, 'm', 'M'},
    {KEY_COMMA, ',', '<'},       {KEY_DOT, '.', '>'},
    {KEY_SLASH, '/', '?'},       {KEY_SPACE, ' ', ' '},
    {KEY_ENTER, '\r', '\r'},     {KEY_KPENTER, '\r', '\r'},
    {KEY_KP0, '0', '0'},         {KEY_KP1, '1', '1'},
    {KEY_KP2, '2', '2'},         {KEY_KP3, '3', '3'},
    {KEY_KP4, '4', '4'},         {KEY_KP5, '5', '5'},
    {KEY_KP6, '6', '6'},         {KEY_KP7, '7', '7'},
    {KEY_KP8, '8', '8'},         {KEY_KP9, '9', '9'},
    {KEY_KPMINUS, '-', '-'},     {KEY_KPPLUS, '+', '+'},
}};

bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

void WedgeDecoder::Reset() {
  pending_.clear();
  shifts_ = ctrls_ = 0;
  caps_ = false;
}

void WedgeDecoder::Key(int code, int value, std::string* out) {
  const auto hold = [value](int bit, int* held) {
    *held = value == kReleased ? *held & ~bit : *held | bit;
  };
  switch (code) {
    case KEY_LEFTSHIFT:
      return hold(1, &shifts_);
    case KEY_RIGHTSHIFT:
      return hold(2, &shifts_);
    case KEY_LEFTCTRL:
      return hold(1, &ctrls_);
    case KEY_RIGHTCTRL:
      return hold(2, &ctrls_);
    case KEY_CAPSLOCK:
      if (value == kPressed) caps_ = !caps_;
      return;
    default:
      break;
  }
  if (value != kPressed) return;
  for (const KeyText& key : kKeys) {
    if (key.code != code) continue;
    if (ctrls_ != 0) {
      if (code == KEY_RIGHTBRACE) out->push_back('\x1D');
      return;
    }
    const bool shifted = (shifts_ != 0) != (caps_ && IsLetter(key.plain));
    out->push_back(shifted ? key.shifted : key.plain);
    return;
  }
}

std::string WedgeDecoder::Feed(absl::string_view bytes) {
  pending_.append(bytes.data(), bytes.size());
  std::string out;
  size_t at = 0;
  for (; at + sizeof(input_event) <= pending_.size();
       at += sizeof(input_event)) {
    input_event event = {};
    std::memcpy(&event, pending_.data() + at, sizeof(event));
    if (event.type == EV_KEY) Key(event.code, event.value, &out);
    if (event.type == EV_SYN && event.code == SYN_DROPPED) {
      shifts_ = ctrls_ = 0;
      out.push_back('\0');
    }
  }
  pending_.erase(0, at);
  return out;
}

}  // namespace branchline
