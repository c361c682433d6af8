// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-report-wireshark.h"

#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Joins the rows of a table in a fixed order; each is there once, though both ends know it.
std::string
Join(const std::set<std::string>& rows)
{
    std::string out;
    for (const std::string& row : rows)
    {
        out += row + "\n";
    }
    return out;
}

std::string
Quoted(const std::string& text)
{
    return "\"" + text + "\"";
}

std::string
KeyText(const SecretBytes& key)
{
    return Quoted(key.empty() ? "" : "0x" + ToHex(key.View()));
}

} // namespace

std::string
WiresharkIkeTable(const RunRecord& record)
{
    std::set<std::string> rows;
    for (const NodeRecord& node : record.nodes)
    {
        for (const IkeSaRecord& sa : node.ikeSas)
        {
            rows.insert(ToHex(sa.info.initiatorCookie) + "," + ToHex(sa.info.encryptionKey.View()));
        }
        for (const auto& [cookie, key] : node.failedIkeKeys)
        {
            rows.insert(ToHex(cookie) + "," + ToHex(key.View()));
        }
    }
    return Join(rows);
}

std::string
WiresharkEspTable(const RunRecord& record)
{
    std::set<std::string> rows;
    for (const NodeRecord& node : record.nodes)
    {
        for (const IpsecSaRecord& one : node.ipsecSas)
        {
            const IpsecSa& sa = one.sa;
            if (sa.protocol != ProtocolId::Esp)
            {
                continue;
            }
            const bool isInbound = sa.direction == SaDirection::Inbound;
            // A NAT shows one packet with other addresses on either side.
            const IpAddress from = (isInbound ? sa.remote : sa.local).address;
            const IpAddress to = (isInbound ? sa.local : sa.remote).address;
            const std::string source = sa.udpEncapsulated ? "*" : from.ToString();
            const std::string destination = sa.udpEncapsulated ? "*" : to.ToString();
            rows.insert(Quoted("IPv4") + "," + Quoted(source) + "," + Quoted(destination) + "," +
                        Quoted(SpiText(sa.spi)) + "," + Quoted(GetCipher(sa.cipher).wiresharkName) +
                        "," + KeyText(sa.cipherKey) + "," +
                        Quoted(GetIntegrity(sa.integrity).wiresharkName) + "," +
                        KeyText(sa.integrityKey));
        }
    }
    return Join(rows);
}

std::string
WiresharkPreferences()
{
    return "esp.enable_encryption_decode: TRUE\n"
           "esp.enable_authentication_check: TRUE\n";
}

} // namespace ipsec
} // namespace ns3
