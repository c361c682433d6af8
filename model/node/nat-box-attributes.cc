// SPDX-License-Identifier: GPL-2.0-only
// The attributes and trace sources of NatBox; what it does is in nat-box.cc.
#include "ipsec-conversions.h"
#include "nat-box.h"

#include "ns3/boolean.h"
#include "ns3/node.h"
#include "ns3/string.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace ipsec
{

NS_OBJECT_ENSURE_REGISTERED(NatBox);

TypeId
NatBox::GetTypeId()
{
    static TypeId tid =
        AddTraces(AddLimits(AddTimeouts(AddBehaviours(TypeId("ns3::ipsec::NatBox")
                                                          .SetParent<Object>()
                                                          .SetGroupName("Ipsec")
                                                          .AddConstructor<NatBox>()))));
    return tid;
}

TypeId
NatBox::AddBehaviours(TypeId tid)
{
    return tid
        .AddAttribute(
            "MappingBehaviour",
            "What an outside endpoint is given for: endpoint-independent (one for all remotes), "
            "address-dependent (one for each remote address) or address-and-port-dependent (one "
            "for each remote endpoint, a \"symmetric\" NAT).",
            StringValue(NatWord(NatConfig{}.mapping)),
            MakeStringAccessor(&NatBox::m_mapping),
            MakeStringChecker())
        .AddAttribute("FilteringBehaviour",
                      "Whom a mapping lets in: endpoint-independent (everybody), address-dependent "
                      "(remote addresses that it sent to) or address-and-port-dependent (remote "
                      "endpoints that it sent to).",
                      StringValue(NatWord(NatConfig{}.filtering)),
                      MakeStringAccessor(&NatBox::m_filtering),
                      MakeStringChecker())
        .AddAttribute("PortChoice",
                      "Which outside port is given: preserve (the inside one if it is free, else "
                      "the next above it), sequential or random.",
                      StringValue(NatWord(NatConfig{}.portChoice)),
                      MakeStringAccessor(&NatBox::m_portChoice),
                      MakeStringChecker())
        .AddAttribute("Pooling",
                      "Which outside address is given, if there are several: paired (an inside "
                      "host keeps its one) or arbitrary (they take turns).",
                      StringValue(NatWord(NatConfig{}.pooling)),
                      MakeStringAccessor(&NatBox::m_pooling),
                      MakeStringChecker())
        .AddAttribute("KeepParity",
                      "Whether even UDP ports become even ones and odd ones odd.",
                      BooleanValue(NatConfig{}.keepsParity),
                      MakeBooleanAccessor(&NatBox::m_keepsParity),
                      MakeBooleanChecker())
        .AddAttribute("KeepPortClass",
                      "Whether ports below 1024 become ports below 1024 as long as there are any.",
                      BooleanValue(NatConfig{}.keepsPortClass),
                      MakeBooleanAccessor(&NatBox::m_keepsPortClass),
                      MakeBooleanChecker())
        .AddAttribute("FirstPort",
                      "First of the outside ports that are given.",
                      UintegerValue(NatConfig{}.firstPort),
                      MakeUintegerAccessor(&NatBox::m_firstPort),
                      MakeUintegerChecker<uint16_t>(1))
        .AddAttribute("LastPort",
                      "Last of the outside ports that are given.",
                      UintegerValue(NatConfig{}.lastPort),
                      MakeUintegerAccessor(&NatBox::m_lastPort),
                      MakeUintegerChecker<uint16_t>(1))
        .AddAttribute("Hairpinning",
                      "Whether inside hosts reach each other by their outside endpoints.",
                      BooleanValue(NatConfig{}.hairpins),
                      MakeBooleanAccessor(&NatBox::m_hairpins),
                      MakeBooleanChecker())
        .AddAttribute("EspPassThrough",
                      "What becomes of ESP that is not in UDP: off, one-per-remote (one inside "
                      "host for each remote) or learn-spi (an unknown SPI is taken for the answer "
                      "to the newest outbound one).",
                      StringValue(NatWord(NatConfig{}.esp)),
                      MakeStringAccessor(&NatBox::m_esp),
                      MakeStringChecker())
        .AddAttribute("IkePassThrough",
                      "Whether IKE keeps port 500: off, one-per-remote (one inside host for each "
                      "remote) or by-cookie (inside hosts are told apart by initiator cookies).",
                      StringValue(NatWord(NatConfig{}.ike)),
                      MakeStringAccessor(&NatBox::m_ike),
                      MakeStringChecker());
}

TypeId
NatBox::AddTimeouts(TypeId tid)
{
    return tid
        .AddAttribute("RefreshOutbound",
                      "Whether packets of UDP, ICMP and ESP from inside prolong a mapping.",
                      BooleanValue(NatConfig{}.refreshesOutbound),
                      MakeBooleanAccessor(&NatBox::m_refreshesOutbound),
                      MakeBooleanChecker())
        .AddAttribute("RefreshInbound",
                      "Whether packets of UDP, ICMP and ESP from outside prolong a mapping.",
                      BooleanValue(NatConfig{}.refreshesInbound),
                      MakeBooleanAccessor(&NatBox::m_refreshesInbound),
                      MakeBooleanChecker())
        .AddAttribute("UdpTimeout",
                      "How long a mapping of UDP lasts without packets.",
                      TimeValue(ToTime(NatConfig{}.udpTimeout)),
                      MakeTimeAccessor(&NatBox::m_udpTimeout),
                      MakeTimeChecker())
        .AddAttribute("TcpEstablishedTimeout",
                      "How long an open connection lasts without packets.",
                      TimeValue(ToTime(NatConfig{}.tcpEstablishedTimeout)),
                      MakeTimeAccessor(&NatBox::m_tcpEstablishedTimeout),
                      MakeTimeChecker())
        .AddAttribute(
            "TcpTransitoryTimeout",
            "How long a connection lasts without packets that is being opened or was closed.",
            TimeValue(ToTime(NatConfig{}.tcpTransitoryTimeout)),
            MakeTimeAccessor(&NatBox::m_tcpTransitoryTimeout),
            MakeTimeChecker())
        .AddAttribute("IcmpTimeout",
                      "How long an identifier of ICMP queries lasts without packets.",
                      TimeValue(ToTime(NatConfig{}.icmpTimeout)),
                      MakeTimeAccessor(&NatBox::m_icmpTimeout),
                      MakeTimeChecker())
        .AddAttribute("EspTimeout",
                      "How long ESP of an inside host is let through without packets.",
                      TimeValue(ToTime(NatConfig{}.espTimeout)),
                      MakeTimeAccessor(&NatBox::m_espTimeout),
                      MakeTimeChecker())
        .AddAttribute(
            "FragmentTimeout",
            "How long fragments wait for the first one of theirs, and how long it is remembered.",
            TimeValue(ToTime(NatConfig{}.fragmentTimeout)),
            MakeTimeAccessor(&NatBox::m_fragmentTimeout),
            MakeTimeChecker());
}

TypeId
NatBox::AddLimits(TypeId tid)
{
    return tid
        .AddAttribute("MaxMappings",
                      "Mappings at once at most, port forwardings not counted.",
                      UintegerValue(NatConfig{}.maxMappings),
                      MakeUintegerAccessor(&NatBox::m_maxMappings),
                      MakeUintegerChecker<uint32_t>(1))
        .AddAttribute("MaxPerHost",
                      "Mappings of one inside host at once at most.",
                      UintegerValue(NatConfig{}.maxPerHost),
                      MakeUintegerAccessor(&NatBox::m_maxPerHost),
                      MakeUintegerChecker<uint32_t>(1))
        .AddAttribute("MaxSessionsPerMapping",
                      "Remote endpoints at once at most that one mapping knows.",
                      UintegerValue(NatConfig{}.maxSessionsPerMapping),
                      MakeUintegerAccessor(&NatBox::m_maxSessionsPerMapping),
                      MakeUintegerChecker<uint32_t>(1))
        .AddAttribute("MaxFragmented",
                      "Fragmented packets under way at once at most.",
                      UintegerValue(NatConfig{}.maxFragmented),
                      MakeUintegerAccessor(&NatBox::m_maxFragmented),
                      MakeUintegerChecker<uint32_t>())
        .AddAttribute("MaxHeldFragments",
                      "Fragments at once at most that wait for the first one of theirs.",
                      UintegerValue(NatConfig{}.maxHeldFragments),
                      MakeUintegerAccessor(&NatBox::m_maxHeldFragments),
                      MakeUintegerChecker<uint32_t>())
        .AddAttribute("RefuseWithIcmp",
                      "Whether an inside host is told by ICMP that there is no mapping for it (RFC "
                      "5508 REQ-8).",
                      BooleanValue(true),
                      MakeBooleanAccessor(&NatBox::m_refusesWithIcmp),
                      MakeBooleanChecker());
}

TypeId
NatBox::AddTraces(TypeId tid)
{
    return tid
        .AddTraceSource("MappingCreated",
                        "A mapping began.",
                        MakeTraceSourceAccessor(&NatBox::m_createdTrace),
                        "ns3::ipsec::NatBox::MappingCreatedCallback")
        .AddTraceSource("MappingExpired",
                        "A mapping ended, for a reason.",
                        MakeTraceSourceAccessor(&NatBox::m_expiredTrace),
                        "ns3::ipsec::NatBox::MappingExpiredCallback")
        .AddTraceSource("Translated",
                        "A packet was translated.",
                        MakeTraceSourceAccessor(&NatBox::m_translatedTrace),
                        "ns3::ipsec::NatBox::TranslatedCallback")
        .AddTraceSource("Drop",
                        "A packet was lost, for a reason.",
                        MakeTraceSourceAccessor(&NatBox::m_dropTrace),
                        "ns3::ipsec::NatBox::DropCallback");
}

NatConfig
NatBox::ConfigFromAttributes() const
{
    NatConfig config;
    ReadNatWord(m_mapping, config.mapping);
    ReadNatWord(m_filtering, config.filtering);
    ReadNatWord(m_portChoice, config.portChoice);
    ReadNatWord(m_pooling, config.pooling);
    ReadNatWord(m_esp, config.esp);
    ReadNatWord(m_ike, config.ike);
    config.keepsParity = m_keepsParity;
    config.keepsPortClass = m_keepsPortClass;
    config.firstPort = m_firstPort;
    config.lastPort = m_lastPort;
    config.hairpins = m_hairpins;
    config.refreshesOutbound = m_refreshesOutbound;
    config.refreshesInbound = m_refreshesInbound;
    config.udpTimeout = ToDuration(m_udpTimeout);
    config.tcpEstablishedTimeout = ToDuration(m_tcpEstablishedTimeout);
    config.tcpTransitoryTimeout = ToDuration(m_tcpTransitoryTimeout);
    config.icmpTimeout = ToDuration(m_icmpTimeout);
    config.espTimeout = ToDuration(m_espTimeout);
    config.fragmentTimeout = ToDuration(m_fragmentTimeout);
    config.maxMappings = m_maxMappings;
    config.maxPerHost = m_maxPerHost;
    config.maxSessionsPerMapping = m_maxSessionsPerMapping;
    config.maxFragmented = m_maxFragmented;
    config.maxHeldFragments = m_maxHeldFragments;
    config.hasChecksums = Node::ChecksumEnabled();
    return config;
}

} // namespace ipsec
} // namespace ns3
