// Reads a text file as UTF-8, whatever its encoding is.
//
//   LEYE_ASSIGN_OR_RETURN(auto decoder, TextDecoder::Open("ledger.csv", Encoding::kDetect));
//   for (std::string chunk; decoder->Read(chunk);) ...
//
// A byte order mark decides and is taken away. Without one a file that is UTF-8 from beginning to
// end is UTF-8, any other GB18030, which holds GBK and GB 2312 as they come from Excel. Bytes that
// are nothing in the encoding become U+FFFD.

#ifndef LEYE_SERVICES_LEYECTL_FILES_TEXT_DECODER_H_
#define LEYE_SERVICES_LEYECTL_FILES_TEXT_DECODER_H_

#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace leye::ctl::files {

enum class Encoding { kDetect, kUtf8, kGb18030, kUtf16Le, kUtf16Be };

// utf-8, gb18030 (also gbk, gb2312), utf-16le, utf-16be, whatever the case.
std::optional<Encoding> ParseEncoding(absl::string_view word);
absl::string_view EncodingName(Encoding encoding);

// Thread-compatible.
class TextDecoder {
 public:
  // NOT_FOUND when the file cannot be read; INVALID_ARGUMENT when it is no text in any encoding
  // that is looked for. REQUIRES for kDetect: a file that can be read twice.
  static absl::StatusOr<std::unique_ptr<TextDecoder>> Open(const std::string& file,
                                                           Encoding encoding);
  ~TextDecoder();
  TextDecoder(const TextDecoder&) = delete;
  TextDecoder& operator=(const TextDecoder&) = delete;

  // The next piece of the text, not empty, cut between characters; false at the end.
  bool Read(std::string& chunk);

  Encoding encoding() const { return encoding_; }

 private:
  class Converter;

  TextDecoder(std::ifstream stream, Encoding encoding);
  bool Fill();

  std::ifstream stream_;
  const Encoding encoding_;
  std::unique_ptr<Converter> converter_;
  std::string input_;  // Bytes not yet converted.
};

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_TEXT_DECODER_H_
