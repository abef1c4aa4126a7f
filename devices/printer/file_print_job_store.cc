#include "devices/printer/file_print_job_store.h"

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"

namespace branchline {

absl::StatusOr<FilePrintJobStore> FilePrintJobStore::Open(
    const std::string& dir) {
  FilePrintJobStore store(dir);
  BL_RETURN_IF_ERROR(Annotate(store.folder_.Make(), "open the print queue"));
  return store;
}

absl::StatusOr<std::vector<PrintJob>> FilePrintJobStore::Load() {
  std::vector<PrintJob> jobs;
  BL_RETURN_IF_ERROR(
      folder_.Load([&jobs](const std::string& path, const std::string& bytes) {
        absl::StatusOr<PrintJob> job = DecodePrintJob(bytes);
        if (!job.ok()) return Annotate(job.status(), path);
        jobs.push_back(*std::move(job));
        return absl::OkStatus();
      }));
  return jobs;
}

absl::Status FilePrintJobStore::Save(const PrintJob& job) {
  return folder_.Save(absl::StrCat(job.number), EncodePrintJob(job));
}

absl::Status FilePrintJobStore::Remove(uint64_t number) {
  return folder_.Remove(absl::StrCat(number));
}

}  // namespace branchline
