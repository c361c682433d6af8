// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Captures and ascii traces of devices that carry bare IP packets.
 */
#ifndef IPSEC_RAW_IP_PCAP_H
#define IPSEC_RAW_IP_PCAP_H

#include "ns3/ipsec-raw-ip-device.h"
#include "ns3/output-stream-wrapper.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/**
 * Writes what a device sends and receives into a file, until the simulation is destroyed.
 * @throws std::runtime_error with one sentence if the file cannot be written.
 */
void CaptureRawIp(const std::string& fileName, Ptr<IpsecRawIpDevice> device);

/// Does the work of PcapHelperForDevice::EnablePcapInternal(); devices of other kinds are skipped.
void EnableRawIpPcap(const std::string& prefix, Ptr<NetDevice> device, bool explicitFilename);

/// Does the work of AsciiTraceHelperForDevice::EnableAsciiInternal(): "+" for packets that a device
/// accepts, "d" for those that are lost, "r" for those that arrive; devices of other kinds are
/// skipped.
void EnableRawIpAscii(Ptr<OutputStreamWrapper> stream,
                      const std::string& prefix,
                      Ptr<NetDevice> device,
                      bool explicitFilename);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_RAW_IP_PCAP_H
