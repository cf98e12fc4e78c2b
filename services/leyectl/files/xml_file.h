// Files in a zip archive, and XML among them, read a piece at a time and within bounds.
//
//   LEYE_ASSIGN_OR_RETURN(const auto archive, ZipArchive::Open("list.xlsx"));
//   XmlFile xml(archive, "xl/workbook.xml", handler);
//   while (xml.Step()) continue;   // Until the handler calls Pause, or the end.
//
// Refused are archives that blow up (kMaxRatio), encrypted entries, and XML with a document type
// declaration, for that is where entities come from; Office writes none.

#ifndef LEYE_SERVICES_LEYECTL_FILES_XML_FILE_H_
#define LEYE_SERVICES_LEYECTL_FILES_XML_FILE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct zip;
struct zip_file;
struct XML_ParserStruct;

namespace leye::ctl::files {

// A file may grow to this many times its compressed size, and to kFreeBytes in any case.
inline constexpr uint64_t kMaxRatio = 300;
inline constexpr uint64_t kFreeBytes = 64 << 20;

// Thread-compatible. Copies share the archive.
class ZipArchive {
 public:
  // NOT_FOUND when the file cannot be read, INVALID_ARGUMENT when it is no zip archive.
  static absl::StatusOr<ZipArchive> Open(const std::string& file);

  bool Has(const std::string& entry) const;

 private:
  friend class ZipEntry;
  explicit ZipArchive(std::shared_ptr<zip> handle) : handle_(std::move(handle)) {}

  std::shared_ptr<zip> handle_;
};

// Thread-compatible.
class ZipEntry {
 public:
  static absl::StatusOr<ZipEntry> Open(const ZipArchive& archive, const std::string& name);

  // The next bytes; empty at the end. INVALID_ARGUMENT when the entry is damaged or blows up.
  absl::StatusOr<absl::string_view> Read();

 private:
  ZipEntry(ZipArchive archive, std::shared_ptr<zip_file> handle, std::string name, uint64_t most);

  ZipArchive archive_;
  std::shared_ptr<zip_file> handle_;
  std::string name_;
  uint64_t most_;
  uint64_t read_ = 0;
  std::string buffer_;
};

// Attributes as expat has them: name, value, ..., null.
class Attributes {
 public:
  explicit Attributes(const char** list) : list_(list) {}

  // By its name without prefix; empty when there is none.
  absl::string_view Get(absl::string_view name) const;
  // By its name with the prefix that Office writes.
  absl::string_view GetExactly(absl::string_view name) const;

 private:
  const char** list_;
};

// What happens while XML is read. Names come without prefix.
class XmlHandler {
 public:
  XmlHandler() = default;
  XmlHandler(const XmlHandler&) = delete;
  XmlHandler& operator=(const XmlHandler&) = delete;
  virtual ~XmlHandler() = default;

  // False pauses: Step returns when the element has been taken.
  virtual bool Start(absl::string_view name, const Attributes& attributes) = 0;
  virtual bool End(absl::string_view name) = 0;
  virtual void Text(absl::string_view text) = 0;
};

// Thread-compatible; neither copied nor moved.
class XmlFile {
 public:
  // `handler` outlives this.
  XmlFile(ZipEntry entry, XmlHandler& handler);
  XmlFile(const XmlFile&) = delete;
  XmlFile& operator=(const XmlFile&) = delete;
  ~XmlFile();

  // Reads on until the handler pauses (true) or the file ends (false; see `status`).
  bool Step();

  const absl::Status& status() const { return status_; }

 private:
  static void OnStart(void* self, const char* name, const char** attributes);
  static void OnEnd(void* self, const char* name);
  static void OnText(void* self, const char* text, int size);
  static void OnDoctype(void* self, const char* name, const char* system, const char* pub, int has);

  void Pause();
  // Whether a step ends with the result of expat.
  bool Took(int result);
  bool Feed();

  ZipEntry entry_;
  XmlHandler& handler_;
  XML_ParserStruct* parser_;
  bool paused_ = false;
  bool ended_ = false;
  uint64_t unseen_ = 0;  // Bytes since anything was told: an endless tag would be kept whole.
  absl::Status status_;
};

// Reads a whole entry. OK also when there is none.
absl::Status ReadXml(const ZipArchive& archive, const std::string& name, XmlHandler& handler);

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_XML_FILE_H_
