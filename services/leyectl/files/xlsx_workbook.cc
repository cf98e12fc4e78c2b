#include "services/leyectl/files/xlsx_workbook.h"

#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/base/status.h"
#include "services/leyectl/files/characters.h"
#include "services/leyectl/files/row.h"

namespace leye::ctl::files {
namespace {

constexpr size_t kMaxStyles = 100'000;
constexpr size_t kMaxSheets = 10'000;

// xl/workbook.xml, and where the sheets are: xl/_rels/workbook.xml.rels.
class SheetsHandler final : public XmlHandler {
 public:
  bool Start(absl::string_view name, const Attributes& attributes) override {
    if (name == "sheet" && sheets.size() < kMaxSheets) {
      const absl::string_view state = attributes.Get("state");
      sheets.push_back({.name = std::string(attributes.GetExactly("name")),
                        .entry = std::string(attributes.Get("id")),
                        .hidden = !state.empty() && state != "visible"});
    } else if (name == "workbookPr") {
      const absl::string_view value = attributes.Get("date1904");
      system_1904 = value == "1" || value == "true";
    } else if (name == "Relationship" && targets.size() < kMaxSheets) {
      targets[std::string(attributes.Get("Id"))] = std::string(attributes.Get("Target"));
    }
    return true;
  }
  bool End(absl::string_view /*name*/) override { return true; }
  void Text(absl::string_view /*text*/) override {}

  std::vector<Workbook::Sheet> sheets;
  bool system_1904 = false;
  std::map<std::string, std::string> targets;
};

bool IsDateFormatId(int id) {
  return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 ||
         (id >= 50 && id <= 54) || id == 57 || id == 58;
}

// xl/styles.xml
class StylesHandler final : public XmlHandler {
 public:
  bool Start(absl::string_view name, const Attributes& attributes) override {
    int id = 0;
    if (name == "cellXfs") in_cells_ = true;
    if (name == "numFmt" && absl::SimpleAtoi(attributes.Get("numFmtId"), &id) &&
        formats_.size() < kMaxStyles) {
      formats_[id] = IsDateFormat(attributes.Get("formatCode"));
    }
    if (name == "xf" && in_cells_ && dates.size() < kMaxStyles) {
      (void)absl::SimpleAtoi(attributes.Get("numFmtId"), &id);
      const auto custom = formats_.find(id);
      dates.push_back(custom != formats_.end() ? custom->second : IsDateFormatId(id));
    }
    return true;
  }
  bool End(absl::string_view name) override {
    if (name == "cellXfs") in_cells_ = false;
    return true;
  }
  void Text(absl::string_view /*text*/) override {}

  std::vector<bool> dates;

 private:
  std::map<int, bool> formats_;
  bool in_cells_ = false;
};

// xl/sharedStrings.xml; sounds (rPh) are no text.
class TextsHandler final : public XmlHandler {
 public:
  explicit TextsHandler(TextPool& pool) : pool_(pool) {}

  bool Start(absl::string_view name, const Attributes& /*attributes*/) override {
    if (name == "si") text_.clear();
    if (name == "rPh") in_sound_ = true;
    in_text_ = name == "t" && !in_sound_;
    return status.ok();
  }
  bool End(absl::string_view name) override {
    in_text_ = false;
    if (name == "rPh") in_sound_ = false;
    if (name == "si" && status.ok()) status = pool_.Add(WithoutEscapes(text_));
    return status.ok();
  }
  void Text(absl::string_view text) override {
    if (!in_text_ || !status.ok()) return;
    absl::StrAppend(&text_, text);
    if (text_.size() > kMaxCellBytes) {
      status =
          absl::InvalidArgumentError(absl::StrCat("a cell of more than ", kMaxCellBytes, " bytes"));
    }
  }

  absl::Status status;

 private:
  TextPool& pool_;
  std::string text_;
  bool in_text_ = false;
  bool in_sound_ = false;
};

absl::Status ReadTexts(const ZipArchive& archive, TextPool& pool) {
  const std::string name = "xl/sharedStrings.xml";
  if (!archive.Has(name)) return absl::OkStatus();
  LEYE_ASSIGN_OR_RETURN(ZipEntry entry, ZipEntry::Open(archive, name));
  TextsHandler handler(pool);
  XmlFile file(std::move(entry), handler);
  while (file.Step() && handler.status.ok()) continue;
  LEYE_RETURN_IF_ERROR(handler.status);
  return file.status();
}

}  // namespace

absl::Status TextPool::Add(absl::string_view text) {
  if (bytes_.size() + text.size() > kMaxBytes) {
    return absl::ResourceExhaustedError(absl::StrCat("the workbook's texts take more than ",
                                                     kMaxBytes >> 20, " MiB: save it as CSV"));
  }
  absl::StrAppend(&bytes_, text);
  ends_.push_back(static_cast<uint32_t>(bytes_.size()));
  return absl::OkStatus();
}

absl::string_view TextPool::At(size_t index) const {
  const size_t begin = index == 0 ? 0 : ends_[index - 1];
  return absl::string_view(bytes_).substr(begin, ends_[index] - begin);
}

bool IsDateFormat(absl::string_view code) {
  bool quoted = false;
  bool bracketed = false;
  for (size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '\\') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == '[') {
      bracketed = true;
    } else if (c == ']') {
      bracketed = false;
    } else if (!quoted && !bracketed && (c == 'y' || c == 'Y' || c == 'd' || c == 'D')) {
      return true;
    }
  }
  return false;
}

std::string WithoutEscapes(absl::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const size_t found = text.find("_x");
    if (found == absl::string_view::npos) break;
    plain.append(text.data(), found);
    text.remove_prefix(found);
    int code = 0;
    if (text.size() >= 7 && text[6] == '_' && absl::SimpleHexAtoi(text.substr(2, 4), &code) &&
        (code < 0xD800 || code > 0xDFFF)) {
      AppendCharacter(static_cast<char32_t>(code), &plain);
      text.remove_prefix(7);
    } else {
      plain.append("_x");
      text.remove_prefix(2);
    }
  }
  plain.append(text.data(), text.size());
  return plain;
}

absl::StatusOr<Workbook> ReadWorkbook(const ZipArchive& archive) {
  if (!archive.Has("xl/workbook.xml")) {
    return absl::InvalidArgumentError("the file is no XLSX workbook (no xl/workbook.xml)");
  }
  Workbook workbook;
  SheetsHandler sheets;
  LEYE_RETURN_IF_ERROR(ReadXml(archive, "xl/workbook.xml", sheets));
  LEYE_RETURN_IF_ERROR(ReadXml(archive, "xl/_rels/workbook.xml.rels", sheets));
  for (Workbook::Sheet& sheet : sheets.sheets) {
    absl::string_view target = sheets.targets[sheet.entry];
    sheet.entry =
        absl::ConsumePrefix(&target, "/") ? std::string(target) : absl::StrCat("xl/", target);
  }
  workbook.sheets = std::move(sheets.sheets);
  workbook.system_1904 = sheets.system_1904;
  StylesHandler styles;
  LEYE_RETURN_IF_ERROR(ReadXml(archive, "xl/styles.xml", styles));
  workbook.date_styles = std::move(styles.dates);
  LEYE_RETURN_IF_ERROR(ReadTexts(archive, workbook.texts));
  return workbook;
}

}  // namespace leye::ctl::files
