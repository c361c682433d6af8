// SPDX-License-Identifier: GPL-2.0-only
// Dictionary attacks on pre-shared keys, with octets of the wire only.
#include "folder-test.h"
#include "recorded-handshake.h"
#include "thrown-sentence.h"

#include "ns3/ipsec-ike-capture.h"
#include "ns3/ipsec-mode-lab-attack.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

namespace fs = std::filesystem;

const std::vector<std::string> WORDS{"aardvark", "butterfly", "hippopotamus", "zebra"};

Scenario
LabScenarioWith(const std::vector<std::string>& changes)
{
    return ReadScenario(std::string(IPSEC_SCENARIOS) + "/main-vs-aggressive.ini", changes);
}

class PskAttack : public FolderTest
{
  protected:
    /// Runs the scenario and returns the messages of IKE that a gateway's link carried.
    std::vector<Octets>
    Capture(const std::string& gateway, const std::vector<std::string>& changes = {}) const
    {
        RunOptions options;
        options.pcapFolder = m_folder.string();
        RunScenario(LabScenarioWith(changes), options);
        return ReadIkeCapture((m_folder / (gateway + "-internet.pcap")).string());
    }

    /// Tries the words on what an impostor in main mode got.
    ModeAttack
    AttackMainMode(const std::string& key, const std::vector<std::string>& changes = {}) const
    {
        Scenario scenario = LabScenarioWith(changes);
        SetPreSharedKey(scenario, "slow", key);
        return AttackWithWords(
            Phase1Mode::Main, key, RunImpostor(scenario, "slow", m_folder.string()), WORDS, 0);
    }
};

TEST_F(PskAttack, ListenerFindsAWordThatIsTheKeyOfAggressiveMode)
{
    const auto proof =
        FindAggressiveProof(Capture("fast-b", {"tunnel.fast.pre-shared-key=butterfly"}));
    ASSERT_TRUE(proof);
    const ModeAttack attack = AttackWithWords(Phase1Mode::Aggressive, "butterfly", proof, WORDS, 0);
    EXPECT_EQ(attack.words.found, "butterfly");
    EXPECT_EQ(attack.words.tried, 2u);
}

TEST_F(PskAttack, ListenerFindsNoneOfTheWordsIfTheKeyIsAnotherOne)
{
    const auto proof = FindAggressiveProof(Capture("fast-b"));
    ASSERT_TRUE(proof);
    const ModeAttack attack = AttackWithWords(Phase1Mode::Aggressive, "", proof, WORDS, 0);
    EXPECT_FALSE(attack.words.found);
    EXPECT_EQ(attack.words.tried, WORDS.size());
    EXPECT_TRUE(proof->Fits(AsOctets("a-key-for-the-fast-pair")));
    EXPECT_FALSE(proof->Fits(AsOctets("a-key-for-the-slow-pair")));
}

TEST_F(PskAttack, ListenerGetsNothingToTryOfMainMode)
{
    const std::vector<Octets> captured = Capture("slow-b");
    EXPECT_GE(captured.size(), 9u);
    EXPECT_FALSE(FindAggressiveProof(captured));
}

TEST_F(PskAttack, ListenerGetsNothingToTryOfSignatures)
{
    EXPECT_FALSE(FindAggressiveProof(Capture("fast-b", {"tunnel.fast.auth=rsa"})));
}

TEST_F(PskAttack, ListenerGetsNothingToTryOfHiddenNonces)
{
    EXPECT_FALSE(FindAggressiveProof(Capture("fast-b", {"tunnel.fast.auth=rsaenc"})));
}

TEST_F(PskAttack, EveryHashAndCipherOfBothModesIsAttacked)
{
    for (const char* proposal :
         {"pre-g1-des-md5", "pre-g2-3des-sha", "pre-g5-aes192-sha384", "pre-g19-aes256-sha512"})
    {
        const std::string proposals = std::string("phase1-proposals=") + proposal;
        const auto proof = FindAggressiveProof(
            Capture("fast-b", {"tunnel.fast." + proposals, "tunnel.fast.pre-shared-key=zebra"}));
        ASSERT_TRUE(proof) << proposal;
        EXPECT_EQ(TryWords(WORDS, [&](OctetView guess) { return proof->Fits(guess); }).found,
                  "zebra")
            << proposal;
        EXPECT_EQ(AttackMainMode("zebra", {"tunnel.slow." + proposals}).words.found, "zebra")
            << proposal;
    }
}

TEST_F(PskAttack, ImpostorFindsAWordThatIsTheKeyOfMainMode)
{
    const ModeAttack attack = AttackMainMode("butterfly");
    EXPECT_TRUE(attack.hasProof);
    EXPECT_EQ(attack.words.found, "butterfly");
    EXPECT_EQ(attack.words.tried, 2u);
    // What it got came over its victim's link.
    const auto wire = ReadIkeCapture((m_folder / "slow-a-internet.pcap").string());
    ASSERT_GE(wire.size(), 5u);
    EXPECT_TRUE(ParseIsakmpHeader(wire[4])->IsEncrypted());
}

TEST_F(PskAttack, ImpostorFindsNoneOfTheWordsIfTheKeyIsAnotherOne)
{
    const ModeAttack attack = AttackMainMode("butterflies");
    EXPECT_TRUE(attack.hasProof);
    EXPECT_FALSE(attack.words.found);
}

TEST_F(PskAttack, ImpostorStandsLoss)
{
    EXPECT_EQ(AttackMainMode("butterfly", {"internet.loss=20%"}).words.found, "butterfly");
}

TEST_F(PskAttack, ImpostorGetsNothingWhereThereIsNoPreSharedKey)
{
    EXPECT_FALSE(AttackMainMode("butterfly", {"tunnel.slow.auth=rsa"}).hasProof);
}

TEST_F(PskAttack, RunAfterThatOfAnImpostorKnowsNothingOfHim)
{
    const Scenario scenario = LabScenarioWith({});
    EXPECT_TRUE(RunImpostor(scenario, "slow", ""));
    EXPECT_TRUE(RunScenario(scenario).TunnelUpAt("slow"));
}

/// Reads the datagrams that two real strongSwans exchanged.
std::vector<Octets>
Recorded(const RecordedHandshake& handshake)
{
    std::vector<Octets> datagrams;
    for (const RecordedMessage& message : handshake.messages)
    {
        datagrams.push_back(message.Datagram());
    }
    return datagrams;
}

TEST(PskAttackOnRealPeers, KeyOfARecordedAggressiveModeIsFound)
{
    const auto handshake = RecordedHandshake::Read("live/psk-aggr-fqdn-aes128-sha1-modp2048.txt");
    const auto proof = FindAggressiveProof(Recorded(handshake));
    ASSERT_TRUE(proof);
    EXPECT_TRUE(proof->Fits(AsOctets(handshake.preSharedKey)));
    EXPECT_FALSE(proof->Fits(AsOctets("zebra")));
}

TEST(PskAttackOnRealPeers, ItIsTheRespondersKeyThatItsAnswerGivesAway)
{
    const auto handshake = RecordedHandshake::Read("live/fail-psk-mismatch-aggr.txt");
    const auto proof = FindAggressiveProof(Recorded(handshake));
    ASSERT_TRUE(proof);
    EXPECT_TRUE(proof->Fits(AsOctets(handshake.preSharedKeyOfResponder)));
    EXPECT_FALSE(proof->Fits(AsOctets(handshake.preSharedKey)));
}

TEST(PskAttackOnRealPeers, WhoHasTheSecretOfARecordedMainModeOpensItsFifthMessage)
{
    const auto handshake =
        RecordedHandshake::Read("live/psk-main-aes256-sha256-modp2048-aes256-sha256-pfs2048.txt");
    const RecordedPhase1& p = handshake.phase1;
    const Octets& fifth = handshake.messages[4].Datagram();
    MainModeProof proof;
    proof.ground = {p.hash, p.cookieI, p.cookieR, p.gxi, p.gxr, p.ni, p.nr, p.saI};
    proof.cipher = p.cipher;
    proof.gxy = SecretBytes(p.gxy);
    proof.firstPayload = ParseIsakmpHeader(fifth)->nextPayload;
    proof.ciphertext = OctetView(fifth).From(ISAKMP_HEADER_OCTETS).Copy();
    EXPECT_TRUE(proof.Fits(AsOctets(handshake.preSharedKey)));
    EXPECT_FALSE(proof.Fits(AsOctets("zebra")));
}

TEST_F(PskAttack, WordListIsReadByLines)
{
    EXPECT_EQ(ReadWordList(Write("words", "zebra\r\n\ntwo words\nlast")),
              (std::vector<std::string>{"zebra", "two words", "last"}));
}

TEST_F(PskAttack, MissingOrEmptyWordListSaysWhatToDo)
{
    EXPECT_EQ(ThrownSentence([] { ReadWordList("/nowhere/words"); }),
              "word list /nowhere/words cannot be read: No such file or directory; install "
              "Debian's package wamerican, or give --words FILE");
    const std::string empty = Write("empty", "\n\n");
    EXPECT_EQ(ThrownSentence([&] { ReadWordList(empty); }),
              "word list " + empty + " has no word; allowed: a text file with a word on each line");
}

TEST_F(PskAttack, WhatIsNoCaptureIsRefused)
{
    const std::string text = Write("text", "zebra\n");
    EXPECT_EQ(ThrownSentence([&] { ReadIkeCapture(text); }),
              "capture " + text + " cannot be read; allowed: a file in the format of pcap");
}

TEST(GuessRate, IsMeasured)
{
    size_t guesses = 0;
    const double rate = MeasureGuessRate(
        WORDS,
        [&](OctetView)
        {
            guesses++;
            return false;
        },
        0.01);
    EXPECT_GE(rate * 0.01, 1);
    EXPECT_LE(rate * 0.01, static_cast<double>(guesses));
}

TEST(KeyKinds, StrongerOnesComeLaterAndTakeLonger)
{
    const std::vector<KeyKindRow> rows = KeyKinds(104334);
    for (size_t i = 1; i < rows.size(); i++)
    {
        EXPECT_GT(rows[i].SecondsAt(1000), rows[i - 1].SecondsAt(1000)) << rows[i].what;
    }
    EXPECT_DOUBLE_EQ(rows.front().SecondsAt(1000), 52.167);
}

TEST(LongTimes, HaveUnitsForPeople)
{
    EXPECT_EQ(LongTimeText(0.0032), "3.2 ms");
    EXPECT_EQ(LongTimeText(59), "59 s");
    EXPECT_EQ(LongTimeText(90), "1.5 min");
    EXPECT_EQ(LongTimeText(86400 * 30), "30 days");
    EXPECT_EQ(LongTimeText(31557600e9), "1.0e+09 years");
}

} // namespace
} // namespace ipsec
} // namespace ns3
