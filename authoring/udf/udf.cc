#include "authoring/udf/udf.h"

#include <utility>

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
  return std::unique_ptr<Udf>(std::move(view));
}

}  // namespace isomason
