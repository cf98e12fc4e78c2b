#include "tests/e2e/refusal.h"

#include <cctype>
#include <cstdint>
#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"

#include "leye/v1/candidate.pb.h"
#include "services/base/status.h"
#include "services/base/wire.h"

namespace leye::e2e {
namespace {

template <typename M>
M Detail(const absl::Status& status) {
  M detail;
  const auto payload =
      status.GetPayload(absl::StrCat("type.googleapis.com/", M::descriptor()->full_name()));
  if (payload.has_value()) detail.ParseFromString(std::string(*payload));
  return detail;
}

// Of the ErrorInfo: the packaged googleapis are older than that message, so the wire format is
// read.
std::string DomainOf(const absl::Status& status) {
  constexpr uint64_t kDomain = 2;
  const std::string info(status.GetPayload(kErrorInfoUrl).value_or(absl::Cord()));
  wire::Reader reader(info);
  while (const std::optional<wire::Field> field = reader.Next()) {
    if (field->number == kDomain) return std::string(field->value);
  }
  return {};
}

bool IsUpperSnake(const std::string& text) {
  for (const char c : text) {
    if (std::isupper(static_cast<unsigned char>(c)) == 0 && c != '_' &&
        std::isdigit(static_cast<unsigned char>(c)) == 0) {
      return false;
    }
  }
  return !text.empty();
}

}  // namespace

std::string WhatIsMissing(const absl::Status& status) {
  std::string missing;
  if (status.ok()) return "an error";
  if (status.code() == absl::StatusCode::kUnknown || status.code() == absl::StatusCode::kInternal) {
    absl::StrAppend(&missing, "a specific code; ");
  }
  if (status.message().empty()) absl::StrAppend(&missing, "a message; ");
  if (DomainOf(status) != "leye") absl::StrAppend(&missing, "domain leye; ");
  if (!IsUpperSnake(ErrorReason(status))) absl::StrAppend(&missing, "a reason; ");
  if (Detail<google::rpc::LocalizedMessage>(status).locale() != "zh-CN") {
    absl::StrAppend(&missing, "a message in Chinese; ");
  }
  return missing;
}

std::vector<std::string> FaultyFields(const Answer& answer) {
  std::vector<std::string> fields;
  const auto request = Detail<google::rpc::BadRequest>(answer.status);
  for (const auto& violation : request.field_violations()) {
    fields.push_back(violation.field());
  }
  for (const std::string& bytes : answer.messages) {
    v1::ImportCandidatesResponse response;  // All import responses look alike on the wire.
    if (!response.ParseFromString(bytes)) continue;
    for (const v1::ImportReceipt& receipt : response.receipts()) {
      if (receipt.outcome() != v1::IMPORT_OUTCOME_REJECTED) continue;
      for (const v1::ImportProblem& problem : receipt.problems()) fields.push_back(problem.field());
    }
  }
  return fields;
}

std::string ImportField(const std::string& field) {
  const size_t index = field.find("s[0]");
  if (index == std::string::npos) return field;
  return absl::StrCat(field.substr(0, index), field.substr(index + 4));
}

}  // namespace leye::e2e
