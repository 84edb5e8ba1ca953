// Random trees with random options through isomason: every foreign reader, and Linux, shows
// what was on the host. A failure is shrunk to the few entries and options that it takes.
//
//   ISOMASON_SEEDS=1000-2000 bazel test //tools/behavior:property_test --test_env=ISOMASON_SEEDS

#include <fnmatch.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "authoring/author.h"
#include "authoring/manifest/load.h"
#include "gtest/gtest.h"
#include "layout/sink/sink.h"
#include "tools/behavior/command.h"
#include "tools/behavior/random_manifest.h"
#include "tools/behavior/random_tree.h"
#include "tools/behavior/shrink.h"
#include "tools/golden/expected.h"
#include "tools/golden/expected_extras.h"
#include "tools/golden/expected_zisofs.h"
#include "tools/golden/views.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/kernel_reader.h"
#include "tools/oracle/listing.h"
#include "tools/oracle/readers.h"
#include "tools/oracle/udf_extras.h"

namespace isomason {
namespace {

// Seeds that share a guest.
constexpr uint64_t kSeedsTogether = 25;
// How many sentences of a failure are shown, and how much of each.
constexpr size_t kShownProblems = 20, kShownBytes = 1500;

struct Case {
  RandomTree tree;
  RandomManifest manifest;
};

Case MakeCase(uint64_t seed) { return {MakeRandomTree(seed), MakeRandomManifest(seed)}; }

int nodes_refused = 0;

// A case that became an image.
class Trial {
 public:
  explicit Trial(const Case& c) {
    std::filesystem::create_directory(shop_.Path("tree"));
    nodes_refused += WriteTree(c.tree, shop_.Path("tree"));
    const auto host = WalkDirectory(shop_.Path("tree"));
    if (!host.ok()) {
      Say(host.status().ToString());
      return;
    }
    // Where links cannot be followed, or UDF has no room for a name, without that.
    RandomManifest manifest = c.manifest;
    while (!Make(manifest, *host) && problems_.empty()) {
    }
    std::filesystem::remove_all(shop_.Path("tree"));
  }

  // What is wrong so far; an image is there when nothing is.
  const std::vector<std::string>& problems() const { return problems_; }
  const std::string& image() const { return image_; }
  const std::map<View, Listing>& want() const { return want_; }
  // What Linux shows: of UDF, nothing that is marked as hidden.
  const std::map<View, Listing>& want_of_linux() const { return want_of_linux_; }

  // What `readers` see otherwise.
  std::vector<std::string> Disagreements(const std::set<Reader>& readers) const {
    if (!problems_.empty()) return problems_;
    ReaderOptions options;
    options.readers = readers;
    options.scratch_dir = shop_.dir();
    options.want_instead = want_;
    options.traits = traits_;
    options.views.clear();
    for (const auto& [view, want] : want_) options.views.insert(view);
    return CheckWithForeignReaders(image_, want_.begin()->second, options);
  }

 private:
  static constexpr char kFollow[] = "symlinks: FOLLOW";
  static constexpr char kXa[] = "xa: true";
  static constexpr char kRelocate[] = "RELOCATE_DIRECTORIES";
  static constexpr char kRefuse[] = "REFUSE_COLLISIONS";

  void Say(std::string problem) { problems_.push_back(std::move(problem)); }

  // False when there is no image: with a problem, or with fewer settings to try again with
  // after a refusal that is right.
  bool Make(RandomManifest& settings, const Listing& host) {
    shop_.Write("m.textproto", ManifestText(settings));
    LoadedManifest loaded;
    Diagnostics diagnostics;
    if (!LoadManifest(shop_.Path("m.textproto"), {}, &loaded, &diagnostics)) {
      Say(diagnostics.Format());
      return false;
    }
    Listing want = ExpectedOf(loaded.manifest, host);
    if (const RandomArchive archive = ArchiveOf(loaded.manifest); !archive.name.empty()) {
      const std::string tar = absl::StrCat("cd ", shop_.dir(), " && tar ", archive.options,
                                           " -C tree -cf ", archive.name, " . 2>tar.said");
      if (std::system(tar.c_str()) != 0) Say(absl::StrCat("tar: ", shop_.Read("tar.said")));
    }
    auto disc = Author(loaded, shop_.dir(), &diagnostics);
    if (!disc.ok()) {
      const auto removed =
          std::remove_if(settings.begin(), settings.end(), [&](const RandomSetting& setting) {
            const std::string hidden = HiddenName(setting);
            return setting.text == kFollow                    ? HasLinksToNoFile(want)
                   : setting.message == "udf"                 ? HasNoRoomInUdf(want)
                   : setting.text == kXa                      ? HasNoRoomInXa(want)
                   : absl::StrContains(setting.text, kRefuse) ? Collides(setting, diagnostics)
                   : setting.message == "names"               ? HasNoNormalForm(want, host)
                   : absl::StrContains(setting.text, kRelocate)
                       ? HasNoPlaceToRelocate(want)
                       : !hidden.empty() && !HasName(want, hidden);
          });
      if (removed == settings.end()) {
        Say(absl::StrCat("refused: ", disc.status().ToString(), "\n", diagnostics.Format()));
      }
      settings.erase(removed, settings.end());
      return false;
    }
    for (std::string& lost : SilentlyLost(**disc)) Say(std::move(lost));
    if (!Compress(loaded, **disc, host, want)) return false;
    for (const View view : ViewsOf(loaded, **disc)) {
      auto listing = ListingInView(loaded, **disc, want, view);
      if (!listing.ok()) {
        Say(listing.status().ToString());
        return false;
      }
      want_[view] = *std::move(listing);
      want_of_linux_[view] = view == View::kUdf ? WithoutMarked(want_[view], **disc) : want_[view];
    }
    CheckCollisions(loaded.manifest);
    traits_ = TraitsOf(loaded, **disc);
    absl::Status status = (*disc)->image().Prepare(1);
    image_ = shop_.Path("x.iso");
    if (status.ok()) status = WriteToFile((*disc)->image(), image_, {});
    if (!status.ok()) Say(status.ToString());
    if (status.ok() && want_.count(View::kUdf) > 0) CheckExtras(loaded.manifest);
    return status.ok();
  }

  // Says in `want` what is stored of the files that zisofs compresses: those of the tree that
  // Rock Ridge shows by one of their names.
  bool Compress(const LoadedManifest& loaded, const Disc& disc, const Listing& host,
                Listing& want) {
    if (!loaded.manifest.iso9660().rock_ridge().has_zisofs()) return true;
    const auto shown = ListingInView(loaded, disc, want, View::kRockRidge);
    if (!shown.ok()) {
      Say(shown.status().ToString());
      return false;
    }
    std::set<uint64_t> inodes;
    for (const auto& [path, entry] : *shown) inodes.insert(entry.inode);
    for (const auto& [path, entry] : host) {
      Listed* const file = want.Find(
          loaded.manifest.names().normalization() > manifest::KEEP
              ? InNormalForm(path, loaded.manifest.names().normalization() == manifest::NFC)
              : path);
      if (file == nullptr || file->type != Listed::Type::kFile) continue;
      if (inodes.count(file->inode) == 0) continue;
      const std::string stored =
          ExpectedZisofs(loaded.manifest, path, shop_.Read(absl::StrCat("tree", path)));
      if (stored.empty()) continue;
      file->stored_size = stored.size();
      file->stored_sha256 = Sha256(stored);
    }
    return true;
  }

  // Names in one directory that one of two views shows and readers take for one.
  bool HasTwins(bool by_case) const {
    for (const View view : {View::kJoliet, View::kUdf}) {
      const auto listing = want_.find(view);
      if (listing == want_.end()) continue;
      // Names that are one in their normal form count there and not as names that fold.
      std::set<std::string> normal, folded;
      for (const auto& [path, entry] : listing->second) {
        const size_t name = path.rfind('/') + 1;
        const std::string form = InNormalForm(path.substr(name), true);
        if (!normal.insert(path.substr(0, name) + form).second) {
          if (!by_case) return true;
          continue;
        }
        if (!folded.insert(path.substr(0, name) + CaseFolded(form)).second && by_case) return true;
      }
    }
    return false;
  }

  // Whether a policy has refused names; that it was right is looked at when there is an image.
  bool Collides(const RandomSetting& setting, const Diagnostics& diagnostics) {
    const bool by_case = absl::StartsWith(setting.text, "case_");
    const char* const says =
        by_case ? "in capital letters alone" : "in Unicode normalization alone";
    if (!absl::StrContains(diagnostics.Format(), says)) return false;
    refused_.insert(by_case);
    return true;
  }

  void CheckCollisions(const manifest::Manifest& manifest) {
    const manifest::Names& names = manifest.names();
    for (const bool by_case : {false, true}) {
      const bool twins = HasTwins(by_case);
      const bool refuses = (by_case ? names.case_collisions() : names.normalization_collisions()) ==
                           manifest::REFUSE_COLLISIONS;
      if (refuses && twins) Say("has names that a policy refuses");
      if (refused_.count(by_case) > 0 && !twins) Say("a policy refused names that are apart");
    }
  }

  // Named streams and times of creation, which hardly any reader shows.
  void CheckExtras(const manifest::Manifest& manifest) {
    const auto said = ExpectedExtras(manifest, shop_.dir());
    const auto seen = ReadUdfExtras(image_);
    if (!said.ok() || !seen.ok()) {
      Say(absl::StrCat("UDF: ", (said.ok() ? seen.status() : said.status()).ToString()));
      return;
    }
    UdfExtras want;
    const auto root = said->find("/");
    for (const auto& [path, entry] : want_.at(View::kUdf)) {
      if (const auto it = said->find(path); it != said->end()) {
        want[path] = it->second;
      } else if (root != said->end() && path != "/said" && !absl::StartsWith(path, "/said/")) {
        want[path].created = root->second.created;  // the tree's
      }
    }
    std::set<std::string> paths;
    for (const auto& [path, extra] : WithoutEmpty(want)) paths.insert(path);
    for (const auto& [path, extra] : WithoutEmpty(*seen)) paths.insert(path);
    for (const std::string& path : paths) {
      const auto got = seen->find(path);
      if (got != seen->end() && got->second == want[path]) continue;
      Say(absl::StrCat("UDF: ", path, " has other streams or another time of creation"));
    }
  }

  // UDF's names are those of the tree.
  static Listing WithoutMarked(const Listing& all, const Disc& disc) {
    Listing shown;
    for (const auto& [path, entry] : all) {
      bool marked = false;
      for (NodeId n = disc.tree().Find(path); n != disc.tree().root(); n = disc.tree().parent(n)) {
        marked |= disc.hiding().Marks(n, Namespace::kUdf);
      }
      if (!marked) shown.Add(entry).IgnoreError();
    }
    return shown;
  }

  // Whether names become one in their normal form, or longer than Rock Ridge holds.
  static bool HasNoNormalForm(const Listing& want, const Listing& host) {
    std::set<std::string> paths;
    for (const auto& [path, entry] : host) paths.insert(InNormalForm(path, true));
    if (paths.size() < host.size()) return true;
    return std::any_of(want.begin(), want.end(), [](const auto& entry) {
      return entry.first.size() - entry.first.rfind('/') - 1 > 253;
    });
  }

  static bool HasNoRoomInXa(const Listing& want) {
    return std::any_of(want.begin(), want.end(), [](const auto& entry) {
      return entry.second.owner > 65535u || entry.second.group > 65535u;
    });
  }

  // Whether the place of the relocation directory is that of something else.
  static bool HasNoPlaceToRelocate(const Listing& want) {
    for (const char* path : {"/rr_moved", "/.rr_moved"}) {
      const Listed* there = want.Find(path);
      if (there != nullptr && there->type != Listed::Type::kDirectory) return true;
    }
    return false;
  }

  static bool HasName(const Listing& want, const std::string& pattern) {
    return std::any_of(want.begin(), want.end(), [&](const auto& entry) {
      const std::string name = entry.first.substr(entry.first.rfind('/') + 1);
      return !name.empty() && fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
    });
  }

  static bool HasLinksToNoFile(const Listing& want) {
    for (const auto& [path, entry] : want) {
      if (entry.type != Listed::Type::kSymlink) continue;
      const std::string target = FollowLink(want, path);
      if (target.empty() || want.Find(target)->type != Listed::Type::kFile) return true;
    }
    return false;
  }

  // Whether a name or a component of a target has more than the 254 bytes that are left
  // beside the compression id: one a character, or two in UTF-16 (OSTA UDF 2.1.1). Or whether
  // a target is not Unicode: the one that random trees have begins with FF.
  static bool HasNoRoomInUdf(const Listing& want) {
    for (const auto& [path, entry] : want) {
      if (absl::StartsWith(entry.target, "\xff")) return true;
      for (absl::string_view name : absl::StrSplit(absl::StrCat(path, "/", entry.target), '/')) {
        size_t units = 0;
        bool wide = false;
        for (const char c : name) {
          const auto byte = static_cast<unsigned char>(c);
          units += (byte & 0xc0) != 0x80 ? (byte >= 0xf0 ? 2 : 1) : 0;
          wide |= byte >= 0xc4;  // leads to U+0100 and more
        }
        if ((wide ? 2 * units : units) > 254) return true;
      }
    }
    return false;
  }

  Workshop shop_;
  std::string image_;
  std::map<View, Listing> want_, want_of_linux_;
  std::set<Trait> traits_;
  std::set<bool> refused_;  // policies about collisions: by case, or by normalization
  std::vector<std::string> problems_;
};

using Trials = std::vector<std::unique_ptr<Trial>>;

// What Linux sees otherwise, for each trial.
std::vector<std::vector<std::string>> LinuxDisagreements(const Trials& trials) {
  std::vector<std::vector<std::string>> out(trials.size());
  std::vector<std::string> images;
  std::vector<size_t> trial_of;
  for (size_t i = 0; i < trials.size(); ++i) {
    out[i] = trials[i]->problems();
    if (!out[i].empty()) continue;
    images.push_back(trials[i]->image());
    trial_of.push_back(i);
  }
  const auto views =
      ReadWithLinux(images, {View::kRockRidge, View::kJoliet, View::kIso9660, View::kUdf});
  if (!views.ok()) {
    out[0].push_back(absl::StrCat("Linux: ", views.status().ToString()));
    return out;
  }
  for (size_t i = 0; i < images.size(); ++i) {
    for (const auto& [view, want] : trials[trial_of[i]]->want_of_linux()) {
      std::vector<std::string>& said = out[trial_of[i]];
      const std::string who = absl::StrCat("Linux (", ViewName(view), "): ");
      const LinuxView& seen = views->at({i, view});
      for (const std::string& w : seen.warnings) said.push_back(absl::StrCat(who, "warns: ", w));
      if (!seen.listing.ok()) {
        said.push_back(absl::StrCat(who, seen.listing.status().ToString()));
        continue;
      }
      for (const std::string& d : Differences(AsLinuxShows(want, view), *seen.listing)) {
        said.push_back(absl::StrCat(who, d));
      }
    }
  }
  return out;
}

std::string Lines(const std::vector<std::string>& problems) {
  std::vector<std::string> shown;
  for (const std::string& problem : problems) shown.push_back(problem.substr(0, kShownBytes));
  if (shown.size() > kShownProblems) {
    shown.resize(kShownProblems);
    shown.push_back(absl::StrCat("... and ", problems.size() - kShownProblems, " more"));
  }
  return absl::StrCat(absl::StrJoin(shown, "\n"), "\n");
}

// The readers that said something, for asking fewer of them again and again.
std::set<Reader> WhoSaid(const std::vector<std::string>& problems) {
  std::set<Reader> readers;
  for (const Reader reader : AllReaders()) {
    for (const std::string& problem : problems) {
      if (absl::StartsWith(problem, ReaderName(reader))) readers.insert(reader);
    }
  }
  return readers;
}

// The least of a case for which `fails` holds: first fewer entries, then fewer settings.
Case SmallestCase(Case c, const ShrinkOptions& options,
                  const std::function<std::vector<bool>(const std::vector<Case>&)>& fails) {
  c.tree = Shrink<RandomEntry>(
      c.tree,
      [&](const std::vector<RandomTree>& trees) {
        std::vector<Case> cases;
        for (const RandomTree& tree : trees) cases.push_back({tree, c.manifest});
        return fails(cases);
      },
      options);
  c.manifest = Shrink<RandomSetting>(
      c.manifest,
      [&](const std::vector<RandomManifest>& manifests) {
        std::vector<Case> cases;
        for (const RandomManifest& manifest : manifests) cases.push_back({c.tree, manifest});
        return fails(cases);
      },
      options);
  return c;
}

std::string Explain(uint64_t seed, const Case& c, const std::vector<std::string>& problems) {
  return absl::StrCat("seed ", seed, ": it takes\n", Describe(c.tree), ManifestText(c.manifest),
                      "for\n", Lines(problems));
}

std::string ExplainReaders(uint64_t seed, const std::vector<std::string>& said) {
  const std::set<Reader> readers = WhoSaid(said);
  const Case smallest = SmallestCase(MakeCase(seed), {}, [&](const std::vector<Case>& cases) {
    std::vector<bool> failed;
    for (const Case& c : cases) failed.push_back(!Trial(c).Disagreements(readers).empty());
    return failed;
  });
  return Explain(seed, smallest, Trial(smallest).Disagreements(readers));
}

std::string ExplainLinux(uint64_t seed) {
  const auto ask = [](const std::vector<Case>& cases) {
    Trials trials;
    for (const Case& c : cases) trials.push_back(std::make_unique<Trial>(c));
    return LinuxDisagreements(trials);
  };
  ShrinkOptions options;
  options.together = 16;
  const Case smallest = SmallestCase(MakeCase(seed), options, [&](const std::vector<Case>& cases) {
    std::vector<bool> failed;
    for (const auto& said : ask(cases)) failed.push_back(!said.empty());
    return failed;
  });
  return Explain(seed, smallest, ask({smallest})[0]);
}

struct Seeds {
  uint64_t first = 1, last = 500;
};

Seeds SeedsToTry() {
  Seeds seeds;
  if (const char* wanted = std::getenv("ISOMASON_SEEDS")) {
    const std::vector<std::string> ends = absl::StrSplit(std::string(wanted), '-');
    EXPECT_TRUE(ends.size() == 2 && absl::SimpleAtoi(ends[0], &seeds.first) &&
                absl::SimpleAtoi(ends[1], &seeds.last))
        << "ISOMASON_SEEDS is FIRST-LAST";
  }
  return seeds;
}

std::vector<uint64_t> FirstSeeds() {
  const Seeds seeds = SeedsToTry();
  std::vector<uint64_t> first;
  for (uint64_t s = seeds.first; s <= seeds.last; s += kSeedsTogether) first.push_back(s);
  return first;
}

class PropertyTest : public testing::TestWithParam<uint64_t> {};

TEST_P(PropertyTest, EveryReaderShowsWhatWasOnTheHost) {
  const uint64_t first = GetParam();
  const uint64_t last = std::min(SeedsToTry().last, first + kSeedsTogether - 1);
  // One failure of each kind is made small, the others are told as they are.
  bool explained = false;
  Trials trials;
  for (uint64_t seed = first; seed <= last; ++seed) {
    trials.push_back(std::make_unique<Trial>(MakeCase(seed)));
    const std::vector<std::string> said = trials.back()->Disagreements(AllReaders());
    if (said.empty()) continue;
    ADD_FAILURE() << (explained ? absl::StrCat("seed ", seed, ":\n", Lines(said))
                                : ExplainReaders(seed, said));
    explained = true;
  }
  const auto linux_said = LinuxDisagreements(trials);
  explained = false;
  for (size_t i = 0; i < trials.size(); ++i) {
    if (linux_said[i].empty() || !trials[i]->problems().empty()) continue;
    ADD_FAILURE() << (explained ? absl::StrCat("seed ", first + i, ":\n", Lines(linux_said[i]))
                                : ExplainLinux(first + i));
    explained = true;
  }
  RecordProperty("nodes that the host did not let us make", nodes_refused);
}

INSTANTIATE_TEST_SUITE_P(Seeds, PropertyTest, testing::ValuesIn(FirstSeeds()),
                         [](const auto& param) { return absl::StrCat("From", param.param); });

TEST(RandomTreeTest, ShrinksToWhatTheFailureTakes) {
  RandomTree tree = MakeRandomTree(7);
  ASSERT_GT(tree.size(), 5u);
  const std::string culprit = tree[tree.size() / 2].path;
  for (const size_t together : {1u, 16u}) {
    ShrinkOptions options;
    options.together = together;
    const RandomTree smallest = Shrink<RandomEntry>(
        tree,
        [&](const std::vector<RandomTree>& smaller) {
          std::vector<bool> failed;
          for (const RandomTree& t : smaller) {
            failed.push_back(false);
            for (const RandomEntry& e : t) {
              if (e.path == culprit) failed.back() = true;
            }
          }
          return failed;
        },
        options);
    ASSERT_EQ(smallest.size(), 1u);
    EXPECT_EQ(smallest[0].path, culprit);
  }
}

}  // namespace
}  // namespace isomason
