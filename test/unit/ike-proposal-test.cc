// SPDX-License-Identifier: GPL-2.0-only
#include "thrown-sentence.h"

#include "ns3/ike-proposal.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

template <typename Proposal>
std::vector<std::string>
Texts(const std::vector<Proposal>& proposals)
{
    std::vector<std::string> texts;
    for (const Proposal& proposal : proposals)
    {
        texts.push_back(proposal.ToString());
    }
    return texts;
}

std::string
Refusal1(const std::string& text)
{
    return ThrownSentence([&text] { Phase1Proposal::Parse(text); });
}

std::string
Refusal2(const std::string& text)
{
    return ThrownSentence([&text] { Phase2Proposal::Parse(text); });
}

std::string
ListRefusal1(const std::string& text)
{
    return ThrownSentence([&text] { ParsePhase1Proposals(text); });
}

std::string
ListRefusal2(const std::string& text)
{
    return ThrownSentence([&text] { ParsePhase2Proposals(text); });
}

using Names = std::vector<std::string>;

const Names AUTH_NAMES = {"pre", "rsa", "dsa", "rsaenc", "rsarev"};
const Names GROUP_NAMES =
    {"g1", "g2", "g5", "g14", "g15", "g16", "g17", "g18", "g19", "g20", "g21"};
const Names CIPHER_NAMES = {"des", "3des", "aes128", "aes192", "aes256"};
const Names HASH_NAMES = {"md5", "sha", "sha256", "sha384", "sha512"};

} // namespace

// Covers P1-13.
TEST(Phase1ProposalText, EveryCombinationIsReadAndWrittenUnchanged)
{
    for (const std::string& auth : AUTH_NAMES)
    {
        for (const std::string& group : GROUP_NAMES)
        {
            for (const std::string& cipher : CIPHER_NAMES)
            {
                for (const std::string& hash : HASH_NAMES)
                {
                    const std::string text = auth + "-" + group + "-" + cipher + "-" + hash;
                    EXPECT_EQ(Phase1Proposal::Parse(text).ToString(), text);
                }
            }
        }
    }
}

TEST(Phase1ProposalText, EachPartGoesToItsOwnField)
{
    const Phase1Proposal proposal = Phase1Proposal::Parse("dsa-g14-3des-sha384");
    EXPECT_EQ(proposal.auth, AuthMethod::DsaSignature);
    EXPECT_EQ(proposal.group, 14);
    EXPECT_EQ(proposal.cipher, CipherId::TripleDes);
    EXPECT_EQ(proposal.hash, HashId::Sha384);
}

TEST(Phase1ProposalText, UnknownAuthenticationIsRefusedByName)
{
    EXPECT_EQ(Refusal1("psk-g2-des-md5"),
              "proposal 'psk-g2-des-md5': 'psk' is not an authentication method; allowed are: pre, "
              "rsa, dsa, rsaenc, rsarev, ecdsa256, ecdsa384, ecdsa521, hybrid");
}

TEST(Phase1ProposalText, UnknownGroupIsRefusedByName)
{
    EXPECT_EQ(Refusal1("pre-g3-des-md5"),
              "proposal 'pre-g3-des-md5': 'g3' is not a Diffie-Hellman group; allowed are: g1, g2, "
              "g5, g14, g15, g16, g17, g18, g19, g20, g21");
}

TEST(Phase1ProposalText, GroupsWrittenInOtherWaysAreRefused)
{
    for (const char* group :
         {"2", "g", "", "g02", "g0", "G2", "g 2", "g2x", "g-2", "g258", "nopfs"})
    {
        EXPECT_THROW(Phase1Proposal::Parse(std::string("pre-") + group + "-des-md5"),
                     std::invalid_argument)
            << group;
    }
}

TEST(Phase1ProposalText, UnknownCipherIsRefusedByName)
{
    EXPECT_EQ(
        Refusal1("pre-g2-aes-sha"),
        "proposal 'pre-g2-aes-sha': 'aes' is not a cipher of phase 1; allowed are: des, 3des, "
        "aes128, aes192, aes256");
}

TEST(Phase1ProposalText, NullCipherIsRefused)
{
    EXPECT_EQ(Refusal1("pre-g2-null-sha"),
              "proposal 'pre-g2-null-sha': 'null' is not a cipher of phase 1; allowed are: des, "
              "3des, aes128, aes192, aes256");
}

TEST(Phase1ProposalText, CiphersThatChainNoBlocksAreRefused)
{
    for (const char* cipher : {"aes128ctr", "aes192ctr", "aes256ctr", "aes128gcm", "aes256gcm"})
    {
        const std::string text = std::string("pre-g14-") + cipher + "-sha256";
        EXPECT_EQ(Refusal1(text),
                  "proposal '" + text + "': '" + cipher +
                      "' is not a cipher of phase 1; allowed are: des, 3des, aes128, aes192, "
                      "aes256");
    }
}

TEST(Phase1ProposalText, UnknownHashIsRefusedByName)
{
    EXPECT_EQ(Refusal1("pre-g2-des-sha1"),
              "proposal 'pre-g2-des-sha1': 'sha1' is not a hash; allowed are: md5, sha, sha256, "
              "sha384, sha512");
}

TEST(Phase1ProposalText, WrongNumberOfPartsIsRefusedWithTheForm)
{
    for (const char* text : {"", "pre", "pre-g2", "pre-g2-des", "pre-g2-des-md5-md5", "standard"})
    {
        EXPECT_EQ(Refusal1(text),
                  std::string("proposal '") + text +
                      "' has the wrong form; write AUTH-gN-CIPHER-HASH, such as "
                      "pre-g2-aes128-sha");
    }
}

// Covers QM-09.
TEST(Phase2ProposalText, EveryCombinationIsReadAndWrittenUnchanged)
{
    Names pfsNames = GROUP_NAMES;
    pfsNames.push_back("nopfs");
    Names cipherNames = CIPHER_NAMES;
    for (const char* cipher : {"null", "aes128ctr", "aes192ctr", "aes256ctr"})
    {
        cipherNames.emplace_back(cipher);
    }
    for (const std::string& pfs : pfsNames)
    {
        for (const std::string& hash : HASH_NAMES)
        {
            const std::string ah = pfs + "-ah-" + hash;
            EXPECT_EQ(Phase2Proposal::Parse(ah).ToString(), ah);
            for (const std::string& cipher : cipherNames)
            {
                const std::string esp = "esp-" + cipher + "-" + hash;
                EXPECT_EQ(Phase2Proposal::Parse(pfs + "-" + esp).ToString(), pfs + "-" + esp);
                EXPECT_EQ(Phase2Proposal::Parse(ah + "+" + esp).ToString(), ah + "+" + esp);
            }
        }
    }
}

// Covers QM-09.
TEST(Phase2ProposalText, GcmIsReadAndWrittenWithoutHash)
{
    for (const char* cipher : {"aes128gcm", "aes256gcm"})
    {
        const std::string esp = std::string("esp-") + cipher;
        for (const std::string& text : {"g14-" + esp, "nopfs-" + esp, "nopfs-ah-sha256+" + esp})
        {
            const Phase2Proposal proposal = Phase2Proposal::Parse(text);
            EXPECT_EQ(proposal.ToString(), text);
            EXPECT_EQ(proposal.esp->integrity, IntegrityId::None);
        }
    }
}

TEST(Phase2ProposalText, GcmWithAHashIsRefused)
{
    EXPECT_EQ(Refusal2("g14-esp-aes128gcm-sha"),
              "proposal 'g14-esp-aes128gcm-sha' has a hash, but aes128gcm protects integrity "
              "itself; write esp-aes128gcm");
}

TEST(Phase2ProposalText, CtrWithoutAHashIsRefused)
{
    EXPECT_EQ(Refusal2("nopfs-esp-aes256ctr"),
              "proposal 'nopfs-esp-aes256ctr' has no hash; ESP without integrity is not allowed");
}

TEST(Phase2ProposalText, OldTruncationOfSha256HasNoNameOfItsOwn)
{
    for (const char* text : {"nopfs-esp-aes128-sha256-96", "nopfs-ah-sha256-96"})
    {
        EXPECT_NE(Refusal2(text).find("has the wrong form"), std::string::npos) << text;
    }
}

TEST(Phase2ProposalText, EachPartGoesToItsOwnField)
{
    const Phase2Proposal proposal = Phase2Proposal::Parse("g5-ah-md5+esp-aes192-sha512");
    EXPECT_EQ(proposal.pfsGroup, 5);
    EXPECT_EQ(proposal.ah, IntegrityId::HmacMd5_96);
    ASSERT_TRUE(proposal.esp.has_value());
    EXPECT_EQ(proposal.esp->cipher, CipherId::Aes192);
    EXPECT_EQ(proposal.esp->integrity, IntegrityId::HmacSha512_256);
}

TEST(Phase2ProposalText, NoPfsMeansNoGroup)
{
    const Phase2Proposal proposal = Phase2Proposal::Parse("nopfs-esp-des-md5");
    EXPECT_FALSE(proposal.pfsGroup.has_value());
    EXPECT_FALSE(proposal.ah.has_value());
}

TEST(Phase2ProposalText, BundleMayBeWrittenInEitherOrder)
{
    EXPECT_EQ(Phase2Proposal::Parse("nopfs-esp-3des-sha+ah-md5"),
              Phase2Proposal::Parse("nopfs-ah-md5+esp-3des-sha"));
}

TEST(Phase2ProposalText, EncryptionWithoutIntegrityIsRefused)
{
    EXPECT_EQ(Refusal2("g2-esp-aes128"),
              "proposal 'g2-esp-aes128' has no hash; ESP without integrity is not allowed");
    EXPECT_EQ(Refusal2("nopfs-esp-null"),
              "proposal 'nopfs-esp-null' has no hash; ESP without integrity is not allowed");
}

TEST(Phase2ProposalText, NoneIsNotAHash)
{
    EXPECT_EQ(Refusal2("nopfs-esp-des-none"),
              "proposal 'nopfs-esp-des-none': 'none' is not a hash; allowed are: md5, sha, sha256, "
              "sha384, sha512");
    EXPECT_THROW(Phase2Proposal::Parse("nopfs-ah-none"), std::invalid_argument);
}

TEST(Phase2ProposalText, UnknownCipherIsRefusedByName)
{
    EXPECT_EQ(Refusal2("nopfs-esp-cast-sha"),
              "proposal 'nopfs-esp-cast-sha': 'cast' is not a cipher of ESP; allowed are: null, "
              "des, 3des, aes128, aes192, aes256, aes128ctr, aes192ctr, aes256ctr, aes128gcm, "
              "aes256gcm");
}

TEST(Phase2ProposalText, UnknownPfsIsRefusedByName)
{
    EXPECT_EQ(Refusal2("pfs-esp-des-sha"),
              "proposal 'pfs-esp-des-sha': 'pfs' is not a choice of PFS; allowed are: nopfs, g1, "
              "g2, g5, g14, g15, g16, g17, g18, g19, g20, g21");
}

TEST(Phase2ProposalText, UnknownProtocolIsRefusedByName)
{
    EXPECT_EQ(Refusal2("nopfs-ipcomp-lzs"),
              "proposal 'nopfs-ipcomp-lzs': 'ipcomp' is not a protocol; allowed are: esp, ah");
}

TEST(Phase2ProposalText, TheSameProtocolTwiceIsRefused)
{
    EXPECT_EQ(Refusal2("nopfs-ah-md5+ah-sha"),
              "proposal 'nopfs-ah-md5+ah-sha' names ah twice; a bundle is one ah and one esp");
    EXPECT_EQ(Refusal2("nopfs-esp-des-md5+esp-des-sha"),
              "proposal 'nopfs-esp-des-md5+esp-des-sha' names esp twice; a bundle is one ah and "
              "one esp");
}

TEST(Phase2ProposalText, WrongNumberOfPartsIsRefusedWithTheForm)
{
    for (const char* text :
         {"", "nopfs", "nopfs-esp", "nopfs-ah", "nopfs-ah-des-md5", "g2-esp-a-b-c"})
    {
        EXPECT_EQ(Refusal2(text),
                  std::string("proposal '") + text +
                      "' has the wrong form; write gN|nopfs-esp-CIPHER-HASH, gN|nopfs-ah-HASH or "
                      "both joined by '+', such as g2-esp-aes128-sha");
    }
}

TEST(Phase2ProposalText, EmptyPartsAreRefused)
{
    for (const char* text : {"nopfs-", "nopfs-+", "nopfs-ah-md5+", "nopfs--ah-md5", "-esp-des-md5"})
    {
        EXPECT_THROW(Phase2Proposal::Parse(text), std::invalid_argument) << text;
    }
}

// Covers P1-10.
TEST(Phase1Sets, StandardPrefersAes)
{
    EXPECT_EQ(Texts(ParsePhase1Proposals("standard")),
              (Names{"pre-g2-aes128-sha", "pre-g2-3des-sha"}));
}

// Covers P1-11.
TEST(Phase1Sets, CompatibleHasFourInItsOrder)
{
    EXPECT_EQ(Texts(ParsePhase1Proposals("compatible")),
              (Names{"pre-g2-3des-sha", "pre-g2-3des-md5", "pre-g2-des-sha", "pre-g2-des-md5"}));
}

// Covers P1-12.
TEST(Phase1Sets, BasicIsGroup1WithDes)
{
    EXPECT_EQ(Texts(ParsePhase1Proposals("basic")), (Names{"pre-g1-des-sha", "pre-g1-des-md5"}));
}

// Covers QM-06.
TEST(Phase2Sets, StandardPrefersTripleDesWithPfs)
{
    EXPECT_EQ(Texts(ParsePhase2Proposals("standard")),
              (Names{"g2-esp-3des-sha", "g2-esp-aes128-sha"}));
}

// Covers QM-07.
TEST(Phase2Sets, CompatibleHasFourWithoutPfs)
{
    EXPECT_EQ(
        Texts(ParsePhase2Proposals("compatible")),
        (Names{
            "nopfs-esp-3des-sha", "nopfs-esp-3des-md5", "nopfs-esp-des-sha", "nopfs-esp-des-md5"}));
}

// Covers QM-08.
TEST(Phase2Sets, BasicIsDesWithoutPfs)
{
    EXPECT_EQ(Texts(ParsePhase2Proposals("basic")),
              (Names{"nopfs-esp-des-sha", "nopfs-esp-des-md5"}));
}

// Covers P1-13.
TEST(ProposalList, CustomProposalsStandAloneAndInLists)
{
    EXPECT_EQ(Texts(ParsePhase1Proposals("pre-g14-aes256-sha256")),
              (Names{"pre-g14-aes256-sha256"}));
    EXPECT_EQ(Texts(ParsePhase1Proposals("pre-g14-aes256-sha256,pre-g5-3des-md5")),
              (Names{"pre-g14-aes256-sha256", "pre-g5-3des-md5"}));
}

TEST(ProposalList, CommasAndBlanksSeparateAndMayRepeat)
{
    EXPECT_EQ(Texts(ParsePhase2Proposals("  nopfs-ah-md5 ,\tg2-ah-sha,,nopfs-esp-null-md5 ")),
              (Names{"nopfs-ah-md5", "g2-ah-sha", "nopfs-esp-null-md5"}));
}

// Covers P1-09.
TEST(ProposalList, Phase1TakesOneToFour)
{
    std::string text;
    size_t count = 0;
    for (const char* hash : {"md5", "sha", "sha256", "sha384"})
    {
        text += std::string(" pre-g2-des-") + hash;
        EXPECT_EQ(ParsePhase1Proposals(text).size(), ++count);
    }
}

// Covers P1-09.
TEST(ProposalList, FifthPhase1ProposalIsRefused)
{
    const std::string five =
        "pre-g1-des-md5 pre-g2-des-md5 pre-g5-des-md5 pre-g14-des-md5 pre-g15-des-md5";
    EXPECT_EQ(ListRefusal1(five), "proposals '" + five + "' are 5; at most 4 are allowed");
}

// Covers QM-05.
TEST(ProposalList, Phase2TakesFourAndRefusesTheFifth)
{
    const std::string four = "nopfs-ah-md5 nopfs-ah-sha nopfs-ah-sha256 nopfs-ah-sha384";
    EXPECT_EQ(ParsePhase2Proposals(four).size(), 4u);
    EXPECT_EQ(ListRefusal2(four + " nopfs-ah-sha512"),
              "proposals '" + four + " nopfs-ah-sha512' are 5; at most 4 are allowed");
}

TEST(ProposalList, EmptyListIsRefused)
{
    for (const char* text : {"", " ", ",", " ,\t"})
    {
        EXPECT_EQ(ListRefusal1(text),
                  "there is no proposal; write one to 4, or one of standard, compatible, basic");
    }
}

TEST(ProposalList, TheSameProposalTwiceIsRefused)
{
    EXPECT_EQ(ListRefusal1("pre-g2-des-md5, pre-g1-des-md5, pre-g2-des-md5"),
              "proposal 'pre-g2-des-md5' is there twice");
    EXPECT_EQ(ListRefusal2("nopfs-ah-md5+esp-des-sha nopfs-esp-des-sha+ah-md5"),
              "proposal 'nopfs-esp-des-sha+ah-md5' is there twice");
}

TEST(ProposalList, SetNextToAnotherEntryIsRefused)
{
    EXPECT_EQ(
        ListRefusal1("standard, pre-g1-des-md5"),
        "proposals 'standard, pre-g1-des-md5': the set 'standard' stands alone or not at all");
    EXPECT_EQ(ListRefusal2("nopfs-ah-md5 basic"),
              "proposals 'nopfs-ah-md5 basic': the set 'basic' stands alone or not at all");
    EXPECT_EQ(ListRefusal1("basic basic"),
              "proposals 'basic basic': the set 'basic' stands alone or not at all");
}

TEST(ProposalList, OneWrongEntryRefusesTheList)
{
    EXPECT_THROW(ParsePhase1Proposals("pre-g2-des-md5 nopfs-ah-md5"), std::invalid_argument);
    EXPECT_THROW(ParsePhase2Proposals("nopfs-ah-md5 pre-g2-des-md5"), std::invalid_argument);
    EXPECT_THROW(ParsePhase1Proposals("Standard"), std::invalid_argument);
}

TEST(ProposalEquality, EveryFieldOfPhase1Counts)
{
    const Phase1Proposal base = Phase1Proposal::Parse("pre-g2-des-md5");
    EXPECT_EQ(base, Phase1Proposal::Parse("pre-g2-des-md5"));
    for (const char* other :
         {"rsa-g2-des-md5", "pre-g1-des-md5", "pre-g2-3des-md5", "pre-g2-des-sha"})
    {
        EXPECT_NE(base, Phase1Proposal::Parse(other)) << other;
    }
}

TEST(ProposalEquality, EveryFieldOfPhase2Counts)
{
    const Phase2Proposal base = Phase2Proposal::Parse("g2-ah-md5+esp-des-md5");
    EXPECT_EQ(base, Phase2Proposal::Parse("g2-ah-md5+esp-des-md5"));
    for (const char* other : {"nopfs-ah-md5+esp-des-md5",
                              "g1-ah-md5+esp-des-md5",
                              "g2-ah-sha+esp-des-md5",
                              "g2-ah-md5+esp-3des-md5",
                              "g2-ah-md5+esp-des-sha",
                              "g2-ah-md5",
                              "g2-esp-des-md5"})
    {
        EXPECT_NE(base, Phase2Proposal::Parse(other)) << other;
    }
}

TEST(WeakProposals, DesMd5AndTheFirstTwoGroupsAreWeak)
{
    for (const char* weak :
         {"pre-g14-des-sha", "pre-g14-aes128-md5", "pre-g1-aes128-sha", "pre-g2-aes128-sha"})
    {
        EXPECT_TRUE(IsWeak(Phase1Proposal::Parse(weak))) << weak;
    }
    for (const char* weak : {"g1-ah-sha",
                             "g2-ah-sha",
                             "nopfs-ah-md5",
                             "nopfs-esp-des-sha",
                             "nopfs-esp-aes128-md5",
                             "nopfs-ah-md5+esp-aes128-sha"})
    {
        EXPECT_TRUE(IsWeak(Phase2Proposal::Parse(weak))) << weak;
    }
}

TEST(WeakProposals, SayWhatIsWeak)
{
    EXPECT_EQ(WeakParts(Phase1Proposal::Parse("pre-g1-des-md5")), "DES, MD5, group 1");
    EXPECT_EQ(WeakParts(Phase1Proposal::Parse("pre-g2-aes128-sha")), "group 2");
    EXPECT_EQ(WeakParts(Phase2Proposal::Parse("nopfs-esp-des-md5")), "DES, MD5");
    EXPECT_EQ(WeakParts(Phase2Proposal::Parse("g14-ah-md5+esp-aes128-sha")), "MD5");
    EXPECT_EQ(WeakParts(Phase2Proposal::Parse("nopfs-esp-3des-sha")), "");
}

TEST(WeakProposals, OthersAreNot)
{
    EXPECT_FALSE(IsWeak(Phase1Proposal::Parse("pre-g5-3des-sha")));
    EXPECT_FALSE(IsWeak(Phase1Proposal::Parse("pre-g19-aes256-sha512")));
    EXPECT_FALSE(IsWeak(Phase2Proposal::Parse("nopfs-esp-3des-sha")));
    EXPECT_FALSE(IsWeak(Phase2Proposal::Parse("g14-ah-sha256+esp-null-sha256")));
}

} // namespace ipsec
} // namespace ns3
