#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "devices/files/record_folder.h"
#include "devices/printer/print_job.h"

namespace branchline {

// Print jobs as files of one directory, <number>.job each, replaced by rename
// and synced: after a crash a job is as it was before or after a Save(). One
// store per directory.
class FilePrintJobStore final : public PrintJobStore {
 public:
  // Makes `dir` if it is not there; the one above it must be.
  //
  //   NOT_FOUND, PERMISSION_DENIED  it cannot be made
  static absl::StatusOr<FilePrintJobStore> Open(const std::string& dir);

  absl::StatusOr<std::vector<PrintJob>> Load() override;
  absl::Status Save(const PrintJob& job) override;
  absl::Status Remove(uint64_t number) override;

 private:
  explicit FilePrintJobStore(std::string dir)
      : folder_(std::move(dir), ".job") {}

  RecordFolder folder_;
};

}  // namespace branchline
