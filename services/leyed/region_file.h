// The file that a region moves in, frame by frame; proto/leye/storage/v1/region_file.proto tells
// its form.
//
//   LEYE_ASSIGN_OR_RETURN(RegionFileReader file, RegionFileReader::Open("hebei.leye"));
//   LEYE_ASSIGN_OR_RETURN(std::optional<RegionFrame> frame, file.Next());   // Until nullopt.
//
// Errors: UNAVAILABLE (FILE_ERROR) when the system says no; DATA_LOSS (FILE_DAMAGED) for a frame
// that is cut off or not what was written, naming the frame and where it begins.

#ifndef LEYE_SERVICES_LEYED_REGION_FILE_H_
#define LEYE_SERVICES_LEYED_REGION_FILE_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "leye/storage/v1/region_file.pb.h"

namespace leye {

using storage::v1::RegionFrame;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using OpenedFile = std::unique_ptr<std::FILE, CloseFile>;

// A place between two frames, from which on frames can be appended.
struct FramePosition {
  uint64_t offset = 0;  // In bytes.
  uint64_t frames = 0;  // Before it.
  std::string digest;   // Of the frame before it, and so of all that is before it.
};

// Thread-compatible. Holds one frame in memory at a time.
class RegionFileReader {
 public:
  // NOT_FOUND (FILE_NOT_FOUND) when there is none.
  static absl::StatusOr<RegionFileReader> Open(const std::string& path);

  // The next frame; nullopt at the end of the file.
  absl::StatusOr<std::optional<RegionFrame>> Next();

  // After the last frame that Next returned.
  const FramePosition& position() const { return position_; }

 private:
  RegionFileReader(OpenedFile file, std::string path, FramePosition position)
      : file_(std::move(file)), path_(std::move(path)), position_(std::move(position)) {}

  // The next `size` bytes, fewer at the end of the file.
  absl::StatusOr<std::string> Read(size_t size);
  absl::Status Damaged(absl::string_view what) const;

  OpenedFile file_;
  std::string path_;
  FramePosition position_;
};

// Thread-compatible.
class RegionFileWriter {
 public:
  // Creates the file, for its owner only; its name is on disk when this returns. One that is empty,
  // or of which a crash has left but part of the beginning and zeros, is taken as new.
  // ALREADY_EXISTS (FILE_EXISTS) when there is any other.
  static absl::StatusOr<RegionFileWriter> Create(const std::string& path);

  // Cuts an existing file off at `position`; it is for its owner only from then on.
  static absl::StatusOr<RegionFileWriter> Continue(const std::string& path,
                                                   const FramePosition& position);

  absl::Status Append(const RegionFrame& frame);

  // Everything appended is on disk when this returns.
  absl::Status Sync();

 private:
  RegionFileWriter(OpenedFile file, std::string path, std::string digest)
      : file_(std::move(file)), path_(std::move(path)), digest_(std::move(digest)) {}

  absl::Status Write(absl::string_view bytes);

  OpenedFile file_;
  std::string path_;
  std::string digest_;
};

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_REGION_FILE_H_
