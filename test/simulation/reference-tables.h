// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec-tests
 * The tables of doc/ipsec.rst that say what the types of the module have.
 */
#ifndef REFERENCE_TABLES_H
#define REFERENCE_TABLES_H

#include "ns3/type-id.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Returns the types of the module that are registered, by name.
std::vector<TypeId> OwnTypes();

/// Writes the table of each type that has attributes of its own.
std::string AttributeTables();
/// Writes the table of each type that has trace sources of its own.
std::string TraceTables();

} // namespace ipsec
} // namespace ns3

#endif // REFERENCE_TABLES_H
