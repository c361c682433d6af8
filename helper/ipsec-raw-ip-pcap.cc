// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-raw-ip-pcap.h"

#include "ns3/ipsec-compat.h"
#include "ns3/pcap-file-wrapper.h"
#include "ns3/simulator.h"
#include "ns3/trace-helper.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

void
WritePacket(Ptr<PcapFileWrapper> file, Ptr<const Packet> packet)
{
    file->Write(Simulator::Now(), packet);
}

} // namespace

void
CaptureRawIp(const std::string& fileName, Ptr<IpsecRawIpDevice> device)
{
    Ptr<PcapFileWrapper> file = CreateObject<PcapFileWrapper>();
    file->Open(fileName, std::ios::out | std::ios::binary);
    if (file->Fail())
    {
        throw std::runtime_error("Cannot write the capture file \"" + fileName + "\".");
    }
    file->Init(PCAP_RAW_IP);
    device->TraceConnectWithoutContext("PromiscSniffer", MakeBoundCallback(&WritePacket, file));
}

void
EnableRawIpPcap(const std::string& prefix, Ptr<NetDevice> device, bool explicitFilename)
{
    const Ptr<IpsecRawIpDevice> rawDevice = DynamicCast<IpsecRawIpDevice>(device);
    if (rawDevice)
    {
        PcapHelper names;
        CaptureRawIp(explicitFilename ? prefix : names.GetFilenameFromDevice(prefix, device),
                     rawDevice);
    }
}

} // namespace ipsec
} // namespace ns3
