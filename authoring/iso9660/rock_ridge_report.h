// -----------------------------------------------------------------------------
// File: authoring/iso9660/rock_ridge_report.h
// -----------------------------------------------------------------------------
//
// What Rock Ridge cannot say of a tree, and what readers will get wrong in it.
//
#ifndef ISOMASON_AUTHORING_ISO9660_ROCK_RIDGE_REPORT_H_
#define ISOMASON_AUTHORING_ISO9660_ROCK_RIDGE_REPORT_H_

#include "authoring/iso9660/hierarchy.h"
#include "authoring/iso9660/report.h"
#include "authoring/iso9660/rock_ridge.h"
#include "authoring/tree/creation_times.h"
#include "authoring/tree/node.h"

namespace isomason {

// Refuses what Rock Ridge cannot say of a node so that Linux reads it, and remarks on
// what other readers do not.
void CheckRockRidge(const Tree& tree, NodeId node, Reporter& report);

// Remarks on the tree as a whole; the hierarchy has been built.
void ReportRockRidge(const Tree& tree, const Hierarchy& hierarchy, RockRidgeForm form,
                     const CreationTimes* created, Reporter& report);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_ROCK_RIDGE_REPORT_H_
