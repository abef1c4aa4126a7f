#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace branchline::cli {

// Lines typed at a terminal, with editing, history and completion (libedit).
// Its state is the process's own: one editor, one thread. History is kept in
// memory alone.
class LineEditor {
 public:
  using Complete = std::function<std::vector<std::string>(absl::string_view)>;

  // `complete` is asked with the line up to the cursor, when Tab is pressed.
  explicit LineEditor(Complete complete);
  ~LineEditor();

  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  // The next line; nullopt: end of input. Ctrl-C gives up what was typed and
  // asks for a line again: it ends no till with goods in its basket.
  std::optional<std::string> Read(const std::string& prompt);

  // So that it can be had back with the arrow keys.
  void Remember(const std::string& line);
};

}  // namespace branchline::cli
