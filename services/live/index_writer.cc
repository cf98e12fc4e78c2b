#include "services/live/index_writer.h"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

namespace leye::live {

size_t Processors() { return std::max(1u, std::thread::hardware_concurrency()); }

IndexWriter::IndexWriter()
    : now_{.people = people_.Publish(),
           .postings = postings_.Publish(),
           .travel_times = travel_times_.Publish()} {}

void IndexWriter::Put(matcher::CandidateProfile profile) {
  const matcher::CandidateId id = profile.id;
  changed_.Add(id);
  if (first_people_.has_value()) return first_people_->Put(profile);
  waiting_people_.insert_or_assign(id, std::move(profile));
  if (waiting_people_.size() > kMaxWaiting) Publish();
}

void IndexWriter::Put(size_t count, FirstPeople::Person person) {
  if (count == 0) return;
  if (first_people_.has_value()) {
    changed_ = matcher::ChangedIds::Everything();
    return first_people_->Put(count, std::move(person));
  }
  matcher::CandidateProfile profile;
  for (size_t i = 0; i < count; ++i) {
    person(i, profile);
    Put(profile);
  }
}

void IndexWriter::Settle() {
  if (first_people_.has_value()) first_people_->Settle();
}

void IndexWriter::Remove(matcher::CandidateId id) {
  changed_.Add(id);
  if (first_people_.has_value()) return first_people_->Remove(id);
  waiting_people_.erase(id);
  people_.Remove(id);
}

std::optional<matcher::CandidateProfile> IndexWriter::Find(matcher::CandidateId id) {
  if (first_people_.has_value()) return first_people_->Find(id);
  const auto waiting = waiting_people_.find(id);
  if (waiting != waiting_people_.end()) return waiting->second;
  std::optional<matcher::CandidateRecord> record = now_.people->Find(id);
  if (!record.has_value()) return std::nullopt;
  return std::move(record->candidate);
}

void IndexWriter::Put(matcher::PostingProfile profile) {
  const matcher::PostingId id = profile.id;
  changed_.Add(id);
  waiting_postings_.insert_or_assign(id, std::move(profile));
  if (!first_postings_ && waiting_postings_.size() > kMaxWaiting) Publish();
}

void IndexWriter::Remove(matcher::PostingId id) {
  changed_.Add(id);
  waiting_postings_.erase(id);
  postings_.Remove(id);
}

std::optional<matcher::PostingProfile> IndexWriter::Find(matcher::PostingId id) const {
  const auto waiting = waiting_postings_.find(id);
  if (waiting != waiting_postings_.end()) return waiting->second;
  return now_.postings->Find(id);
}

void IndexWriter::LoadFirstPeople() {
  if (!first_people_.has_value() || first_people_->empty()) return;
  first_people_->LoadInto(people_);
  first_people_.reset();
}

void IndexWriter::LoadFirstPostings() {
  if (!first_postings_ || waiting_postings_.empty()) return;
  std::vector<const matcher::PostingProfile*> postings;
  postings.reserve(waiting_postings_.size());
  for (const auto& [id, profile] : waiting_postings_) postings.push_back(&profile);
  postings_.Load(
      postings.size(), [&](size_t i, matcher::PostingProfile& profile) { profile = *postings[i]; },
      Processors());
  waiting_postings_.clear();
  first_postings_ = false;
}

MatcherSnapshots IndexWriter::Publish() {
  LoadFirstPeople();
  LoadFirstPostings();
  for (const auto& [id, profile] : waiting_people_) people_.Upsert(profile);
  for (const auto& [id, profile] : waiting_postings_) postings_.Upsert(profile);
  waiting_people_.clear();
  waiting_postings_.clear();
  std::shared_ptr<const matcher::TravelTable> travel_times = travel_times_.Publish();
  // A place is on the way of everybody's pairs.
  if (travel_times != now_.travel_times) changed_ = matcher::ChangedIds::Everything();
  now_ = {.people = people_.Publish(),
          .postings = postings_.Publish(),
          .travel_times = std::move(travel_times)};
  return now_;
}

}  // namespace leye::live
