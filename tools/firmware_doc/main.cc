// Prints the page of the rules about firmware: docs/firmware-lint.md.

#include <iostream>

#include "authoring/firmware/rules.h"

int main() {
  std::cout << isomason::FirmwareRulesPage();
  return std::cout.flush() ? 0 : 3;
}
