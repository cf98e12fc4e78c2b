#include "services/leyectl/record_reader.h"

#include <fstream>
#include <iostream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "services/leyectl/json.h"

namespace leye::ctl {
namespace {

constexpr uint64_t kMaxRecordBytes = 16 << 20;

// A varint; false at the end of the stream or when it is malformed (then `broken`).
bool ReadVarint(std::istream& stream, uint64_t& value, bool& broken) {
  value = 0;
  broken = false;
  for (int shift = 0; shift < 64; shift += 7) {
    const int byte = stream.get();
    if (byte == std::istream::traits_type::eof()) {
      broken = shift > 0;
      return false;
    }
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return true;
  }
  broken = true;
  return false;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RecordReader>> RecordReader::Open(const std::string& file,
                                                                 RecordFormat format) {
  if (format == RecordFormat::kByName) {
    format = absl::EndsWith(file, ".binpb") ? RecordFormat::kBinary : RecordFormat::kJsonLines;
  }
  if (file == "-") return std::make_unique<RecordReader>(std::cin, format);
  auto stream = std::make_unique<std::ifstream>(file, std::ios::binary);
  if (!*stream) return absl::NotFoundError(absl::StrCat("cannot read ", file));
  auto reader = std::make_unique<RecordReader>(*stream, format);
  reader->owned_ = std::move(stream);
  return reader;
}

bool RecordReader::Next(RawRecord& record) {
  return format_ == RecordFormat::kBinary ? NextMessage(record) : NextLine(record);
}

bool RecordReader::NextLine(RawRecord& record) {
  while (std::getline(*stream_, record.bytes)) {
    record.position = ++position_;
    absl::string_view line = absl::StripAsciiWhitespace(record.bytes);
    if (position_ == 1 && absl::StartsWith(line, "\xEF\xBB\xBF")) {  // A byte order mark.
      record.bytes.erase(0, 3);
      line = absl::StripAsciiWhitespace(record.bytes);
    }
    if (!line.empty()) return true;
  }
  return false;
}

bool RecordReader::NextMessage(RawRecord& record) {
  uint64_t length = 0;
  bool broken = false;
  if (ReadVarint(*stream_, length, broken) && length <= kMaxRecordBytes) {
    record.bytes.resize(length);
    stream_->read(record.bytes.data(), static_cast<std::streamsize>(length));
    record.position = ++position_;
    if (stream_->gcount() == static_cast<std::streamsize>(length)) return true;
    broken = true;
  }
  if (broken || length > kMaxRecordBytes) {
    status_ = absl::DataLossError(
        absl::StrCat("the file breaks off or is no .binpb after record ", position_));
  }
  return false;
}

absl::Status ParseRecord(const RawRecord& record, RecordFormat format,
                         google::protobuf::Message* message) {
  message->Clear();
  if (format != RecordFormat::kBinary) return FromJson(record.bytes, message);
  if (message->ParseFromString(record.bytes)) return absl::OkStatus();
  return absl::InvalidArgumentError("not a message of this type");
}

void AppendRecord(const google::protobuf::Message& message, RecordFormat format, std::string* out) {
  if (format != RecordFormat::kBinary) {
    absl::StrAppend(out, ToJson(message), "\n");
    return;
  }
  google::protobuf::io::StringOutputStream stream(out);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.WriteVarint32(static_cast<uint32_t>(message.ByteSizeLong()));
  message.SerializeWithCachedSizes(&coded);
}

}  // namespace leye::ctl
