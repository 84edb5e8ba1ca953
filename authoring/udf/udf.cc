#include "authoring/udf/udf.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "authoring/udf/projection.h"
#include "authoring/udf/view.h"
#include "authoring/udf/volume_structure.h"
#include "layout/status.h"

namespace isomason {

absl::StatusOr<std::unique_ptr<Udf>> Udf::Project(const Tree& tree, const ContentTable& contents,
                                                  const Volume& volume, const UdfOptions& options,
                                                  Remarks* remarks, Problems* problems) {
  ASSIGN_OR_RETURN(udf::VolumeFacts facts,
                   udf::MakeVolumeFacts(volume, *options.revision, remarks));
  udf::Projection projection = udf::Projection::Make(tree, options, remarks, problems);
  auto view =
      std::make_unique<udf::View>(tree, contents, options, std::move(facts), std::move(projection));
  if (options.streams != nullptr) view->TakeStreams(*options.streams, remarks);
  RETURN_IF_ERROR(view->Measure(remarks, problems));
  if (!options.anchor_at_end && remarks != nullptr) {
    remarks->push_back({Remark::Kind::kReader, "udf", "",
                        "7-Zip reports an error in the headers of an image without an anchor in "
                        "its last block"});
  }
  if (options.revision->metadata_partition && remarks != nullptr) {
    remarks->push_back({Remark::Kind::kReader, "udf", "",
                        absl::StrCat("GRUB 2.06, libcdio and UEFI firmware know no metadata "
                                     "partition",
                                     options.bridge ? " and take the ISO 9660 view instead"
                                                    : ", and there is no other view")});
  }
  return std::unique_ptr<Udf>(std::move(view));
}

}  // namespace isomason
