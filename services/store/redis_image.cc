#include "services/store/redis_image.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/base/random.h"
#include "services/base/status.h"
#include "services/store/errors.h"
#include "services/store/record_codec.h"
#include "services/store/redis_keys.h"
#include "services/store/redis_page.h"
#include "services/store/redis_reads.h"
#include "zstd.h"

namespace leye::store::redis {
namespace {

// After which an image is given up of which nothing is heard; until then nobody begins another.
constexpr absl::Duration kLease = absl::Minutes(15);
// Most scans of images at a time; the oldest is given up.
constexpr size_t kMostReadings = 4;
constexpr size_t kMostPageBytes = 256 << 20;
constexpr absl::string_view kCursorPrefix = "image";

std::string Milliseconds(absl::Duration duration) {
  return absl::StrCat(absl::ToInt64Milliseconds(duration));
}

std::string Compress(absl::string_view bytes) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                     &ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, 1);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string compressed(ZSTD_compressBound(bytes.size()), '\0');
  const size_t size = ZSTD_compress2(context.get(), compressed.data(), compressed.size(),
                                     bytes.data(), bytes.size());
  compressed.resize(ZSTD_isError(size) ? 0 : size);  // What is empty will not be read.
  return compressed;
}

absl::StatusOr<std::string> Decompress(absl::string_view bytes) {
  const uint64_t size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size > kMostPageBytes) return StoreCorrupt("a page of an image has no size");
  std::string content(size, '\0');
  if (ZSTD_decompress(content.data(), content.size(), bytes.data(), bytes.size()) != size) {
    return StoreCorrupt("a page of an image is damaged");
  }
  return content;
}

// Where a scan of an image is: "image/<region>/<number of the reading>/<page>".
struct Cursor {
  uint64_t reading = 0;
  uint64_t page = 0;
};

std::string FormatCursor(Region region, const Cursor& at) {
  return absl::StrCat(kCursorPrefix, "/", region.code(), "/", at.reading, "/", at.page);
}

// Nullopt for a cursor of another kind of scan.
absl::StatusOr<std::optional<Cursor>> ParseCursor(const RegionScanRequest& request) {
  const std::vector<absl::string_view> parts = absl::StrSplit(request.cursor, '/');
  if (parts[0] != kCursorPrefix) return std::nullopt;
  Cursor at;
  if (parts.size() != 4 || parts[1] != request.region.code() ||
      !absl::SimpleAtoi(parts[2], &at.reading) || !absl::SimpleAtoi(parts[3], &at.page)) {
    return InvalidCursor();
  }
  return at;
}

// Three times as long as since `began`. False when it is time to end.
bool Rest(std::chrono::steady_clock::time_point began, const std::function<bool()>& go_on) {
  constexpr std::chrono::milliseconds kStep(100);
  const auto now = std::chrono::steady_clock::now();
  const auto until = now + 3 * (now - began);
  while (go_on()) {
    const auto left = until - std::chrono::steady_clock::now();
    if (left <= std::chrono::nanoseconds::zero()) return true;
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(left, kStep));
  }
  return false;
}

}  // namespace

struct Images::Image {
  std::string id = {};
  std::string buffer = {};
  Revision at = {};
  uint64_t pages = 0;
  int64_t made_ms = 0;
  uint64_t changed = 0;  // Of the region, ever.
  uint64_t records = 0;
  uint64_t bytes = 0;  // Written; unknown to who reads.

  std::string Text() const {
    return absl::StrCat(id, " ", buffer, " ", at.epoch, " ", at.sequence, " ", pages, " ", made_ms,
                        " ", changed, " ", records);
  }
  static std::optional<Image> Parse(absl::string_view text) {
    const std::vector<absl::string_view> parts = absl::StrSplit(text, ' ');
    Image image;
    if (parts.size() != 8 || !absl::SimpleAtoi(parts[2], &image.at.epoch) ||
        !absl::SimpleAtoi(parts[3], &image.at.sequence) ||
        !absl::SimpleAtoi(parts[4], &image.pages) || !absl::SimpleAtoi(parts[5], &image.made_ms) ||
        !absl::SimpleAtoi(parts[6], &image.changed) ||
        !absl::SimpleAtoi(parts[7], &image.records)) {
      return std::nullopt;
    }
    image.id = std::string(parts[0]);
    image.buffer = std::string(parts[1]);
    return image;
  }
};

struct Images::Reading {
  explicit Reading(Region its_region) : region(its_region) {}

  const Region region;
  uint64_t number = 0;
  Image image;
  Revision first;
  std::map<Kind, absl::flat_hash_set<std::string>> changed;  // Names, since the image.
  std::vector<std::string> in_order;                         // The same as members of names.

  uint64_t pages() const {
    return image.pages + (in_order.size() + kPageRecords - 1) / kPageRecords;
  }
};

absl::Status Images::Renew(Region region, const std::function<bool()>& go_on) {
  if (least_records_ == 0) return absl::OkStatus();
  LEYE_ASSIGN_OR_RETURN(std::optional<Image> image, BeginImage(region));
  if (!image.has_value()) return absl::OkStatus();
  absl::Status made = AddPages(region, *image, go_on);
  if (made.ok()) made = Show(region, *image);
  if (absl::IsAborted(made) || absl::IsResourceExhausted(made)) {
    environment_.logger.Info("an image of a region was given up",
                             {{"region", region.code()}, {"why", made.message()}});
    // Whoever takes another over writes over what was left.
    return absl::IsAborted(made) ? absl::OkStatus() : Drop(region, image->buffer, 0);
  }
  LEYE_RETURN_IF_ERROR(made);
  environment_.logger.Info("an image of a region was made", {{"region", region.code()},
                                                             {"records", image->records},
                                                             {"pages", image->pages},
                                                             {"bytes", image->bytes}});
  LEYE_RETURN_IF_ERROR(Drop(region, image->buffer, image->pages));
  return Drop(region, image->buffer == "a" ? "b" : "a", 0);
}

absl::StatusOr<std::optional<Images::Image>> Images::BeginImage(Region region) {
  const absl::Time now = environment_.clock.Now();
  Image image{.id = NewId(environment_.random, now), .made_ms = absl::ToUnixMillis(now)};
  LEYE_ASSIGN_OR_RETURN(
      const Answer answer,
      client_.Read(
          {.region = region,
           .script = &kBeginImageScript,
           .keys = {MetaKey(region), NamesKey(region), ImagingKey(region), HoldsKey(region)},
           .arguments = {image.id, Milliseconds(kLease), absl::StrCat(image.made_ms),
                         absl::StrCat(least_records_)}}));
  const ReplyView reply = answer.reply.view();
  if (reply[0].text() != "make") return std::nullopt;
  image.buffer = std::string(reply[1].text());
  image.at = {reply[2].number(), reply[3].number()};
  image.changed = reply[4].number();
  image.records = reply[5].number();
  return image;
}

absl::Status Images::AddPages(Region region, Image& image, const std::function<bool()>& go_on) {
  RegionScanRequest request{.region = region, .limit = kPageRecords};
  do {
    const auto began = std::chrono::steady_clock::now();
    LEYE_ASSIGN_OR_RETURN(OpenScanPage page, redis::ScanOpen(client_, request));
    LEYE_RETURN_IF_ERROR(AddPage(region, image, page.records));
    request.cursor = std::move(page.next_cursor);
    if (!Rest(began, go_on)) return absl::AbortedError("it was stopped");
  } while (!request.cursor.empty());
  return absl::OkStatus();
}

absl::Status Images::AddPage(Region region, Image& image, const OpenPage& records) {
  std::string bytes = absl::StrCat(image.id, Compress(records.Pack()));
  image.bytes += bytes.size();
  LEYE_ASSIGN_OR_RETURN(
      const Answer answer,
      client_.Read({.region = region,
                    .script = &kAddImagePageScript,
                    .keys = {ImagingKey(region), ImagePageKey(region, image.buffer, image.pages)},
                    .arguments = {image.id, Milliseconds(kLease), std::move(bytes)}}));
  ++image.pages;
  const absl::string_view said = answer.reply.view().text();
  if (said == "done") return absl::OkStatus();
  if (said == "full") return StoreFull("maxmemory has no room for an image");
  return absl::AbortedError("another took its place");
}

absl::Status Images::Show(Region region, const Image& image) {
  LEYE_ASSIGN_OR_RETURN(
      const Answer answer,
      client_.Read({.region = region,
                    .script = &kShowImageScript,
                    .keys = {MetaKey(region), ImagingKey(region), HoldsKey(region)},
                    .arguments = {image.id, image.Text(), absl::StrCat(image.at.epoch)}}));
  if (answer.reply.view().text() == "done") return absl::OkStatus();
  return absl::AbortedError("history forked, or another took its place");
}

absl::Status Images::Drop(Region region, absl::string_view buffer, uint64_t page) {
  for (;; ++page) {
    // Deletes what it answers, of which nothing is wanted.
    LEYE_ASSIGN_OR_RETURN(
        const Answer answer,
        client_.Read(
            {.region = region, .arguments = {"GETDEL", ImagePageKey(region, buffer, page)}}));
    if (answer.reply.view().type() == ReplyType::kNil) return absl::OkStatus();
  }
}

absl::StatusOr<std::optional<OpenScanPage>> Images::Scan(const RegionScanRequest& request) {
  std::shared_ptr<Reading> reading;
  uint64_t page = 0;
  if (request.cursor.empty()) {
    if (least_records_ == 0 || request.limit < kPageRecords) return std::nullopt;
    reading = Begin(request.region);
    if (reading == nullptr) return std::nullopt;
  } else {
    LEYE_ASSIGN_OR_RETURN(const std::optional<Cursor> at, ParseCursor(request));
    if (!at.has_value()) return std::nullopt;
    page = at->page;
    reading = Find(at->reading);
    if (reading == nullptr) return MustScanAgain("SCAN_GONE", request.region, {});
  }
  OpenScanPage result{.records = {}, .next_cursor = {}, .revision = reading->first};
  if (page < reading->image.pages) {
    absl::StatusOr<OpenPage> records = ImagePage(*reading, page);
    if (absl::IsDataLoss(records.status())) {
      Forget(*reading, true);
      if (request.cursor.empty()) return std::nullopt;
      return MustScanAgain("SCAN_GONE", request.region, reading->first);
    }
    LEYE_RETURN_IF_ERROR(records.status());
    result.records = *std::move(records);
  } else {
    LEYE_RETURN_IF_ERROR(AddChanged(*reading, page - reading->image.pages, result.records));
  }
  if (page + 1 < reading->pages()) {
    result.next_cursor = FormatCursor(request.region, {reading->number, page + 1});
    return result;
  }
  LEYE_ASSIGN_OR_RETURN(
      const Answer answer,
      client_.Read({.region = request.region,
                    .arguments = {"HMGET", MetaKey(request.region), "epoch", "head"}}));
  result.revision = {answer.reply.view()[0].number(), answer.reply.view()[1].number()};
  Forget(*reading, false);
  if (result.revision.epoch != reading->first.epoch) {
    return MustScanAgain("EPOCH_CHANGED", request.region, reading->first);
  }
  return result;
}

// Null where the records themselves must be read: that way shows what is wrong, too.
std::shared_ptr<Images::Reading> Images::Begin(Region region) {
  const absl::StatusOr<Answer> answer =
      client_.Read({.region = region,
                    .arguments = {"HMGET", MetaKey(region), "epoch", "head", "changed", "image"}});
  if (!answer.ok()) return nullptr;
  const ReplyView meta = answer->reply.view();
  std::optional<Image> image = Image::Parse(meta[3].text());
  if (!image.has_value()) return nullptr;
  auto reading = std::make_shared<Reading>(region);
  reading->image = *std::move(image);
  reading->first = {meta[0].number(), meta[1].number()};
  if ((meta[2].number() - reading->image.changed) * 2 > reading->image.records) return nullptr;
  if (!ReadChanged(*reading).ok()) return nullptr;
  for (const auto& [kind, names] : reading->changed) {
    for (const std::string& name : names) reading->in_order.push_back(MemberOf(kind, name));
  }
  std::ranges::sort(reading->in_order);
  MutexLock lock(mutex_);
  if (broken_.contains(reading->image.id)) return nullptr;
  if (readings_.size() == kMostReadings) readings_.erase(readings_.begin());
  reading->number = ++last_number_;
  readings_.emplace(reading->number, reading);
  environment_.logger.Info("a scan reads an image", {{"region", region.code()},
                                                     {"records", reading->image.records},
                                                     {"changed", reading->in_order.size()}});
  return reading;
}

absl::Status Images::ReadChanged(Reading& reading) {
  constexpr size_t kFirstEntry = 3;
  std::string last = StreamId(reading.image.at);
  uint64_t expected = reading.image.at.sequence + 1;
  while (true) {
    LEYE_ASSIGN_OR_RETURN(
        const Answer answer,
        client_.Read({.region = reading.region,
                      .script = &kReadLogScript,
                      .keys = {MetaKey(reading.region), LogKey(reading.region)},
                      .arguments = {absl::StrCat("(", last), absl::StrCat(kMaxPageSize),
                                    absl::StrCat(kMaxPageBytes)}}));
    const ReplyView reply = answer.reply.view();
    if (reply.size() <= kFirstEntry) break;
    for (size_t i = kFirstEntry; i + 1 < reply.size(); i += 2) {
      LEYE_ASSIGN_OR_RETURN(const Revision at, ParseStreamId(reply[i].text()));
      // A new epoch goes on with the numbers of the one before it.
      if (at.sequence != expected) return MustScanAgain("LOG_TRIMMED", reading.region, at);
      LEYE_ASSIGN_OR_RETURN(const std::vector<Change> changes, DecodeChanges(reply[i + 1].text()));
      for (const Change& change : changes) {
        reading.changed[change.key.kind].insert(change.key.name);
      }
      last = std::string(reply[i].text());
      ++expected;
    }
  }
  if (expected > reading.first.sequence) return absl::OkStatus();
  return MustScanAgain("LOG_TRIMMED", reading.region, reading.first);
}

std::shared_ptr<Images::Reading> Images::Find(uint64_t number) {
  MutexLock lock(mutex_);
  const auto at = readings_.find(number);
  return at == readings_.end() ? nullptr : at->second;
}

void Images::Forget(const Reading& reading, bool broken) {
  MutexLock lock(mutex_);
  if (broken) broken_.insert(reading.image.id);
  readings_.erase(reading.number);
}

absl::StatusOr<OpenPage> Images::ImagePage(const Reading& reading, uint64_t page) {
  LEYE_ASSIGN_OR_RETURN(
      const Answer answer,
      client_.Read(
          {.region = reading.region,
           .arguments = {"GET", ImagePageKey(reading.region, reading.image.buffer, page)}}));
  absl::string_view bytes = answer.reply.view().text();
  if (!absl::ConsumePrefix(&bytes, reading.image.id)) {
    return StoreCorrupt("a page of an image is another's");
  }
  LEYE_ASSIGN_OR_RETURN(const std::string packed, Decompress(bytes));
  LEYE_ASSIGN_OR_RETURN(OpenPage all, OpenPage::Unpack(packed));
  if (reading.changed.empty()) return all;
  OpenPage unchanged;
  for (size_t i = 0; i < all.size(); ++i) {
    const OpenRecord record = all[i];
    const auto names = reading.changed.find(record.kind);
    if (names == reading.changed.end() || !names->second.contains(record.name)) {
      unchanged.Add(record);
    }
  }
  return unchanged;
}

absl::Status Images::AddChanged(const Reading& reading, uint64_t page, OpenPage& records) {
  const size_t begin = page * kPageRecords;
  const size_t end = std::min(begin + kPageRecords, reading.in_order.size());
  if (begin >= end) return InvalidCursor();
  Command command = {"MGET"};
  for (size_t i = begin; i < end; ++i) {
    command.push_back(absl::StrCat(RecordPrefix(reading.region), reading.in_order[i]));
  }
  LEYE_ASSIGN_OR_RETURN(const Answer answer,
                        client_.Read({.region = reading.region, .arguments = std::move(command)}));
  for (size_t i = begin; i < end; ++i) {
    const ReplyView value = answer.reply.view()[i - begin];
    if (value.type() == ReplyType::kNil) continue;  // Deleted.
    LEYE_ASSIGN_OR_RETURN(const Member member, ParseMember(reading.in_order[i]));
    LEYE_ASSIGN_OR_RETURN(const StoredRecord record,
                          RecordIn(member.kind, member.name, value.text()));
    LEYE_RETURN_IF_ERROR(Append(record, records));
  }
  return absl::OkStatus();
}

}  // namespace leye::store::redis
