#include "services/leyectl/files/xml_file.h"

#include <expat.h>
#include <zip.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/base/status.h"

namespace leye::ctl::files {
namespace {

constexpr size_t kXmlBytesAtOnce = 64 << 10;
constexpr uint64_t kMaxUnseenBytes = 8 << 20;

absl::string_view LocalName(absl::string_view name) {
  const size_t colon = name.rfind(':');
  return colon == absl::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace

absl::StatusOr<ZipArchive> ZipArchive::Open(const std::string& file) {
  int error = 0;
  zip* handle = zip_open(file.c_str(), ZIP_RDONLY, &error);
  if (handle == nullptr) {
    if (error == ZIP_ER_NOENT || error == ZIP_ER_OPEN || error == ZIP_ER_READ) {
      return absl::NotFoundError(absl::StrCat("cannot read ", file));
    }
    return absl::InvalidArgumentError(
        absl::StrCat(file, " is no XLSX workbook (no zip archive, or a damaged or locked one)"));
  }
  return ZipArchive(std::shared_ptr<zip>(handle, [](zip* opened) { zip_discard(opened); }));
}

bool ZipArchive::Has(const std::string& entry) const {
  return zip_name_locate(handle_.get(), entry.c_str(), 0) >= 0;
}

ZipEntry::ZipEntry(ZipArchive archive, std::shared_ptr<zip_file> handle, std::string name,
                   uint64_t most)
    : archive_(std::move(archive)),
      handle_(std::move(handle)),
      name_(std::move(name)),
      most_(most),
      buffer_(kXmlBytesAtOnce, '\0') {}

absl::StatusOr<ZipEntry> ZipEntry::Open(const ZipArchive& archive, const std::string& name) {
  zip_stat_t stat;
  zip_stat_init(&stat);
  zip* handle = archive.handle_.get();
  zip_file* file =
      zip_stat(handle, name.c_str(), 0, &stat) == 0 ? zip_fopen(handle, name.c_str(), 0) : nullptr;
  if (file == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("the workbook has no readable ", name, ": is it locked by a password?"));
  }
  const bool known = (stat.valid & ZIP_STAT_COMP_SIZE) != 0;
  const uint64_t most = std::max(kFreeBytes, known ? stat.comp_size * kMaxRatio : kFreeBytes);
  return ZipEntry(archive, std::shared_ptr<zip_file>(file, zip_fclose), name, most);
}

absl::StatusOr<absl::string_view> ZipEntry::Read() {
  const zip_int64_t size = zip_fread(handle_.get(), buffer_.data(), buffer_.size());
  if (size < 0) {
    return absl::InvalidArgumentError(absl::StrCat("the workbook's ", name_, " is damaged"));
  }
  read_ += static_cast<uint64_t>(size);
  if (read_ > most_) {
    return absl::InvalidArgumentError(absl::StrCat("the workbook's ", name_, " grows to more than ",
                                                   kMaxRatio,
                                                   " times its compressed size: refused"));
  }
  return absl::string_view(buffer_.data(), static_cast<size_t>(size));
}

absl::string_view Attributes::Get(absl::string_view name) const {
  for (const char** at = list_; *at != nullptr; at += 2) {
    if (LocalName(at[0]) == name) return at[1];
  }
  return "";
}

absl::string_view Attributes::GetExactly(absl::string_view name) const {
  for (const char** at = list_; *at != nullptr; at += 2) {
    if (at[0] == name) return at[1];
  }
  return "";
}

XmlFile::XmlFile(ZipEntry entry, XmlHandler& handler)
    : entry_(std::move(entry)), handler_(handler), parser_(XML_ParserCreate(nullptr)) {
  XML_SetUserData(parser_, this);
  XML_SetElementHandler(parser_, OnStart, OnEnd);
  XML_SetCharacterDataHandler(parser_, OnText);
  XML_SetStartDoctypeDeclHandler(parser_, OnDoctype);
}

XmlFile::~XmlFile() { XML_ParserFree(parser_); }

void XmlFile::Pause() {
  paused_ = true;
  XML_StopParser(parser_, XML_TRUE);
}

void XmlFile::OnStart(void* self, const char* name, const char** attributes) {
  auto* file = static_cast<XmlFile*>(self);
  file->unseen_ = 0;
  if (!file->handler_.Start(LocalName(name), Attributes(attributes))) file->Pause();
}

void XmlFile::OnEnd(void* self, const char* name) {
  auto* file = static_cast<XmlFile*>(self);
  file->unseen_ = 0;
  if (!file->handler_.End(LocalName(name))) file->Pause();
}

void XmlFile::OnText(void* self, const char* text, int size) {
  auto* file = static_cast<XmlFile*>(self);
  file->unseen_ = 0;
  file->handler_.Text(absl::string_view(text, static_cast<size_t>(size)));
}

void XmlFile::OnDoctype(void* self, const char* /*name*/, const char* /*system*/,
                        const char* /*pub*/, int /*has*/) {
  auto* file = static_cast<XmlFile*>(self);
  file->status_ = absl::InvalidArgumentError(
      "the workbook's XML has a document type declaration (entities): refused");
  XML_StopParser(file->parser_, XML_FALSE);
}

bool XmlFile::Took(int result) {
  if (!status_.ok()) return true;
  if (result == XML_STATUS_SUSPENDED) return true;
  if (result == XML_STATUS_ERROR) {
    status_ = absl::InvalidArgumentError(absl::StrCat("the workbook's XML is malformed: ",
                                                      XML_ErrorString(XML_GetErrorCode(parser_))));
    return true;
  }
  return paused_;
}

bool XmlFile::Feed() {
  const absl::StatusOr<absl::string_view> bytes = entry_.Read();
  if (!bytes.ok()) {
    status_ = bytes.status();
    return true;
  }
  unseen_ += bytes->size();
  if (unseen_ > kMaxUnseenBytes) {
    status_ = absl::InvalidArgumentError("the workbook's XML has a tag without end: refused");
    return true;
  }
  ended_ = bytes->empty();
  return Took(XML_Parse(parser_, bytes->data(), static_cast<int>(bytes->size()), ended_ ? 1 : 0));
}

bool XmlFile::Step() {
  if (!status_.ok()) return false;
  if (paused_) {
    paused_ = false;
    if (Took(XML_ResumeParser(parser_))) return status_.ok();
  }
  while (!ended_) {
    if (Feed()) return status_.ok();
  }
  return false;
}

absl::Status ReadXml(const ZipArchive& archive, const std::string& name, XmlHandler& handler) {
  if (!archive.Has(name)) return absl::OkStatus();
  LEYE_ASSIGN_OR_RETURN(ZipEntry entry, ZipEntry::Open(archive, name));
  XmlFile file(std::move(entry), handler);
  while (file.Step()) continue;
  return file.status();
}

}  // namespace leye::ctl::files
