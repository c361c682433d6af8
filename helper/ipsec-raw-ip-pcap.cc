// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-raw-ip-pcap.h"

#include "ns3/ipsec-cloud-net-device.h"
#include "ns3/ipsec-compat.h"
#include "ns3/pcap-file-wrapper.h"
#include "ns3/simulator.h"
#include "ns3/trace-helper.h"

#include <stdexcept>
#include <vector>

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

/// A trace source, and the letter that lines about it begin with.
struct AsciiSource
{
    const char* name;
    void (*sink)(Ptr<OutputStreamWrapper>, Ptr<const Packet>);
    void (*sinkWithContext)(Ptr<OutputStreamWrapper>, std::string, Ptr<const Packet>);
};

const AsciiSource ENQUEUED{"MacTx",
                           &AsciiTraceHelper::DefaultEnqueueSinkWithoutContext,
                           &AsciiTraceHelper::DefaultEnqueueSinkWithContext};
const AsciiSource RECEIVED{"MacRx",
                           &AsciiTraceHelper::DefaultReceiveSinkWithoutContext,
                           &AsciiTraceHelper::DefaultReceiveSinkWithContext};

AsciiSource
Dropped(const char* name)
{
    return {name,
            &AsciiTraceHelper::DefaultDropSinkWithoutContext,
            &AsciiTraceHelper::DefaultDropSinkWithContext};
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

void
EnableRawIpAscii(Ptr<OutputStreamWrapper> stream,
                 const std::string& prefix,
                 Ptr<NetDevice> device,
                 bool explicitFilename)
{
    const Ptr<IpsecRawIpDevice> rawDevice = DynamicCast<IpsecRawIpDevice>(device);
    if (!rawDevice)
    {
        return;
    }
    Packet::EnablePrinting();
    std::vector<AsciiSource> sources{ENQUEUED, Dropped("MacTxDrop"), RECEIVED};
    if (DynamicCast<IpsecCloudNetDevice>(device))
    {
        sources.push_back(Dropped("PhyTxDrop"));
        sources.push_back(Dropped("PhyRxDrop"));
    }
    // As everywhere in ns-3: a file of its own tells by its name whose lines they are, in a common
    // stream every line tells.
    AsciiTraceHelper helper;
    const Ptr<OutputStreamWrapper> own =
        stream ? stream
               : helper.CreateFileStream(
                     explicitFilename ? prefix : helper.GetFilenameFromDevice(prefix, device));
    const std::string path = "/NodeList/" + std::to_string(device->GetNode()->GetId()) +
                             "/DeviceList/" + std::to_string(device->GetIfIndex()) + "/$" +
                             rawDevice->GetInstanceTypeId().GetName() + "/";
    for (const AsciiSource& source : sources)
    {
        if (stream)
        {
            rawDevice->TraceConnect(
                source.name, path + source.name, MakeBoundCallback(source.sinkWithContext, own));
        }
        else
        {
            rawDevice->TraceConnectWithoutContext(source.name, MakeBoundCallback(source.sink, own));
        }
    }
}

} // namespace ipsec
} // namespace ns3
