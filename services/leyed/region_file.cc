#include "services/leyed/region_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include <sys/stat.h>

#include "services/app/digest.h"
#include "services/base/file_marks.h"
#include "services/base/status.h"
#include "services/leyed/region_frames.h"

namespace leye {
namespace {

constexpr size_t kLengthBytes = 4;
constexpr size_t kDigestBytes = 32;
// Beyond what a page of records can be; so that a damaged length asks for no mountain of memory.
constexpr uint32_t kMaxFrameBytes = 64 << 20;

absl::Status FileError(absl::string_view path) {
  return Error(absl::StatusCode::kUnavailable, "FILE_ERROR",
               absl::StrCat(path, ": ", std::strerror(errno)));
}

std::string EncodeLength(size_t length) {
  std::string bytes;
  for (size_t i = 0; i < kLengthBytes; ++i) {
    bytes.push_back(static_cast<char>(length >> (8 * i) & 0xff));
  }
  return bytes;
}

uint32_t DecodeLength(absl::string_view bytes) {
  uint32_t length = 0;
  for (size_t i = 0; i < kLengthBytes; ++i) {
    length |= static_cast<uint32_t>(static_cast<uint8_t>(bytes[i])) << (8 * i);
  }
  return length;
}

// Whether there is nothing in `file`, or what a crash leaves before the first frame is on disk.
bool HoldsNothing(std::FILE* file) {
  int byte = std::getc(file);
  for (size_t i = 0; i < kRegionFileMark.size() && byte == kRegionFileMark[i]; ++i) {
    if (i + 1 == kRegionFileMark.size()) return false;
    byte = std::getc(file);
  }
  while (byte == 0) byte = std::getc(file);
  return byte == EOF && std::ferror(file) == 0;
}

// What is written from here on is at `offset`, and nobody else's to read.
absl::Status CutOff(std::FILE* file, uint64_t offset, absl::string_view path) {
  const auto end = static_cast<off_t>(offset);
  if (fchmod(fileno(file), S_IRUSR | S_IWUSR) != 0 || ftruncate(fileno(file), end) != 0 ||
      fseeko(file, end, SEEK_SET) != 0) {
    return FileError(path);
  }
  return absl::OkStatus();
}

// Without it a crash may forget a file whose content is on disk. EINVAL: the file system has no
// such thing.
absl::Status SyncFolderOf(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const OpenedFile opened(std::fopen(folder.empty() ? "." : folder.c_str(), "r"));
  if (opened == nullptr) return FileError(path);
  if (fsync(fileno(opened.get())) != 0 && errno != EINVAL) return FileError(path);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RegionFileReader> RegionFileReader::Open(const std::string& path) {
  OpenedFile file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr && errno == ENOENT) {
    return Error(absl::StatusCode::kNotFound, "FILE_NOT_FOUND",
                 absl::StrCat(path, " does not exist"));
  }
  if (file == nullptr) return FileError(path);
  RegionFileReader reader(std::move(file), path,
                          {kRegionFileMark.size(), 0, std::string(kRegionFileMark)});
  LEYE_ASSIGN_OR_RETURN(const std::string beginning, reader.Read(kRegionFileMark.size()));
  if (beginning != kRegionFileMark) {
    return Error(absl::StatusCode::kDataLoss, "FILE_DAMAGED",
                 absl::StrCat(path, " is not the export of a region"));
  }
  return reader;
}

absl::StatusOr<std::optional<RegionFrame>> RegionFileReader::Next() {
  constexpr absl::string_view kCutOff = "is cut off, or its length is damaged";
  LEYE_ASSIGN_OR_RETURN(const std::string length, Read(kLengthBytes));
  if (length.empty()) return std::nullopt;
  if (length.size() < kLengthBytes) return Damaged(kCutOff);
  const uint32_t size = DecodeLength(length);
  if (size > kMaxFrameBytes) return Damaged(kCutOff);
  LEYE_ASSIGN_OR_RETURN(const std::string message, Read(size));
  LEYE_ASSIGN_OR_RETURN(std::string digest, Read(kDigestBytes));
  if (message.size() < size || digest.size() < kDigestBytes) return Damaged(kCutOff);
  if (app::Sha256(absl::StrCat(position_.digest, message)) != digest) {
    return Damaged("is not what was written: its check sum does not fit");
  }
  RegionFrame frame;
  if (!frame.ParseFromString(message) || frame.content_case() == RegionFrame::CONTENT_NOT_SET ||
      !KnowsEveryKind(frame)) {
    return Damaged("cannot be understood: use the leye that wrote it, or a newer one");
  }
  position_ = {position_.offset + kLengthBytes + size + kDigestBytes, position_.frames + 1,
               std::move(digest)};
  return frame;
}

absl::StatusOr<std::string> RegionFileReader::Read(size_t size) {
  std::string bytes(size, '\0');
  bytes.resize(std::fread(bytes.data(), 1, size, file_.get()));
  // An export cuts off what is damaged: a disk that does not answer now must not look like it.
  if (std::ferror(file_.get()) != 0) return FileError(path_);
  return bytes;
}

absl::Status RegionFileReader::Damaged(absl::string_view what) const {
  return Error(
      absl::StatusCode::kDataLoss, "FILE_DAMAGED",
      absl::StrCat(path_, ": frame ", position_.frames, ", at byte ", position_.offset, ", ", what),
      {{"frame", absl::StrCat(position_.frames)}, {"offset", absl::StrCat(position_.offset)}});
}

absl::StatusOr<RegionFileWriter> RegionFileWriter::Create(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return FileError(path);
  OpenedFile file(fdopen(descriptor, "r+b"));
  if (file == nullptr) {
    const absl::Status error = FileError(path);
    close(descriptor);
    return error;
  }
  struct stat status = {};
  if (fstat(descriptor, &status) != 0) return FileError(path);
  if (!S_ISREG(status.st_mode)) {
    return Error(absl::StatusCode::kUnavailable, "FILE_ERROR",
                 absl::StrCat(path, " is not a file that can be gone on with"));
  }
  if (!HoldsNothing(file.get())) {
    return Error(absl::StatusCode::kAlreadyExists, "FILE_EXISTS",
                 absl::StrCat(path, " exists already"));
  }
  LEYE_RETURN_IF_ERROR(CutOff(file.get(), 0, path));
  LEYE_RETURN_IF_ERROR(SyncFolderOf(path));
  RegionFileWriter writer(std::move(file), path, std::string(kRegionFileMark));
  LEYE_RETURN_IF_ERROR(writer.Write(kRegionFileMark));
  return writer;
}

absl::StatusOr<RegionFileWriter> RegionFileWriter::Continue(const std::string& path,
                                                            const FramePosition& position) {
  OpenedFile file(std::fopen(path.c_str(), "r+b"));
  if (file == nullptr) return FileError(path);
  LEYE_RETURN_IF_ERROR(CutOff(file.get(), position.offset, path));
  return RegionFileWriter(std::move(file), path, position.digest);
}

absl::Status RegionFileWriter::Append(const RegionFrame& frame) {
  const std::string message = frame.SerializeAsString();
  if (message.size() > kMaxFrameBytes) {
    return Error(absl::StatusCode::kInternal, "FRAME_TOO_LARGE",
                 absl::StrCat("a frame of ", message.size(), " bytes"));
  }
  digest_ = app::Sha256(absl::StrCat(digest_, message));
  return Write(absl::StrCat(EncodeLength(message.size()), message, digest_));
}

absl::Status RegionFileWriter::Sync() {
  if (std::fflush(file_.get()) != 0 || fsync(fileno(file_.get())) != 0) return FileError(path_);
  return absl::OkStatus();
}

absl::Status RegionFileWriter::Write(absl::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) {
    return FileError(path_);
  }
  return absl::OkStatus();
}

}  // namespace leye
