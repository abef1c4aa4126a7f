#include "edge/words/say.h"

#include <array>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "edge/words/sentence.h"

namespace branchline {
namespace {

constexpr size_t kSentenceSizeMax = 4'096;  // bytes; longer ones stay English
constexpr size_t kHeaderSizeMax = 256;      // bytes
constexpr int kDepthMax = 4;                // sentences within sentences
constexpr size_t kPlacesMax = 10;
// Of a sentence that is known by less nothing is known: "a: b".
constexpr size_t kKnownSizeMin = 3;  // bytes

struct Place {
  size_t index = 0;
  bool spoken = false;  // itself said in the language
};

// A sentence taken apart at its places: literals[0] places[0] literals[1] ...
struct Template {
  const Sentence* sentence;
  std::vector<absl::string_view> literals;
  std::vector<Place> places;
  size_t literal_size = 0;
};

bool IsPlace(absl::string_view text, size_t at) {
  return at + 1 < text.size() && (text[at] == '$' || text[at] == '@') &&
         absl::ascii_isdigit(static_cast<unsigned char>(text[at + 1]));
}

Template TakeApart(const Sentence& sentence) {
  Template made{&sentence, {}, {}, 0};
  const absl::string_view text = sentence.english;
  size_t begun = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!IsPlace(text, i)) continue;
    made.literals.push_back(text.substr(begun, i - begun));
    made.places.push_back(
        {static_cast<size_t>(text[i + 1] - '0'), text[i] == '@'});
    begun = ++i + 1;
  }
  made.literals.push_back(text.substr(begun));
  for (const absl::string_view literal : made.literals) {
    made.literal_size += literal.size();
  }
  return made;
}

const std::vector<Template>& Templates() {
  static const auto& sentences = *new std::vector<Sentence>(AllSentences());
  static const auto& templates = *[] {
    auto* made = new std::vector<Template>;
    for (const Sentence& sentence : sentences) {
      made->push_back(TakeApart(sentence));
    }
    return made;
  }();
  return templates;
}

using Found = std::array<absl::string_view, kPlacesMax>;

// Whether `text` is of the form of `made`; if so, what stands at its places.
// Each place is as short as it may be, and the last takes the rest: no going
// back, so the work is linear whatever a person typed.
bool Match(const Template& made, absl::string_view text, Found* found) {
  const std::vector<absl::string_view>& literals = made.literals;
  if (!absl::ConsumePrefix(&text, literals.front())) return false;
  if (made.places.empty()) return text.empty();
  for (size_t i = 0; i < made.places.size(); ++i) {
    const absl::string_view after = literals[i + 1];
    const bool last = i + 1 == made.places.size();
    const size_t end =
        last ? (absl::EndsWith(text, after) ? text.size() - after.size()
                                            : absl::string_view::npos)
             : text.find(after);
    if (end == absl::string_view::npos) return false;
    (*found)[made.places[i].index] = text.substr(0, end);
    text.remove_prefix(end + after.size());
  }
  return true;
}

// What was said, and how many bytes of it stood in a table.
struct Said {
  std::string text;
  size_t known_size = 0;
};

Said Say(absl::string_view english, bool traditional, int depth) {
  Said best{std::string(english), 0};
  if (depth > kDepthMax) return best;
  for (const Template& made : Templates()) {
    Found found;
    if (!Match(made, english, &found)) continue;
    size_t known_size = made.literal_size;
    std::array<std::string, kPlacesMax> parts;
    for (const Place& place : made.places) {
      if (place.spoken) {
        Said part = Say(found[place.index], traditional, depth + 1);
        known_size += part.known_size;
        parts[place.index] = std::move(part.text);
      } else {
        parts[place.index] = std::string(found[place.index]);
      }
    }
    // The one of which the most is known says it best.
    if (known_size < kKnownSizeMin || known_size <= best.known_size) continue;
    const absl::string_view form =
        traditional ? made.sentence->traditional : made.sentence->simplified;
    best = {"", known_size};
    for (size_t i = 0; i < form.size(); ++i) {
      if (IsPlace(form, i)) {
        best.text += parts[static_cast<size_t>(form[++i] - '0')];
      } else {
        best.text.push_back(form[i]);
      }
    }
  }
  return best;
}

// One entry of the header, "zh-TW;q=0.8": its language, and its weight in
// thousandths.
std::pair<absl::string_view, int> EntryOf(absl::string_view entry) {
  const std::vector<absl::string_view> parts = absl::StrSplit(entry, ';');
  int weight = 1'000;
  for (size_t i = 1; i < parts.size(); ++i) {
    absl::string_view value = absl::StripAsciiWhitespace(parts[i]);
    if (!absl::ConsumePrefix(&value, "q=")) continue;
    weight = absl::StartsWith(value, "1") ? 1'000 : 0;
    if (!absl::ConsumePrefix(&value, "0.")) continue;
    const std::string padded = absl::StrCat(value.substr(0, 3), "000");
    if (!absl::SimpleAtoi(padded.substr(0, 3), &weight)) weight = 0;
  }
  const std::string tag =
      absl::AsciiStrToLower(absl::StripAsciiWhitespace(parts[0]));
  const auto is = [&](absl::string_view prefix) {
    return tag == prefix || absl::StartsWith(tag, absl::StrCat(prefix, "-"));
  };
  if (is("en")) return {"en", weight};
  if (is("zh-tw") || is("zh-hk") || is("zh-mo") || is("zh-hant")) {
    return {"zh-TW", weight};
  }
  if (is("zh")) return {"zh-CN", weight};
  return {"", 0};
}

}  // namespace

absl::string_view LanguageWanted(absl::string_view accept_language) {
  absl::string_view best;
  int best_weight = 0;
  for (const absl::string_view entry :
       absl::StrSplit(accept_language.substr(0, kHeaderSizeMax), ',')) {
    const auto [language, weight] = EntryOf(entry);
    if (language.empty() || weight <= best_weight) continue;
    best = language;
    best_weight = weight;
  }
  return best;
}

std::string SayIn(absl::string_view english, absl::string_view language) {
  const bool traditional = language == "zh-TW";
  if ((!traditional && language != "zh-CN") ||
      english.size() > kSentenceSizeMax) {
    return std::string(english);
  }
  return Say(english, traditional, 0).text;
}

}  // namespace branchline
