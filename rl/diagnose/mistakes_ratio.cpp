/// The ratio to the policy that acted, in front of the weight, and a clip in the wrong place. The columns ref0, ...
/// carry the probabilities of the policy that acted.

#include "rl/diagnose/ratio.hpp"

namespace rl {
using namespace pages;

namespace {

/// For the clips that programs have.
template <Clip clip>
std::vector<Hypothesis> at_each_bound() {
  return {{"p / ref w (e - p), cut off at 0.8 and 1.2", ratio_score<clip, 20>, true},
          {"p / ref w (e - p), cut off at 0.9 and 1.1", ratio_score<clip, 10>, true},
          {"p / ref w (e - p), cut off at 0.7 and 1.3", ratio_score<clip, 30>, true}};
}

}  // namespace

void Catalogue::ratio_mistakes() {
  add({"min-before-the-advantage",
       "The smaller of ratio and clipped ratio is taken before the advantage is multiplied in.",
       "min(ratio, clip(ratio)) * advantage, where min(ratio * advantage, clip(ratio) * advantage) belongs", the_clip},
      {.output = at_each_bound<Clip::min_before_the_advantage>()});
  add({"ratio-times-advantage-clipped", "The product of ratio and advantage is clipped, in place of the ratio.",
       "clip(ratio * advantage, 1 - eps, 1 + eps)", the_clip},
      {.output = at_each_bound<Clip::of_the_product>()});
  add({"clip-without-the-min",
       "The ratio is clipped on both sides, whatever the advantage: rows that went the wrong way get no way back.",
       "clip(ratio) * advantage alone, without the minimum of both", the_clip},
      {.output = at_each_bound<Clip::without_the_min>()});
}

}  // namespace rl
