#include "services/text/characters.h"

#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include <opencc/opencc.h>
#include <unicode/translit.h>
#include <unicode/unistr.h>

#include "services/base/status.h"
#include "services/text/folding.h"

namespace leye::text {
namespace {

constexpr char32_t kFirstHan = 0x4E00;
constexpr char32_t kLastHan = 0x9FFF;

absl::Status Missing(absl::string_view what) {
  return Error(absl::StatusCode::kFailedPrecondition, "TEXT_DATA_MISSING",
               absl::StrCat("cannot read the data of ", what));
}

// Every character the tables cover, one a line.
std::string AllCharacters() {
  std::string all;
  for (char32_t c = kFirstHan; c <= kLastHan; ++c) {
    AppendUtf8(c, all);
    all += '\n';
  }
  return all;
}

absl::StatusOr<std::string> Simplify(const std::string& text) {
  try {
    const opencc::SimpleConverter converter("t2s.json");
    return converter.Convert(text);
  } catch (const std::exception&) {  // The only way in which OpenCC reports an error.
    return Missing("OpenCC (t2s.json)");
  }
}

// The 6,763 characters of GB 2312, which every input method offers first.
icu::UnicodeString CommonCharacters() {
  std::string bytes;
  for (int row = 0xB0; row <= 0xF7; ++row) {
    for (int cell = 0xA1; cell <= 0xFE; ++cell) {
      bytes += static_cast<char>(row);
      bytes += static_cast<char>(cell);
    }
  }
  return {bytes.data(), static_cast<int32_t>(bytes.size()), "GB2312"};
}

// What people who write by ear do not keep apart.
std::string Blur(absl::string_view syllable) {
  std::string blurred = absl::StrReplaceAll(syllable, {{"zh", "z"}, {"ch", "c"}, {"sh", "s"}});
  if (absl::EndsWith(blurred, "ng")) blurred.pop_back();
  return blurred;
}

// By character of the block, numbered from 1.
absl::StatusOr<std::vector<uint16_t>> FindSounds() {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<icu::Transliterator> latin(icu::Transliterator::createInstance(
      icu::UnicodeString::fromUTF8("Han-Latin; Latin-ASCII; Lower"), UTRANS_FORWARD, error));
  if (U_FAILURE(error) || latin == nullptr) return Missing("ICU (Han-Latin)");
  std::vector<uint16_t> sounds(kLastHan - kFirstHan + 1);
  absl::flat_hash_map<std::string, uint16_t> numbers;
  const icu::UnicodeString common = CommonCharacters();
  for (int32_t i = 0; i < common.length(); ++i) {
    if (!IsHan(common[i])) continue;
    icu::UnicodeString spoken(common[i]);
    latin->transliterate(spoken);
    std::string syllable;
    spoken.toUTF8String(syllable);
    const auto next = static_cast<uint16_t>(numbers.size() + 1);
    sounds[common[i] - kFirstHan] = numbers.try_emplace(Blur(syllable), next).first->second;
  }
  if (numbers.empty()) return Missing("ICU (GB2312)");
  return sounds;
}

}  // namespace

absl::StatusOr<Characters> Characters::Load() {
  LEYE_ASSIGN_OR_RETURN(const std::string simplified, Simplify(AllCharacters()));
  const std::vector<absl::string_view> forms = absl::StrSplit(simplified, '\n');
  constexpr size_t kCount = kLastHan - kFirstHan + 1;
  if (forms.size() <= kCount) return Missing("OpenCC (t2s.json)");
  Characters made;
  for (size_t i = 0; i < kCount; ++i) {
    const char32_t form = DecodeUtf8(forms[i], 0).character;
    made.simplified_.push_back(IsHan(form) ? form : kFirstHan + static_cast<char32_t>(i));
  }
  LEYE_ASSIGN_OR_RETURN(made.sounds_, FindSounds());
  return made;
}

}  // namespace leye::text
