// SPDX-License-Identifier: GPL-2.0-only
#include "fragment-samples.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

Octets
LargeMessage(size_t octets, uint8_t flavour)
{
    IsakmpHeader header;
    header.initiatorCookie = {1, 1, 1, 1, 1, 1, 1, 1};
    header.responderCookie = {2, 2, 2, 2, 2, 2, 2, 2};
    header.nextPayload = PayloadType::Id;
    header.flags = FLAG_ENCRYPTION;
    header.messageId = 0x12345678;
    Octets body(octets - ISAKMP_HEADER_OCTETS);
    for (size_t i = 0; i < body.size(); i++)
    {
        body[i] = static_cast<uint8_t>(i * 7 + i / 251 + flavour);
    }
    return WriteIsakmpMessage(header, body);
}

ReadOne
Read(OctetView datagram)
{
    const Result<IsakmpHeader> header = ParseIsakmpHeader(datagram);
    EXPECT_TRUE(header.Ok());
    const Result<FragmentPayload> fragment = ReadFragment(*header, datagram);
    EXPECT_TRUE(fragment.Ok());
    return {*header, *fragment};
}

std::vector<ReadOne>
Split(const Octets& message, size_t data)
{
    std::vector<ReadOne> all;
    const Fragmentation how{static_cast<uint32_t>(28 + 36 + data), ExchangeType::MainMode};
    for (const Octets& part : SplitMessage(message, how, {}))
    {
        all.push_back(Read(part));
    }
    return all;
}

} // namespace ipsec
} // namespace ns3
