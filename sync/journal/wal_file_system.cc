#include "sync/journal/wal_file_system.h"

#include <rocksdb/file_system.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"
#include "sync/journal/rocks_slice.h"
#include "sync/journal/wal_survey.h"

namespace branchline {
namespace {

constexpr absl::string_view kLogSuffix = ".log";

// Zeros at a time. A log of some megabytes is written twice, and one sync in
// some hundred takes a millisecond longer.
constexpr size_t kRoomBytes = 256 << 10;

// A record that is being written while it is read is no damage: the next look
// finds it whole.
constexpr int kLooksBesideAWriter = 5;

// A log with zeros behind its end. To write over them needs neither blocks nor
// a new size.
class LongFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  LongFile(std::unique_ptr<rocksdb::FSWritableFile> file,
           std::unique_ptr<rocksdb::FSRandomRWFile> ahead)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(file)),
        ahead_(std::move(ahead)) {}

  rocksdb::IOStatus Append(const rocksdb::Slice& data,
                           const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
    MakeRoom(data.size(), options, debug);
    return target()->Append(data, options, debug);
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data,
                           const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo& info,
                           rocksdb::IODebugContext* debug) override {
    MakeRoom(data.size(), options, debug);
    return target()->Append(data, options, info, debug);
  }

 private:
  void MakeRoom(size_t bytes, const rocksdb::IOOptions& options,
                rocksdb::IODebugContext* debug) {
    end_ += bytes;
    if (end_ <= room_ || ahead_ == nullptr) return;
    static const std::string* const zeros = new std::string(kRoomBytes, '\0');
    // Where there is no room the log grows as it is written, as far as it can.
    if (!ahead_->Write(end_, *zeros, options, debug).ok()) ahead_.reset();
    room_ = end_ + zeros->size();
  }

  std::unique_ptr<rocksdb::FSRandomRWFile> ahead_;  // the same file
  uint64_t end_ = 0;                                // bytes appended
  uint64_t room_ = 0;                               // bytes up to the last zero
};

// The first `bytes` of a file.
class ShortFile final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  ShortFile(std::unique_ptr<rocksdb::FSSequentialFile> file, uint64_t bytes)
      : rocksdb::FSSequentialFileOwnerWrapper(std::move(file)), left_(bytes) {}

  rocksdb::IOStatus Read(size_t n, const rocksdb::IOOptions& options,
                         rocksdb::Slice* result, char* scratch,
                         rocksdb::IODebugContext* debug) override {
    const size_t wanted = static_cast<size_t>(std::min<uint64_t>(n, left_));
    *result = rocksdb::Slice();
    if (wanted == 0) return rocksdb::IOStatus::OK();
    const rocksdb::IOStatus status =
        target()->Read(wanted, options, result, scratch, debug);
    left_ -= std::min<uint64_t>(left_, result->size());
    return status;
  }
  rocksdb::IOStatus Skip(uint64_t n) override {
    n = std::min(n, left_);
    left_ -= n;
    return target()->Skip(n);
  }

 private:
  uint64_t left_;  // bytes
};

// Thread-safety: as FileSystem says.
class WalFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  WalFileSystem(std::shared_ptr<rocksdb::FileSystem> base, bool beside_a_writer)
      : rocksdb::FileSystemWrapper(std::move(base)),
        looks_(beside_a_writer ? kLooksBesideAWriter : 1) {}

  const char* Name() const override { return "BranchlineWalFileSystem"; }

  rocksdb::IOStatus NewWritableFile(
      const std::string& path, const rocksdb::FileOptions& options,
      std::unique_ptr<rocksdb::FSWritableFile>* file,
      rocksdb::IODebugContext* debug) override {
    const rocksdb::IOStatus status =
        target()->NewWritableFile(path, options, file, debug);
    if (!status.ok() || !absl::EndsWith(path, kLogSuffix)) return status;
    std::unique_ptr<rocksdb::FSRandomRWFile> ahead;
    if (target()->NewRandomRWFile(path, options, &ahead, debug).ok()) {
      *file = std::make_unique<LongFile>(std::move(*file), std::move(ahead));
    }
    return status;
  }

  rocksdb::IOStatus NewSequentialFile(
      const std::string& path, const rocksdb::FileOptions& options,
      std::unique_ptr<rocksdb::FSSequentialFile>* file,
      rocksdb::IODebugContext* debug) override {
    if (!absl::EndsWith(path, kLogSuffix)) {
      return target()->NewSequentialFile(path, options, file, debug);
    }
    absl::MutexLock lock(&mutex_);
    if (!surveyed_) {
      const rocksdb::IOStatus status =
          Survey(path.substr(0, path.rfind('/')), options);
      if (!status.ok()) return status;
      surveyed_ = true;
    }
    const rocksdb::IOStatus status =
        target()->NewSequentialFile(path, options, file, debug);
    if (!status.ok()) return status;
    // One that was begun since shows nothing: the one before it was cut then.
    *file = std::make_unique<ShortFile>(std::move(*file), intact_bytes_[path]);
    return status;
  }

 private:
  // The logs in `dir`, in the order of their numbers.
  rocksdb::IOStatus List(const std::string& dir,
                         std::vector<std::string>* paths) const {
    std::vector<std::string> names;
    const rocksdb::IOStatus status =
        target()->GetChildren(dir, rocksdb::IOOptions(), &names, nullptr);
    std::map<uint64_t, std::string> logs;
    for (const std::string& name : names) {
      uint64_t number = 0;
      if (absl::EndsWith(name, kLogSuffix) &&
          absl::SimpleAtoi(absl::StripSuffix(name, kLogSuffix), &number)) {
        logs[number] = absl::StrCat(dir, "/", name);
      }
    }
    for (auto& [number, path] : logs) paths->push_back(std::move(path));
    return status;
  }

  rocksdb::IOStatus ReadInto(const std::string& path,
                             const rocksdb::FileOptions& options,
                             WalSurvey* survey) const {
    std::unique_ptr<rocksdb::FSSequentialFile> file;
    rocksdb::IOStatus status =
        target()->NewSequentialFile(path, options, &file, nullptr);
    // Whoever writes them is done with this one.
    if (status.IsPathNotFound() || status.IsNotFound()) {
      return rocksdb::IOStatus::OK();
    }
    std::string block(WalSurvey::kBlockSize, '\0');
    rocksdb::Slice read(block);
    while (status.ok() && read.size() == block.size()) {
      status = file->Read(block.size(), options.io_options, &read, block.data(),
                          nullptr);
      if (status.ok()) survey->Add(View(read));
    }
    return status;
  }

  rocksdb::IOStatus Survey(const std::string& dir,
                           const rocksdb::FileOptions& options)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    absl::StatusOr<std::vector<uint64_t>> found;
    std::vector<std::string> paths;
    for (int look = 0; look < looks_ && !found.ok(); ++look) {
      paths.clear();
      const rocksdb::IOStatus listed = List(dir, &paths);
      if (!listed.ok()) return listed;
      WalSurvey survey;
      for (const std::string& path : paths) {
        survey.StartFile(path);
        const rocksdb::IOStatus read = ReadInto(path, options, &survey);
        if (!read.ok()) return read;
      }
      found = survey.Finish();
    }
    if (!found.ok()) {
      return rocksdb::IOStatus::Corruption(
          std::string(found.status().message()));
    }
    for (size_t i = 0; i < paths.size(); ++i) {
      intact_bytes_[paths[i]] = (*found)[i];
    }
    return rocksdb::IOStatus::OK();
  }

  const int looks_;
  absl::Mutex mutex_;
  bool surveyed_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, uint64_t> intact_bytes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::shared_ptr<rocksdb::FileSystem> NewWalFileSystem(
    std::shared_ptr<rocksdb::FileSystem> base, bool beside_a_writer) {
  return std::make_shared<WalFileSystem>(std::move(base), beside_a_writer);
}

}  // namespace branchline
