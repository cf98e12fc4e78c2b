#include "tests/oracle/flow_plan.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include <lemon/network_simplex.h>
#include <lemon/static_graph.h>

namespace leye::matcher::oracle {
namespace {

struct Arc {
  int from = 0;
  int to = 0;
  int capacity = 0;
  int64_t cost = 0;
};

// Source, sink, homes, people, jobs, open parts of jobs.
class Network {
 public:
  explicit Network(const FlowTask& task) : task_(task) {
    bonus_ = (people() + 1) * int64_t{1'000'000};
    arcs_.push_back({kSource, kSink, people(), 0});
    for (int home = 0; home < task.homes; ++home) {
      arcs_.push_back({kSource, Home(home), 1, -bonus_});
      arcs_.push_back({kSource, Home(home), people(), 0});
    }
    for (int i = 0; i < people(); ++i) AddPerson(i);
    for (int job = 0; job < jobs(); ++job) {
      arcs_.push_back(
          {OpenPart(job), Whole(job), task.jobs[static_cast<size_t>(job)].open_seats, 0});
      arcs_.push_back({Whole(job), kSink, task.jobs[static_cast<size_t>(job)].seats, 0});
    }
    // The library's static graph takes arcs in the order of where they begin.
    std::ranges::stable_sort(arcs_, {}, &Arc::from);
  }

  absl::StatusOr<PlanValue> Solve() const {
    std::vector<std::pair<int, int>> ends;
    for (const Arc& arc : arcs_) ends.emplace_back(arc.from, arc.to);
    lemon::StaticDigraph graph;
    graph.build(OpenPart(jobs()), ends.begin(), ends.end());
    lemon::StaticDigraph::ArcMap<int64_t> capacity(graph);
    lemon::StaticDigraph::ArcMap<int64_t> cost(graph);
    for (int i = 0; i < graph.arcNum(); ++i) {
      capacity[lemon::StaticDigraph::arc(i)] = arcs_[static_cast<size_t>(i)].capacity;
      cost[lemon::StaticDigraph::arc(i)] = arcs_[static_cast<size_t>(i)].cost;
    }
    using Simplex = lemon::NetworkSimplex<lemon::StaticDigraph, int64_t, int64_t>;
    Simplex simplex(graph);
    simplex.upperMap(capacity).costMap(cost);
    simplex.stSupply(lemon::StaticDigraph::node(kSource), lemon::StaticDigraph::node(kSink),
                     people());
    if (simplex.run() != Simplex::OPTIMAL) return absl::InternalError("no optimal flow");
    PlanValue value;
    for (int i = 0; i < graph.arcNum(); ++i) {
      const Arc& arc = arcs_[static_cast<size_t>(i)];
      const int64_t flow = simplex.flow(lemon::StaticDigraph::arc(i));
      if (arc.cost == -bonus_) {
        value.households += flow;
      } else {
        value.score_micros -= flow * arc.cost;
      }
    }
    return value;
  }

 private:
  static constexpr int kSource = 0;
  static constexpr int kSink = 1;

  int people() const { return static_cast<int>(task_.people.size()); }
  int jobs() const { return static_cast<int>(task_.jobs.size()); }
  static int Home(int home) { return 2 + home; }
  int Person(int person) const { return 2 + task_.homes + person; }
  int Whole(int job) const { return Person(people()) + job; }
  int OpenPart(int job) const { return Whole(jobs()) + job; }

  void AddPerson(int i) {
    const FlowPerson& person = task_.people[static_cast<size_t>(i)];
    arcs_.push_back({person.home < 0 ? kSource : Home(person.home), Person(i), 1, 0});
    for (const FlowChoice& choice : person.choices) {
      const int to = choice.only_open_seats ? OpenPart(choice.job) : Whole(choice.job);
      arcs_.push_back({Person(i), to, 1, -choice.score_micros});
    }
  }

  const FlowTask& task_;
  int64_t bonus_ = 0;  // more than all scores together
  std::vector<Arc> arcs_;
};

}  // namespace

absl::StatusOr<PlanValue> BestFlow(const FlowTask& task) { return Network(task).Solve(); }

}  // namespace leye::matcher::oracle
