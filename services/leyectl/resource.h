// The kinds of resources, and the short names under which people may call them.
//
//   const ResourceKind* kind = FindKind("posting");               // also "postings"
//   FullName("sewing-1", "postings", "13") == "regions/13/postings/sewing-1"
//   FullName("13/postings/sewing-1", "postings", "44") == "regions/13/postings/sewing-1"
//
// Calls go by descriptors: a resource is listed here once, and get, list, create, update, delete
// and its verbs work on it.

#ifndef LEYE_SERVICES_LEYECTL_RESOURCE_H_
#define LEYE_SERVICES_LEYECTL_RESOURCE_H_

#include <array>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include <google/protobuf/descriptor.h>

namespace leye::ctl {

// One kind of resource. Immutable; lives forever.
struct ResourceKind {
  absl::string_view collection;  // As in names: `settlementAreas`.
  absl::string_view plural;      // As in method names: `SettlementAreas`.
  absl::string_view singular;    // As in method names: `SettlementArea`.
  absl::string_view word;        // What people type, in the plural: `areas`.
  absl::string_view service;     // `leye.v1.SettlementAreaService`.
  bool regional;                 // Its names begin with a region.
  const google::protobuf::Descriptor* (*message)();
  std::array<absl::string_view, 6>
      columns;  // What a list shows: field paths; empty ones are unused.
};

absl::Span<const ResourceKind> AllKinds();

// By collection, plural or singular word, whatever the case. Not found: nullptr.
const ResourceKind* FindKind(absl::string_view word);

// The kind whose resources are messages of this type. Not found: nullptr.
const ResourceKind* KindOfMessage(const google::protobuf::Descriptor* message);

// The RPC of leye.v1 of that name, such as "PlanService.GetPlan".
// REQUIRES: there is one.
const google::protobuf::MethodDescriptor& Rpc(absl::string_view name);

// The method `<verb><singular>`, or `<verb><plural>` for lists. Not found: nullptr.
const google::protobuf::MethodDescriptor* FindMethod(const ResourceKind& kind,
                                                     absl::string_view verb);

// `regions/13`.
std::string RegionName(absl::string_view region);

// Completes a name: from a full name, from one without `regions/`, from `collection/id`, or from an
// id alone. What it cannot read is returned as it is, for the server to refuse.
std::string FullName(absl::string_view name, absl::string_view collection,
                     absl::string_view region);

// The kind a name (in any of these forms but the bare id) is of. Not found: nullptr.
const ResourceKind* KindOfName(absl::string_view name);

// A name as short as it stays clear to somebody working in `region`: the id alone, or
// `44/postings/x`.
std::string ShortName(absl::string_view name, absl::string_view region);

// The last part of a name.
absl::string_view IdOf(absl::string_view name);

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_RESOURCE_H_
