#include "tests/e2e/drill_fixture.h"

#include <google/protobuf/util/json_util.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sync/base/clock.h"
#include "tools/drill/demo_chain.h"

namespace branchline::drill {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

DrillFixture::DrillFixture() {
  // Short: sockets below it have names of their own.
  std::string name = "/tmp/bl-e2e-XXXXXX";
  dir_ = mkdtemp(name.data());
}

DrillFixture::~DrillFixture() {
  if (!HasFailure()) std::filesystem::remove_all(dir_);
}

std::unique_ptr<Process> DrillFixture::Launch(
    const std::vector<std::string>& arguments) {
  ProcessOptions options;
  options.argv = {BL_BIN_DIR "/branchline"};
  options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
  options.log_path = dir_ + "/output";
  std::filesystem::remove(options.log_path);
  auto process = Process::Start(options, &SystemClock());
  EXPECT_TRUE(process.ok()) << process.status();
  return *std::move(process);
}

DrillFixture::Ended DrillFixture::Branchline(
    const std::vector<std::string>& arguments) {
  const std::unique_ptr<Process> process = Launch(arguments);
  // It ends without saying this; waiting for it waits for the end.
  const auto line = process->WaitForLine("\x01 never said", absl::Seconds(280));
  EXPECT_FALSE(process->Running()) << line.status();
  process->Kill();
  return {process->exit(), ReadFile(dir_ + "/output")};
}

std::string DrillFixture::WriteChain(int days, int receipts_per_branch_day) {
  DemoChainOptions options;
  options.seed = 7;
  options.days = days;
  options.receipts_per_branch_day = receipts_per_branch_day;
  std::string path = dir_ + "/sales.csv";
  std::ofstream csv(path, std::ios::binary);
  const absl::Status status =
      WriteDemoChain(options, [&](absl::string_view text) { csv << text; });
  EXPECT_TRUE(status.ok()) << status;
  return path;
}

std::string DrillFixture::WriteHead(const std::string& gzipped, int lines) {
  std::string path = dir_ + "/head.csv";
  std::ofstream csv(path, std::ios::binary);
  const gzFile file = gzopen(gzipped.c_str(), "rb");
  char line[4'096];
  while (lines-- > 0 && gzgets(file, line, sizeof(line)) != nullptr) {
    csv << line;
  }
  gzclose(file);
  return path;
}

std::vector<std::string> DrillFixture::ProcessesLeft() const {
  std::vector<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (std::isdigit(static_cast<unsigned char>(name[0])) == 0 ||
        name == std::to_string(getpid())) {
      continue;
    }
    const std::string command = ReadFile(entry.path().string() + "/cmdline");
    if (command.find(dir_) != std::string::npos) left.push_back(command);
  }
  return left;
}

std::vector<std::string> DrillFixture::OpenToOthers() const {
  std::vector<std::string> open;
  struct stat info;
  if (stat(work_dir().c_str(), &info) == 0 && (info.st_mode & 077) != 0) {
    open.push_back(work_dir());
  }
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(work_dir())) {
    if (lstat(entry.path().c_str(), &info) == 0 && (info.st_mode & 077) != 0) {
      open.push_back(entry.path().string());
    }
  }
  return open;
}

google::protobuf::Struct JsonIn(const std::string& output) {
  google::protobuf::Struct json;
  const size_t from = output.find("{\"branches\"");
  EXPECT_NE(from, std::string::npos) << output;
  if (from == std::string::npos) return json;
  const size_t to = output.rfind('}');
  const auto status = google::protobuf::util::JsonStringToMessage(
      output.substr(from, to - from + 1), &json);
  EXPECT_TRUE(status.ok()) << status << "\n" << output;
  return json;
}

int64_t Number(const google::protobuf::Struct& object,
               const std::string& name) {
  EXPECT_TRUE(object.fields().contains(name)) << name;
  return static_cast<int64_t>(object.fields().at(name).number_value());
}

const google::protobuf::Struct& Object(const google::protobuf::Struct& object,
                                       const std::string& name) {
  return object.fields().at(name).struct_value();
}

}  // namespace branchline::drill
