// SPDX-License-Identifier: GPL-2.0-only
// What the messages of a run unfold to in report.html: what a dissector with the keys would show.
#include "ns3/ike-daemon.h"
#include "ns3/ipsec-report-files.h"
#include "ns3/ipsec-scenario-network.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;

using Texts = std::vector<std::string>;

RunRecord
RunShipped(const std::string& name, const Texts& changes = {}, const RunOptions& options = {})
{
    return RunScenario(ReadScenario(std::string(IPSEC_SCENARIOS) + "/" + name + ".ini", changes),
                       options);
}

/// Returns what the payloads of one type unfold to, of the messages of an exchange.
Texts
LinesOf(const RunRecord& record, ExchangeType exchange, PayloadType type)
{
    Texts lines;
    for (const MessageRecord& message : record.messages)
    {
        for (const PayloadLabel& label : message.summary.payloads)
        {
            const Texts own = message.summary.exchange == exchange && label.type == type
                                  ? label.Lines()
                                  : Texts();
            lines.insert(lines.end(), own.begin(), own.end());
        }
    }
    return lines;
}

bool
Has(const Texts& lines, const std::string& line)
{
    return std::find(lines.begin(), lines.end(), line) != lines.end();
}

TEST(PagePayloads, ProposalsNameTheirTransforms)
{
    const RunRecord record =
        RunShipped("site-to-site",
                   {"tunnel.ab.phase1-proposals=pre-g5-aes256-sha256, pre-g2-3des-sha",
                    "tunnel.ab.phase2-proposals=g2-esp-aes128-sha"});
    const Texts phase1 = LinesOf(record, ExchangeType::MainMode, PayloadType::Sa);
    const std::string aes = "KEY_IKE, encryption AES-256, key length 256, hash sha256, "
                            "authentication pre, group 5, life in seconds, life 86400";
    const std::string triple = "KEY_IKE, encryption 3DES, hash sha, authentication pre, group 2, "
                               "life in seconds, life 86400";
    EXPECT_EQ(phase1,
              (Texts{"proposal 1: ISAKMP",
                     "transform 1: " + aes,
                     "transform 2: " + triple,
                     "proposal 1: ISAKMP",
                     "transform 1: " + aes}));
    const std::string esp = "transform 1: AES-128, key length 128, mode tunnel, "
                            "authentication HMAC-SHA1-96, group 2, life in seconds, life 3600";
    Texts phase2 = LinesOf(record, ExchangeType::QuickMode, PayloadType::Sa);
    ASSERT_EQ(phase2.size(), 4u);
    EXPECT_EQ(phase2[1], esp);
    EXPECT_EQ(phase2[3], esp);
    // Each end names the SPI that it receives on.
    for (const size_t end : {size_t{0}, size_t{1}})
    {
        const auto& sas = record.nodes[end].ipsecSas;
        const auto in = std::find_if(sas.begin(),
                                     sas.end(),
                                     [](const IpsecSaRecord& sa)
                                     { return sa.sa.direction == SaDirection::Inbound; });
        ASSERT_NE(in, sas.end());
        EXPECT_EQ(phase2[2 * end], "proposal 1: ESP, SPI " + SpiText(in->sa.spi));
    }
    const Texts values = LinesOf(record, ExchangeType::QuickMode, PayloadType::Ke);
    ASSERT_EQ(values.size(), 2u);
    EXPECT_EQ(values[0].find("128 octets, group 2: "), 0u) << values[0];
}

TEST(PagePayloads, EncryptedIdentitiesAreThoseOfTheEnds)
{
    const RunRecord record = RunShipped("site-to-site");
    EXPECT_EQ(LinesOf(record, ExchangeType::MainMode, PayloadType::Id),
              (Texts{"IPv4 address 1.1.1.1", "IPv4 address 2.2.2.2"}));
    const std::string left = "IPv4 subnet 192.168.0.0/255.255.255.0";
    const std::string right = "IPv4 subnet 172.16.0.0/255.255.255.0";
    EXPECT_EQ(LinesOf(record, ExchangeType::QuickMode, PayloadType::Id),
              (Texts{left, right, left, right}));
    const std::string page = ReportHtml(record);
    EXPECT_NE(page.find("<code>ID(1.1.1.1)</code>"), std::string::npos);
    EXPECT_NE(page.find("<span class=\"det\">" + left + "</span>"), std::string::npos);
    EXPECT_NE(page.find("<span class=\"det\">INITIAL-CONTACT (24578), about ISAKMP, SPI "),
              std::string::npos);
    // The ladder itself shows no more than an eavesdropper sees.
    EXPECT_EQ(page.find("<span class=\"pay\">ID("), std::string::npos);
}

TEST(PagePayloads, IdentitiesThatOnlyOneEndCanReadAreSizes)
{
    const RunRecord record = RunShipped("site-to-site", {"tunnel.ab.auth=rsaenc"});
    const Texts ids = LinesOf(record, ExchangeType::MainMode, PayloadType::Id);
    ASSERT_EQ(ids.size(), 2u);
    EXPECT_EQ(ids[0].substr(ids[0].find(' ')), " octets");
}

TEST(PagePayloads, DeletionsNameTheSpi)
{
    const RunRecord record = RunShipped("site-to-site", {"tunnel.ab.phase2-lifetime=60s"});
    const Texts deletions = LinesOf(record, ExchangeType::Informational, PayloadType::Delete);
    ASSERT_FALSE(deletions.empty());
    size_t ended = 0;
    for (const IpsecSaRecord& sa : record.nodes[0].ipsecSas)
    {
        if (sa.sa.direction == SaDirection::Inbound && sa.removedAt)
        {
            EXPECT_TRUE(Has(deletions, "ESP, SPI " + SpiText(sa.sa.spi)));
            ended++;
        }
    }
    EXPECT_GT(ended, 0u);
}

TEST(PagePayloads, NobodyDescribesMessagesThatAreOnlyCounted)
{
    RunOptions options;
    size_t described = 0;
    size_t silent = 0;
    options.prepare = [&](const ScenarioNetwork& network)
    {
        for (const ScenarioGateway& gateway : network.Gateways())
        {
            const DescribedPeers& peers = gateway.daemon->GetEngine().Described();
            EXPECT_TRUE(peers.from.empty());
            EXPECT_EQ(peers.to.size(), gateway.name == "hub" ? 3u : peers.to.size());
            described += peers.to.size();
            silent += peers.to.empty() ? 1 : 0;
        }
    };
    const RunRecord record = RunShipped("branches", {"simulation.stop=20s"}, options);
    EXPECT_EQ(described, 6u);
    EXPECT_EQ(silent, 47u);
    ASSERT_FALSE(record.messages.empty());
    EXPECT_FALSE(record.messages[0].summary.payloads[0].Lines().empty());
}

} // namespace
