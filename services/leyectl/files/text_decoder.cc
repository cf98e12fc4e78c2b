#include "services/leyectl/files/text_decoder.h"

#include <iconv.h>

#include <array>
#include <cerrno>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace leye::ctl::files {
namespace {

constexpr size_t kChunkBytes = 64 << 10;
constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";

struct Mark {
  absl::string_view bytes;
  Encoding encoding;
};
constexpr std::array<Mark, 4> kMarks = {{{"\xEF\xBB\xBF", Encoding::kUtf8},
                                         {"\x84\x31\x95\x33", Encoding::kGb18030},
                                         {"\xFF\xFE", Encoding::kUtf16Le},
                                         {"\xFE\xFF", Encoding::kUtf16Be}}};

// How many bytes at the head of `text` are whole UTF-8; `broken` when what follows is none, rather
// than cut off.
size_t ValidUtf8(absl::string_view text, bool& broken) {
  size_t at = 0;
  broken = false;
  while (at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const size_t size = lead < 0x80   ? 1
                        : lead < 0xC2 ? 0
                        : lead < 0xE0 ? 2
                        : lead < 0xF0 ? 3
                        : lead < 0xF5 ? 4
                                      : 0;
    if (size == 0) break;
    size_t have = 1;
    while (have < size && at + have < text.size() &&
           (static_cast<unsigned char>(text[at + have]) & 0xC0U) == 0x80U) {
      ++have;
    }
    if (have < size) {
      broken = at + have < text.size();
      return at;
    }
    at += size;
  }
  broken = at < text.size();
  return at;
}

bool IsUtf8(std::istream& stream) {
  std::string buffer;
  while (stream) {
    const size_t kept = buffer.size();
    buffer.resize(kept + kChunkBytes);
    stream.read(buffer.data() + kept, static_cast<std::streamsize>(kChunkBytes));
    buffer.resize(kept + static_cast<size_t>(stream.gcount()));
    bool broken = false;
    buffer.erase(0, ValidUtf8(buffer, broken));
    if (broken) return false;
  }
  return buffer.empty();
}

}  // namespace

// One use of iconv.
class TextDecoder::Converter {
 public:
  explicit Converter(Encoding encoding)
      : handle_(iconv_open("UTF-8", EncodingName(encoding).data())) {}
  ~Converter() {
    if (is_open()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  bool is_open() const {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): how iconv says that it failed.
    return handle_ != reinterpret_cast<iconv_t>(-1);
  }

  // Converts what it can of `input` and takes it away; `last`: nothing follows.
  void Convert(std::string& input, std::string& output, bool last) {
    char* from = input.data();
    size_t left = input.size();
    std::array<char, kChunkBytes> buffer;
    while (left > 0) {
      char* to = buffer.data();
      size_t room = buffer.size();
      const size_t result = iconv(handle_, &from, &left, &to, &room);
      const int error = errno;
      output.append(buffer.data(), buffer.size() - room);
      if (result != static_cast<size_t>(-1) || error == E2BIG) continue;
      if (error == EINVAL && !last) break;  // A character is cut off here.
      absl::StrAppend(&output, kReplacement);
      ++from;
      --left;
    }
    input.erase(0, input.size() - left);
  }

 private:
  iconv_t handle_;
};

std::optional<Encoding> ParseEncoding(absl::string_view word) {
  const std::string lower = absl::AsciiStrToLower(word);
  if (lower == "utf-8" || lower == "utf8") return Encoding::kUtf8;
  if (lower == "gb18030" || lower == "gbk" || lower == "gb2312") return Encoding::kGb18030;
  if (lower == "utf-16le") return Encoding::kUtf16Le;
  if (lower == "utf-16be") return Encoding::kUtf16Be;
  return std::nullopt;
}

absl::string_view EncodingName(Encoding encoding) {
  switch (encoding) {
    case Encoding::kGb18030:
      return "GB18030";
    case Encoding::kUtf16Le:
      return "UTF-16LE";
    case Encoding::kUtf16Be:
      return "UTF-16BE";
    default:
      return "UTF-8";
  }
}

TextDecoder::TextDecoder(std::ifstream stream, Encoding encoding)
    : stream_(std::move(stream)),
      encoding_(encoding),
      converter_(std::make_unique<Converter>(encoding)) {}

TextDecoder::~TextDecoder() = default;

absl::StatusOr<std::unique_ptr<TextDecoder>> TextDecoder::Open(const std::string& file,
                                                               Encoding encoding) {
  std::ifstream stream(file, std::ios::binary);
  std::string head(4, '\0');
  if (stream) stream.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (stream.bad() || !stream.is_open()) {
    return absl::NotFoundError(absl::StrCat("cannot read ", file));
  }
  head.resize(static_cast<size_t>(stream.gcount()));
  size_t begin = 0;
  for (const Mark& mark : kMarks) {
    if (!absl::StartsWith(head, mark.bytes)) continue;
    if (encoding == Encoding::kDetect) encoding = mark.encoding;
    if (encoding == mark.encoding) begin = mark.bytes.size();
  }
  if (encoding == Encoding::kDetect) {
    if (absl::StrContains(head, absl::string_view("\0", 1))) {
      return absl::InvalidArgumentError(
          absl::StrCat(file,
                       " is no text in UTF-8 or GB18030; UTF-16 without a byte order mark is "
                       "read with --encoding utf-16le or utf-16be"));
    }
    stream.clear();
    stream.seekg(0);
    encoding = IsUtf8(stream) ? Encoding::kUtf8 : Encoding::kGb18030;
  }
  stream.clear();
  stream.seekg(static_cast<std::streamoff>(begin));
  std::unique_ptr<TextDecoder> decoder(new TextDecoder(std::move(stream), encoding));
  if (!decoder->converter_->is_open()) {
    return absl::FailedPreconditionError(
        absl::StrCat("this system's iconv does not know ", EncodingName(encoding)));
  }
  return decoder;
}

bool TextDecoder::Fill() {
  const size_t kept = input_.size();
  input_.resize(kept + kChunkBytes);
  stream_.read(input_.data() + kept, static_cast<std::streamsize>(kChunkBytes));
  input_.resize(kept + static_cast<size_t>(stream_.gcount()));
  return stream_.gcount() > 0;
}

bool TextDecoder::Read(std::string& chunk) {
  chunk.clear();
  while (chunk.empty()) {
    const bool more = Fill();
    if (!more && input_.empty()) return false;
    if (encoding_ == Encoding::kUtf8) {  // Most files: what is sound passes as it is.
      bool broken = false;
      const size_t valid = ValidUtf8(input_, broken);
      if (!broken && valid > 0) {
        chunk.assign(input_, 0, valid);
        input_.erase(0, valid);
        continue;
      }
    }
    converter_->Convert(input_, chunk, !more);
  }
  return true;
}

}  // namespace leye::ctl::files
