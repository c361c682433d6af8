// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What goes wrong with certificates: one run for each mistake, and what each end knows of it.
 */
#ifndef IPSEC_CERTIFICATE_LAB_H
#define IPSEC_CERTIFICATE_LAB_H

#include "ipsec-ike-capture.h"
#include "ipsec-lab-program.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// The tunnel that is looked at, and who vouches for whom.
struct CertificateTunnel
{
    std::string tunnel;
    /// The end whose certificate something is wrong with, which begins; and the end that judges.
    std::string first;
    std::string second;
    /// Who issued the first one's certificate, and who issued that one's.
    std::string issuer;
    std::string root;
};

/**
 * Finds the first tunnel whose first end has a certificate of an authority below a root.
 * @throws std::invalid_argument with one sentence if there is none.
 */
CertificateTunnel FindCertificateTunnel(const Scenario& scenario);

/// A mistake, as changes of a scenario.
struct CertificateCase
{
    /// "expired": for exercises and files.
    std::string name;
    /// What is wrong, for a table.
    std::string text;
    /// As on the command line, without dashes.
    std::vector<std::string> changes;
};

/**
 * Returns all mistakes. Two of them need files: the first end's certificate without that of its
 * issuer, and with the private key of somebody else; they are written to @p folder, which must be
 * there.
 */
std::vector<CertificateCase> CertificateCases(const Scenario& scenario,
                                              const CertificateTunnel& names,
                                              const std::string& folder);

/// Somebody who found something wrong.
struct CertificateNotice
{
    std::string node;
    Fault fault = Fault::BadCertificate;
    Instant at{};
};

/// What came of one case.
struct CertificateOutcome
{
    CertificateCase what;
    /// Why the configuration itself was refused; then nothing was sent.
    std::string refusal;
    std::optional<Instant> upAt;
    std::optional<CertificateNotice> noticed;
    /// Last message of phase 1 that had arrived there: "main 5".
    std::string message;
    /// What the one who noticed sent because of it: "HASH N(...), encrypted"; empty for nothing.
    std::string answer;
    /// Lines that each end could log of the first attempt.
    std::vector<std::string> firstLog;
    std::vector<std::string> secondLog;
    /// Why the first end thinks that it failed.
    std::optional<Fault> firstReason;
};

/// Runs the scenario with the changes of a case.
CertificateOutcome RunCertificateCase(const LabScenario& scenario,
                                      const CertificateTunnel& names,
                                      const CertificateCase& what);

/// Reads what came of a case out of its run.
CertificateOutcome ObserveCertificates(const RunRecord& record,
                                       const CertificateTunnel& names,
                                       const CertificateCase& what);

/// Sizes of one way to prove oneself.
struct CertificateSizes
{
    std::string text;
    /// Of CertificateMethods().
    std::string name;
    /// The largest message of phase 1: "main 5", its payloads, its octets, the datagrams that it
    /// took, and their octets: each fragment of IKE has headers of its own.
    std::string message;
    std::string payloads;
    size_t octets = 0;
    size_t datagrams = 0;
    size_t datagramOctets = 0;
    /// IP packets of phase 1 on the link of the first end, fragments of IP among them, and the
    /// largest.
    size_t packets = 0;
    size_t ipFragments = 0;
    size_t largestPacket = 0;
    std::optional<Instant> upAt;
    /// Names that were readable for everybody.
    std::vector<std::string> names;
};

/// Returns ways to prove oneself, some of them too large for one packet.
std::vector<CertificateCase> CertificateMethods(const CertificateTunnel& names);

/// Measures a run of a way; @p capture is that of the first end's link to the internet.
CertificateSizes MeasureCertificates(const RunRecord& record,
                                     const CertificateTunnel& names,
                                     const CertificateCase& method,
                                     const std::vector<CapturedPacket>& capture);

/// Draws the largest message of each way, and its largest IP packet.
BarChart CertificateSizesChart(const std::vector<CertificateSizes>& all);

/// Writes what came of all cases, a line for each.
std::string CertificateCasesCsv(const std::vector<CertificateOutcome>& outcomes);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_CERTIFICATE_LAB_H
