#include "services/gateway/static_files.h"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/base/status.h"

namespace leye::gateway {
namespace {

constexpr size_t kMostBytes = 64 << 20;

std::string TypeOf(const std::string& name) {
  constexpr std::pair<const char*, const char*> kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".png", "image/png"},
      {".md", "text/markdown; charset=utf-8"}};
  for (const auto& [suffix, type] : kTypes) {
    if (absl::EndsWith(name, suffix)) return type;
  }
  return "application/octet-stream";
}

std::string ContentOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

absl::StatusOr<StaticFiles> StaticFiles::Load(const std::string& folder,
                                              const std::string& prefix) {
  absl::flat_hash_map<std::string, File> files;
  size_t bytes = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (!entry.is_regular_file()) continue;
    const std::string name = entry.path().filename().string();
    bytes += entry.file_size();
    if (bytes > kMostBytes) {
      return Error(absl::StatusCode::kResourceExhausted, "TOO_LARGE",
                   absl::StrCat(folder, " holds more than 64 MB of files to serve"));
    }
    files[absl::StrCat(prefix, name)] = {TypeOf(name), ContentOf(entry.path())};
  }
  const auto index = files.find(absl::StrCat(prefix, "index.html"));
  if (index == files.end()) {
    return Error(absl::StatusCode::kNotFound, "NO_DOCUMENTS",
                 absl::StrCat("no index.html in ", folder, ": deploy/docs/build makes the folder"));
  }
  File first = index->second;
  files[prefix] = std::move(first);
  files[prefix.substr(0, prefix.size() - 1)] = {};
  return StaticFiles(std::move(files));
}

std::optional<HttpAnswer> StaticFiles::Answer(const HttpRequest& request) const {
  if (request.method != "GET") return std::nullopt;
  const auto found = files_.find(request.path);
  if (found == files_.end()) return std::nullopt;
  if (found->second.type.empty()) {
    return HttpAnswer{.status = 301, .headers = {{"location", absl::StrCat(request.path, "/")}}};
  }
  return HttpAnswer{
      .headers = {{"content-type", found->second.type},
                  {"content-security-policy",
                   "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"},
                  {"x-content-type-options", "nosniff"}},
      .body = found->second.content};
}

}  // namespace leye::gateway
