#include "services/leyed/region_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include <sys/stat.h>

#include "services/app/digest.h"
#include "services/base/status.h"

namespace leye {
namespace {

constexpr absl::string_view kBeginning = "leyereg1";
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

}  // namespace

absl::StatusOr<RegionFileReader> RegionFileReader::Open(const std::string& path) {
  OpenedFile file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr && errno == ENOENT) {
    return Error(absl::StatusCode::kNotFound, "FILE_NOT_FOUND",
                 absl::StrCat(path, " does not exist"));
  }
  if (file == nullptr) return FileError(path);
  RegionFileReader reader(std::move(file), path, {kBeginning.size(), 0, std::string(kBeginning)});
  std::string beginning;
  if (!reader.ReadExactly(kBeginning.size(), beginning) || beginning != kBeginning) {
    return Error(absl::StatusCode::kDataLoss, "FILE_DAMAGED",
                 absl::StrCat(path, " is not the export of a region"));
  }
  return reader;
}

absl::StatusOr<std::optional<RegionFrame>> RegionFileReader::Next() {
  std::string length;
  const bool whole = ReadExactly(kLengthBytes, length);
  if (std::ferror(file_.get()) != 0) return FileError(path_);
  if (length.empty()) return std::nullopt;
  const uint32_t size = whole ? DecodeLength(length) : 0;
  std::string message;
  std::string digest;
  if (!whole || size > kMaxFrameBytes || !ReadExactly(size, message) ||
      !ReadExactly(kDigestBytes, digest)) {
    return Damaged("is cut off, or its length is damaged");
  }
  if (app::Sha256(absl::StrCat(position_.digest, message)) != digest) {
    return Damaged("is not what was written: its check sum does not fit");
  }
  RegionFrame frame;
  if (!frame.ParseFromString(message) || frame.content_case() == RegionFrame::CONTENT_NOT_SET) {
    return Damaged("cannot be understood: use the leye that wrote it, or a newer one");
  }
  position_ = {position_.offset + kLengthBytes + size + kDigestBytes, position_.frames + 1,
               std::move(digest)};
  return frame;
}

bool RegionFileReader::ReadExactly(size_t size, std::string& bytes) {
  bytes.resize(size);
  bytes.resize(std::fread(bytes.data(), 1, size, file_.get()));
  return bytes.size() == size;
}

absl::Status RegionFileReader::Damaged(absl::string_view what) const {
  return Error(
      absl::StatusCode::kDataLoss, "FILE_DAMAGED",
      absl::StrCat(path_, ": frame ", position_.frames, ", at byte ", position_.offset, ", ", what),
      {{"frame", absl::StrCat(position_.frames)}, {"offset", absl::StrCat(position_.offset)}});
}

absl::StatusOr<RegionFileWriter> RegionFileWriter::Create(const std::string& path) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return FileError(path);
  OpenedFile file(fdopen(descriptor, "wb"));
  struct stat status = {};
  if (fstat(descriptor, &status) != 0) return FileError(path);
  if (status.st_size > 0) {
    return Error(absl::StatusCode::kAlreadyExists, "FILE_EXISTS",
                 absl::StrCat(path, " exists already"));
  }
  RegionFileWriter writer(std::move(file), path, std::string(kBeginning));
  LEYE_RETURN_IF_ERROR(writer.Write(kBeginning));
  return writer;
}

absl::StatusOr<RegionFileWriter> RegionFileWriter::Continue(const std::string& path,
                                                            const FramePosition& position) {
  OpenedFile file(std::fopen(path.c_str(), "r+b"));
  const auto offset = static_cast<off_t>(position.offset);
  if (file == nullptr || ftruncate(fileno(file.get()), offset) != 0 ||
      fseeko(file.get(), offset, SEEK_SET) != 0) {
    return FileError(path);
  }
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
