// SPDX-License-Identifier: GPL-2.0-only
// What is said about mistakes in authorities, certificates, clients, pools and phase 1.
#include "scenario-refusal.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;

const char BASE[] = "[gateway hub]\n"                          // line 1
                    "address = 198.51.100.1\n"                 // 2
                    "lan = 10.2.0.0/24\n"                      // 3
                    "[client alice]\n"                         // 4
                    "address = 203.0.113.5\n"                  // 5
                    "id = alice@example.com\n"                 // 6
                    "xauth-user = alice\n"                     // 7
                    "xauth-password = wonderland\n"            // 8
                    "[pool office]\n"                          // 9
                    "addresses = 10.2.1.0/24\n"                // 10
                    "[authority root]\n"                       // 11
                    "[authority middle]\n"                     // 12
                    "issuer = root\n"                          // 13
                    "[tunnel vpn]\n"                           // 14
                    "between = alice, hub\n"                   // 15
                    "mode = aggressive\n"                      // 16
                    "pre-shared-key = secret\n"                // 17
                    "phase1-proposals = pre-g14-aes128-sha256" // 18
                    "\nmode-config = pull\n"                   // 19
                    "pool = office\n"                          // 20
                    "start = auto\n";                          // 21

/// Reads the base, a line more and options of the command line; returns the refusal, or nothing.
std::string
Refusal(const std::string& more, const std::vector<std::string>& overrides)
{
    return ScenarioRefusal(BASE + more, overrides);
}

struct Mistake
{
    const char* name;
    /// Option of the command line; its key begins the message.
    const char* option;
    const char* message;
};

void
PrintTo(const Mistake& mistake, std::ostream* out)
{
    *out << mistake.name;
}

class Phase1Mistake : public testing::TestWithParam<Mistake>
{
};

TEST_P(Phase1Mistake, GivesOneLineWithKeyReasonAndWhatIsAllowed)
{
    const std::string option = GetParam().option;
    EXPECT_EQ(Refusal("", {option}),
              "command line: " + option.substr(0, option.find('=')) + ": " + GetParam().message);
}

TEST(Phase1Mistakes, BaseHasNone)
{
    EXPECT_EQ(Refusal("", {}), "");
}

INSTANTIATE_TEST_SUITE_P(
    Values,
    Phase1Mistake,
    testing::Values(
        Mistake{"StartDate",
                "simulation.start-date=soon",
                "'soon' is not a date such as 2026-01-31 or 2026-01-31T12:00:00Z"},
        Mistake{"IkeProposals",
                "gateway.hub.ike-proposals=pre-g2-aes128",
                "proposal 'pre-g2-aes128' has the wrong form; write AUTH-gN-CIPHER-HASH, such as "
                "pre-g2-aes128-sha"},
        Mistake{"AuthorityIssuer",
                "authority.middle.issuer=nobody",
                "there is no authority 'nobody'; allowed: root, middle"},
        Mistake{"AuthorityCircle",
                "authority.root.issuer=middle",
                "leads to no root; allowed: issuers that end at one without issuer"},
        Mistake{"AuthorityKey",
                "authority.root.key=rsa17",
                "'rsa17' is not a kind of key; allowed: rsa512, rsa1024, rsa2048, rsa3072, "
                "rsa4096, dsa1024, dsa2048, dsa3072, ecdsa256, ecdsa384, ecdsa521"},
        Mistake{"AuthoritySubject",
                "authority.root.subject=root",
                "'root' is not a distinguished name such as 'CN=fw-a, O=Example': an attribute "
                "lacks its '='"},
        Mistake{"AuthorityNotBefore",
                "authority.root.not-before=2026-02-30",
                "'2026-02-30' is not a date such as 2026-01-31 or 2026-01-31T12:00:00Z"},
        Mistake{"AuthorityNotAfter",
                "authority.root.not-after=never",
                "'never' is not a date such as 2026-01-31 or 2026-01-31T12:00:00Z"},
        Mistake{"AuthorityHash",
                "authority.root.hash=crc32",
                "'crc32' is not known; allowed: md5, sha, sha256, sha384, sha512"},
        Mistake{"AuthorityRevokes",
                "authority.root.revokes=nobody",
                "there is no gateway, client or authority 'nobody'"},
        Mistake{"AuthorityListEnd",
                "authority.root.crl-not-after=x",
                "'x' is not a date such as 2026-01-31 or 2026-01-31T12:00:00Z"},
        Mistake{"AuthorityCertificateFile",
                "authority.root.certificate-file=/no.pem",
                "/no.pem: cannot be read: No such file or directory"},
        Mistake{"AuthorityPrivateKeyFile",
                "authority.root.private-key-file=/no.pem",
                "/no.pem: cannot be read: No such file or directory"},
        Mistake{"AuthorityListFile",
                "authority.root.crl-file=/no.pem",
                "/no.pem: cannot be read: No such file or directory"},
        Mistake{"CertificateIssuer",
                "gateway.hub.certificate-issuer=nobody",
                "there is no authority 'nobody'; allowed: root, middle"},
        Mistake{"CertificateSubject",
                "gateway.hub.certificate-subject=hub",
                "'hub' is not a distinguished name such as 'CN=fw-a, O=Example': an attribute "
                "lacks its '='"},
        Mistake{
            "CertificateNames",
            "gateway.hub.certificate-names=keyid:x",
            "'keyid:x' is no name beside the subject; allowed: addresses, user@domain and domains"},
        Mistake{"CertificateNotBefore",
                "client.alice.certificate-not-before=x",
                "'x' is not a date such as 2026-01-31 or 2026-01-31T12:00:00Z"},
        Mistake{"CertificateNotAfter",
                "client.alice.certificate-not-after=x",
                "'x' is not a date such as 2026-01-31 or 2026-01-31T12:00:00Z"},
        Mistake{"CertificateHash",
                "client.alice.certificate-hash=x",
                "'x' is not known; allowed: md5, sha, sha256, sha384, sha512"},
        Mistake{"CertificateKey",
                "gateway.hub.certificate-key=rsa1024, rsa2048",
                "'rsa1024, rsa2048' names two keys of the kind RSA; allowed: one of each kind"},
        Mistake{"CertificateFile",
                "gateway.hub.certificate-file=x.pem",
                "stands alone; write both certificate-file and private-key-file"},
        Mistake{"PrivateKeyFile",
                "gateway.hub.private-key-file=x.pem",
                "stands alone; write both certificate-file and private-key-file"},
        Mistake{"TrustOfNobody",
                "gateway.hub.trust=nobody",
                "there is no authority 'nobody'; allowed: root, middle"},
        Mistake{"PinOfNobody", "gateway.hub.pin=nobody", "there is no gateway or client 'nobody'"},
        Mistake{"RequireList",
                "gateway.hub.require-crl=maybe",
                "'maybe' is not known; allowed: true, false"},
        Mistake{"AcceptWeak",
                "gateway.hub.accept-weak=maybe",
                "'maybe' is not known; allowed: true, false"},
        Mistake{"ClientAddress",
                "client.alice.address=224.0.0.1",
                "'224.0.0.1' is no address of a host; allowed: unicast"},
        Mistake{"ClientId",
                "client.alice.id=a b",
                "identity 'a b' is neither an IPv4 address, nor user@domain, nor keyid:TEXT, nor a "
                "domain name, nor a distinguished name such as CN=gw, O=Example"},
        Mistake{"ClientKind",
                "client.alice.kind=roaming",
                "'roaming' is not known; allowed: dial-up, dynamic-vpn"},
        Mistake{"PoolAddresses",
                "pool.office.addresses=10.2.1.0/31",
                "'10.2.1.0/31' has no room; allowed: a prefix up to /30, or FIRST - LAST"},
        Mistake{"PoolNetmask", "pool.office.netmask=33", "'33' is not a number from 1 to 32"},
        Mistake{"PoolStatic", "pool.office.static=alice", "'alice' is not USER:ADDRESS"},
        Mistake{"TunnelMode",
                "tunnel.vpn.mode=fast",
                "'fast' is not known; allowed: main, aggressive"},
        Mistake{"AggressiveRefusal",
                "tunnel.vpn.hub.aggressive-refusal=rudely",
                "'rudely' is not known; allowed: silent, notify"},
        Mistake{"Auth",
                "tunnel.vpn.auth=psk",
                "'psk' is not known; allowed: pre, rsa, dsa, rsaenc, rsarev, ecdsa256, ecdsa384, "
                "ecdsa521, hybrid"},
        Mistake{"Proposals",
                "tunnel.vpn.phase1-proposals=pre-g3-des-md5",
                "proposal 'pre-g3-des-md5': 'g3' is not a Diffie-Hellman group; allowed are: g1, "
                "g2, g5, g14, g15, g16, g17, g18, g19, g20, g21"},
        Mistake{"PeerAddress",
                "tunnel.vpn.hub.peer-address=here",
                "'here' is not known; allowed: known, any"},
        Mistake{"Group",
                "tunnel.vpn.hub.group=perhaps",
                "'perhaps' is not known; allowed: true, false"},
        Mistake{"SendCertificate",
                "tunnel.vpn.send-certificate=perhaps",
                "'perhaps' is not known; allowed: if-asked, always, never"},
        Mistake{"RequestCertificate",
                "tunnel.vpn.request-certificate=perhaps",
                "'perhaps' is not known; allowed: true, false"},
        Mistake{"Fragmentation",
                "tunnel.vpn.fragmentation=perhaps",
                "'perhaps' is not known; allowed: true, false"},
        Mistake{"Xauth",
                "tunnel.vpn.xauth=perhaps",
                "'perhaps' is not known; allowed: true, false"},
        Mistake{"XauthTries", "tunnel.vpn.xauth-tries=0", "'0' is not a number from 1 to 10"},
        Mistake{"XauthTimeout",
                "tunnel.vpn.xauth-timeout=0s",
                "'0s' is too short; allowed: 1s to 10 years"},
        Mistake{"XauthUsers", "tunnel.vpn.hub.xauth-users=alice", "'alice' is not USER:PASSWORD"},
        Mistake{"ModeConfig",
                "tunnel.vpn.mode-config=pour",
                "'pour' is not known; allowed: off, pull, push"},
        Mistake{"Pool", "tunnel.vpn.pool=nobody", "there is no pool 'nobody'; allowed: office"},
        Mistake{"Dns", "tunnel.vpn.dns=ns1", "'ns1' is not an IPv4 address such as 192.0.2.1"},
        Mistake{"Subnets",
                "tunnel.vpn.subnets=10.2.0.1/24",
                "'10.2.0.1/24' has host bits set; write 10.2.0.0/24"},
        Mistake{"SplitInclude",
                "tunnel.vpn.split-include=perhaps",
                "'perhaps' is not known; allowed: true, false"},
        Mistake{"ModeConfigTimeout",
                "tunnel.vpn.mode-config-timeout=0s",
                "'0s' is too short; allowed: 1s to 10 years"},
        Mistake{"StartByTraffic",
                "tunnel.vpn.start=traffic",
                "is traffic, but 'alice' has no address for traffic before the tunnel is up; write "
                "start = auto"}),
    [](const testing::TestParamInfo<Mistake>& info) { return info.param.name; });

/// What is wrong between keys; the engine's own rules name the tunnel.
TEST(Phase1Mistakes, DialUpUserInMainModeIsRefused)
{
    EXPECT_EQ(
        Refusal("", {"tunnel.vpn.mode=main"}),
        "x.ini:14: tunnel.vpn: peer 'alice': a dial-up user with a pre-shared key needs aggressive "
        "mode; main mode would look for the key by an address that nobody knows beforehand");
}

TEST(Phase1Mistakes, DynamicVpnWithAPredefinedSetIsRefused)
{
    EXPECT_EQ(
        Refusal("", {"client.alice.kind=dynamic-vpn", "tunnel.vpn.phase1-proposals=compatible"}),
        "x.ini:14: tunnel.vpn: peer 'alice': the predefined proposal set 'compatible' cannot be "
        "used for dynamic VPN; write custom proposals");
}

TEST(Phase1Mistakes, SiteWithADynamicAddressAndNoNameIsRefused)
{
    const std::string site = "[gateway shop]\naddress = 203.0.113.9\nlan = 10.9.0.0/24\n"
                             "[tunnel shop]\nbetween = shop, hub\npre-shared-key = x\n"
                             "hub.peer-address = any\n";
    EXPECT_EQ(Refusal(site, {}),
              "x.ini:1: gateway.hub: peer 'shop': the remote ID is the address 203.0.113.9, but "
              "the peer's address is dynamic; name a site by a domain, a user at a domain, a key "
              "ID or a distinguished name");
    EXPECT_EQ(Refusal(site + "shop.id = shop.example.com\n", {}), "");
}

TEST(Phase1Mistakes, XauthWithoutAUserIsRefused)
{
    EXPECT_EQ(Refusal("[client bob]\naddress = 203.0.113.6\nid = bob@example.com\n[tunnel bob]\n"
                      "between = bob, hub\nmode = aggressive\npre-shared-key = x\nxauth = true\n",
                      {}),
              "x.ini:29: tunnel.bob.xauth: asks 'bob' for a user and a password, but it has none; "
              "write xauth-user and xauth-password in [client bob]");
}

TEST(Phase1Mistakes, PoolInTheLanOfItsGatewayIsRefused)
{
    EXPECT_EQ(
        Refusal("", {"pool.office.addresses=10.2.0.128/25"}),
        "command line: pool.office.addresses: '10.2.0.129 - 10.2.0.254' lies in the LAN "
        "10.2.0.0/24 of 'hub', whose hosts look for these addresses there; allowed: addresses "
        "apart from it");
    EXPECT_EQ(Refusal("", {"pool.office.addresses=10.2.1.0 - 10.2.1.255"}), "");
}

TEST(Phase1Mistakes, ClientsAloneAreRefused)
{
    EXPECT_EQ(Refusal("[client bob]\naddress = 203.0.113.6\n[tunnel bob]\nbetween = bob, alice\n"
                      "pre-shared-key = x\n",
                      {}),
              "x.ini:25: tunnel.bob.between: names two clients; allowed: one and a gateway");
}

} // namespace
