#include "services/app/match_watch_rounds.h"

namespace leye::app {

void MatchWatchRounds::Add(const std::shared_ptr<const MatchQuestion>& question,
                           const std::vector<std::string>& known,
                           const std::shared_ptr<MatchNews>& news) {
  if (question->of_posting) {
    postings_.Add(question, known, news);
  } else {
    people_.Add(question, known, news);
  }
}

void MatchWatchRounds::Run(const MatchWorldChanges& changes) {
  if (changes.world == nullptr) return;
  const absl::CivilDay today = Today(clock_);
  const auto run = [&](auto& watched) {
    watched.Begin(today);
    watched.Apply(changes.changed, *changes.world);
    watched.WorkOut(kMostWorkedOut, *changes.world);
    watched.Finish(changes.world, kMostWoken);
  };
  run(postings_);
  run(people_);
}

void MatchWatchRounds::StopReaders() {
  postings_.StopReaders();
  people_.StopReaders();
}

}  // namespace leye::app
