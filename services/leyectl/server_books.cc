#include "services/leyectl/server_books.h"

#include <utility>

#include "absl/strings/strip.h"

#include "leye/v1/employer.grpc.pb.h"
#include "leye/v1/settlement_area.grpc.pb.h"
#include "leye/v1/skill.grpc.pb.h"
#include "services/leyectl/files/characters.h"
#include "services/leyectl/files/values.h"
#include "services/leyectl/resource.h"

namespace leye::ctl {
namespace {

constexpr int kPageSize = 1'000;
constexpr int kPhrasesACall = 1'000;
constexpr size_t kCharactersAPhrase = 1'000;
constexpr size_t kMostRemembered = 50'000;
constexpr int kMostTrades = 100;  // Of one phrase, and more than there ever are.

// 电焊 of 电焊工; empty where there is no such ending, or too little before it.
std::string StemOf(absl::string_view title) {
  for (const absl::string_view ending : {"工人", "人员", "工", "员", "师"}) {
    if (absl::ConsumeSuffix(&title, ending)) {
      return files::CountCharacters(title) >= 2 ? std::string(title) : "";
    }
  }
  return "";
}

// Calls `list` with a request and a response until there are no more pages; `take` sees each.
template <typename Request, typename Response, typename List, typename Take>
grpc::Status EachPage(const Session& session, Request request, const List& list, const Take& take) {
  request.set_page_size(kPageSize);
  do {
    Response response;
    const auto context = session.NewContext();
    const grpc::Status status = list(context.get(), request, &response);
    if (!status.ok()) return status;
    take(response);
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return grpc::Status::OK;
}

grpc::Status LoadAreas(Session& session, files::MapperContext& context) {
  const auto stub = v1::SettlementAreaService::NewStub(session.channel());
  v1::ListSettlementAreasRequest request;
  request.set_parent(RegionName(session.settings.region));
  return EachPage<v1::ListSettlementAreasRequest, v1::ListSettlementAreasResponse>(
      session, request, [&stub](auto... call) { return stub->ListSettlementAreas(call...); },
      [&context](const v1::ListSettlementAreasResponse& response) {
        for (const v1::SettlementArea& area : response.settlement_areas()) {
          context.areas.Add(area.name(), area.display_name());
          context.workplaces.Add(area.display_name(), {.division_code = area.division_code(),
                                                       .latitude = area.location().latitude(),
                                                       .longitude = area.location().longitude()});
        }
      });
}

// Calls `take` with every employer of the region.
template <typename Take>
grpc::Status EachEmployer(Session& session, const Take& take) {
  const auto stub = v1::EmployerService::NewStub(session.channel());
  v1::ListEmployersRequest request;
  request.set_parent(RegionName(session.settings.region));
  return EachPage<v1::ListEmployersRequest, v1::ListEmployersResponse>(
      session, request, [&stub](auto... call) { return stub->ListEmployers(call...); },
      [&take](const v1::ListEmployersResponse& response) {
        for (const v1::Employer& employer : response.employers()) take(employer);
      });
}

template <typename Take>
grpc::Status EachSkill(Session& session, const Take& take) {
  const auto stub = v1::SkillService::NewStub(session.channel());
  return EachPage<v1::ListSkillsRequest, v1::ListSkillsResponse>(
      session, v1::ListSkillsRequest(), [&stub](auto... call) { return stub->ListSkills(call...); },
      [&take](const v1::ListSkillsResponse& response) {
        for (const v1::Skill& skill : response.skills()) take(skill);
      });
}

grpc::Status LoadEmployers(Session& session, files::MapperContext& context) {
  return EachEmployer(session, [&context](const v1::Employer& employer) {
    context.employers.emplace(files::Bare(employer.display_name()), employer.name());
  });
}

// A trade with one skill means that skill; with several it is not known which.
grpc::Status LoadSkills(Session& session, files::MapperContext& context) {
  absl::flat_hash_map<std::string, std::string>& skills = context.skill_of_trade;
  const grpc::Status status = EachSkill(session, [&skills](const v1::Skill& skill) {
    if (skill.kind() != v1::SKILL_KIND_SKILL || skill.trade_code().empty()) return;
    const auto [known, is_new] = skills.emplace(skill.trade_code(), skill.name());
    if (!is_new) known->second.clear();
  });
  absl::erase_if(skills, [](const auto& entry) { return entry.second.empty(); });
  return status;
}

}  // namespace

grpc::Status LoadBooks(Session& session, absl::string_view collection,
                       files::MapperContext& context) {
  const bool people = collection == "candidates";
  const bool postings = collection == "postings";
  if (!people && !postings && collection != "households") return grpc::Status::OK;
  grpc::Status status = LoadAreas(session, context);
  if (status.ok() && postings) status = LoadEmployers(session, context);
  if (status.ok() && (people || postings)) status = LoadSkills(session, context);
  return status;
}

grpc::Status LoadNames(Session& session, NamesOfResources& names) {
  const grpc::Status status = EachEmployer(session, [&names](const v1::Employer& employer) {
    names[employer.name()] = employer.display_name();
  });
  if (!status.ok()) return status;
  return EachSkill(
      session, [&names](const v1::Skill& skill) { names[skill.name()] = skill.display_name_zh(); });
}

grpc::Status PhraseReader::Ask(v1::NormalizeSkillsRequest& request, Meanings& meanings) {
  if (request.phrases().empty()) return grpc::Status::OK;
  v1::NormalizeSkillsResponse response;
  const auto context = session_.NewContext();
  const grpc::Status status = v1::SkillService::NewStub(session_.channel())
                                  ->NormalizeSkills(context.get(), request, &response);
  for (int i = 0; status.ok() && i < response.phrases_size(); ++i) {
    meanings[request.phrases(i)] = std::move(*response.mutable_phrases(i));
  }
  request.clear_phrases();
  return status;
}

// Adds to each phrase that names trades but no skill the skills of the trades' stems.
grpc::Status PhraseReader::AskStems(const std::vector<std::string>& phrases) {
  Meanings read;
  v1::NormalizeSkillsRequest request;
  for (const bool asking : {true, false}) {
    for (const std::string& phrase : phrases) {
      v1::NormalizedPhrase& known = known_[phrase];
      if (asking && !known.skills().empty()) continue;
      for (const v1::TradeFound& trade : known.trades()) {
        const std::string stem = StemOf(trade.span().text());
        if (stem.empty()) continue;
        if (asking && read.try_emplace(stem).second) request.add_phrases(stem);
        const auto found = asking ? read.end() : read.find(stem);
        if (found == read.end()) continue;
        for (const v1::SkillFound& skill : found->second.skills()) {
          if (skill.kind() == v1::SKILL_KIND_SKILL) *known.add_skills() = skill;
        }
      }
      if (request.phrases_size() < kPhrasesACall - kMostTrades) continue;
      const grpc::Status status = Ask(request, read);
      if (!status.ok()) return status;
    }
    const grpc::Status status = Ask(request, read);
    if (!status.ok()) return status;
  }
  return grpc::Status::OK;
}

grpc::Status PhraseReader::Read(const std::vector<std::string>& phrases,
                                const Meanings*& meanings) {
  if (known_.size() > kMostRemembered) known_.clear();
  v1::NormalizeSkillsRequest request;
  std::vector<std::string> fresh;
  for (const std::string& phrase : phrases) {
    if (files::CountCharacters(phrase) > kCharactersAPhrase) continue;
    // An entry keeps the phrase from being asked twice.
    if (!known_.try_emplace(phrase).second) continue;
    fresh.push_back(phrase);
    request.add_phrases(phrase);
    if (request.phrases_size() < kPhrasesACall) continue;
    const grpc::Status status = Ask(request, known_);
    if (!status.ok()) return status;
  }
  meanings = &known_;
  const grpc::Status status = Ask(request, known_);
  return status.ok() ? AskStems(fresh) : status;
}

}  // namespace leye::ctl
