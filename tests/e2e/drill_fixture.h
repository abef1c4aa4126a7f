#pragma once

#include <google/protobuf/struct.pb.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tools/drill/expected_books.h"
#include "tools/drill/process.h"

namespace branchline::drill {

// Runs the built `branchline` in a directory of its own, which goes away.
class DrillFixture : public ::testing::Test {
 protected:
  struct Ended {
    Process::Exit exit;
    std::string output;  // stdout and stderr as they came
  };

  DrillFixture();
  ~DrillFixture() override;

  std::string dir() const { return dir_; }
  std::string work_dir() const { return dir_ + "/chain"; }

  Ended Branchline(const std::vector<std::string>& arguments);
  // Starts it without waiting.
  std::unique_ptr<Process> Launch(const std::vector<std::string>& arguments);

  // `days` of the generated chain as a file.
  std::string WriteChain(int days, int receipts_per_branch_day);
  // The first `lines` of a gzipped file, as a plain one.
  std::string WriteHead(const std::string& gzipped, int lines);

  // Command lines of processes that have to do with dir().
  std::vector<std::string> ProcessesLeft() const;
  // Paths below work_dir() that others may read.
  std::vector<std::string> OpenToOthers() const;

 private:
  std::string dir_;
};

// The JSON object in what a command printed, which may stand among progress.
google::protobuf::Struct JsonIn(const std::string& output);

int64_t Number(const google::protobuf::Struct& object, const std::string& name);
const google::protobuf::Struct& Object(const google::protobuf::Struct& object,
                                       const std::string& name);

}  // namespace branchline::drill
