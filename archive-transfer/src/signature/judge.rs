//! Judging a signature: does it hold, does it speak of this package, and whose key is it?

use std::io;
use std::path::Path;

use archive_core::finding::{self, Counts, Finding, Severity};
use archive_core::text;
use archive_core::text::Text;
use chrono::NaiveDate;

use super::key::PublicKey;
use super::statement::Statement;
use super::{Paper, SIGNED, read, tag_manifest_digests};
use crate::digest::Algorithm;
use crate::receipt::Receipt;
use crate::said::said;
use crate::tree::{Tree, fault};
use crate::verify::{CheckResult, Verification};

/// A key whose owner people have made sure of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedKey {
    /// Whose it is: the office's name.
    pub name: String,
    /// The key.
    pub key: PublicKey,
}

/// The keys that count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// The keys.
    pub keys: Vec<TrustedKey>,
    /// Whether one of them must have signed, as when a person names the key.
    pub required: bool,
}

impl Trust {
    fn name_of(&self, key: &PublicKey) -> Option<&str> {
        self.keys.iter().find(|trusted| trusted.key == *key).map(|trusted| trusted.name.as_str())
    }

    fn knows(&self, office: &str) -> bool {
        self.keys.iter().any(|trusted| trusted.name == office)
    }
}

/// Whose signature it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// There is none.
    Unsigned,
    /// It holds, and the key is kept as somebody's.
    Known,
    /// It holds, but nobody here knows the key.
    Unknown,
    /// It doesn't hold, or is somebody else's.
    Refused,
}

/// What is to be said of a signature.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Whose it is.
    pub standing: Standing,
    /// The office that signed, as the text says.
    pub office: String,
    /// The person.
    pub signer: String,
    /// The day.
    pub signed_on: Option<NaiveDate>,
    /// The fingerprint of the key.
    pub fingerprint: String,
    /// What is wrong, or must be looked at.
    pub findings: Vec<Finding>,
}

impl Judgement {
    fn unsigned() -> Self {
        Self {
            standing: Standing::Unsigned,
            office: String::new(),
            signer: String::new(),
            signed_on: None,
            fingerprint: String::new(),
            findings: Vec::new(),
        }
    }

    fn refused(path: &Path, said: Text, help: Text) -> Self {
        let mut judged = Self { standing: Standing::Refused, ..Self::unsigned() };
        judged.find(path, said, help);
        judged
    }

    fn find(&mut self, path: &Path, said: Text, help: Text) {
        self.standing = Standing::Refused;
        self.findings.push(fault(shown(path), said).at(Severity::Error).with_help(help));
    }

    /// The signature in a sentence, as test 1-1 of DA/T 70 tells it.
    pub fn summary(&self) -> Text {
        let (office, signer) = (&self.office, &self.signer);
        let key = self.fingerprint.get(..16).unwrap_or_default();
        let (day_zh, day_en) = self.signed_on.map_or_else(Default::default, |day| {
            (day.format("%Y年%-m月%-d日").to_string(), day.format("%Y-%m-%d").to_string())
        });
        match self.standing {
            Standing::Unsigned => Text::fixed("没有电子签名", "no electronic signature"),
            Standing::Known => text!(
                "签名有效：{office} {signer}，{day_zh}",
                "the signature holds: {signer} of {office}, {day_en}"
            ),
            Standing::Unknown => text!(
                "签名有效，但公钥 {key}… 未经核对：{office} {signer}，{day_zh}",
                "the signature holds, but nobody has made sure of the key {key}…: {signer} of {office}, {day_en}"
            ),
            Standing::Refused => Text::fixed("签名无效", "the signature doesn't hold"),
        }
    }

    /// Enters the signature into the report on a package: test 1-1 speaks of it.
    pub fn enter(&self, verification: &mut Verification) {
        for check in verification.checks.iter_mut().filter(|check| check.code == "YJ-1-1") {
            let Text { zh, en } = self.summary();
            check.detail =
                Text::new(format!("{}；{zh}", check.detail.zh), format!("{}; {en}", check.detail.en));
            if Counts::of(&self.findings).error > 0 {
                check.result = CheckResult::Fail;
            }
        }
        verification.findings.extend(self.findings.iter().cloned());
        finding::sort(&mut verification.findings);
        verification.findings.dedup();
        verification.valid = Counts::of(&verification.findings).error == 0;
    }
}

fn shown(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Judges the sender's signature on the package at `path`, which was opened as `tree` and says that `office`
/// made it.
pub fn judge_package(path: &Path, tree: &Tree, office: &str, trust: &Trust) -> Judgement {
    let paths = Paper::HandOver.paths(path);
    let (text, mut judged, key) = match holds(&paths, Paper::HandOver, office, trust) {
        Ok(held) => held,
        Err(judged) => return judged,
    };
    let said = std::str::from_utf8(&text)
        .map_err(|_| Text::fixed("不是 UTF-8 文本", "it is no UTF-8 text"))
        .and_then(Statement::from_text);
    let again = Text::fixed("请移交方重新签名", "ask the sender to sign again");
    let statement = match said {
        Ok(statement) => statement,
        Err(said) => return Judgement::refused(&paths[0], said, again),
    };
    let digests = tag_manifest_digests(tree).unwrap_or_default();
    let same = |algorithm, expected: &String| digests.get(&algorithm) == Some(expected);
    if !same(Algorithm::Sha256, &statement.sha256) || !same(Algorithm::Sm3, &statement.sm3) {
        judged.find(
            Path::new(SIGNED),
            Text::fixed(
                "与签名时不同：移交包在签名后被改动，或签的是另一个包",
                "it isn't what was signed: the package was changed afterwards, or another one was signed",
            ),
            Text::fixed(
                "请移交方核对后重新制包、签名",
                "ask the sender to look into it, build and sign again",
            ),
        );
    }
    if statement.fingerprint != key.fingerprint() || statement.scheme != key.scheme() {
        let said = Text::fixed("不是签名文件所说的公钥", "it isn't the key the statement names");
        judged.find(&paths[2], said, again);
    }
    let Statement { sender, signer, signed_on, .. } = statement;
    judged.signed(sender, signer, Some(signed_on), &key, trust, &paths[2]);
    judged
}

/// Judges the receiver's signature on the receipt of the package at `path`.
///
/// The receipt stands where [`Paper::Receipt`] has it, or at `given` with its signature beside.
pub fn judge_receipt(path: &Path, given: Option<&Path>, receipt: &Receipt, trust: &Trust) -> Judgement {
    let paths = match given {
        None => Paper::Receipt.paths(path),
        Some(given) => [given.to_owned(), given.with_extension("sig"), given.with_extension("pem")],
    };
    let reception = &receipt.reception;
    let (_, mut judged, key) = match holds(&paths, Paper::Receipt, &reception.archives, trust) {
        Ok(held) => held,
        Err(judged) => return judged,
    };
    let (office, signer) = (reception.archives.clone(), reception.received_by.clone());
    judged.signed(office, signer, Some(reception.received_on), &key, trust, &paths[2]);
    judged
}

/// The signed text and the key, if the signature holds.
fn holds(
    [text, signature, key]: &[std::path::PathBuf; 3],
    paper: Paper,
    office: &str,
    trust: &Trust,
) -> Result<(Vec<u8>, Judgement, PublicKey), Judgement> {
    let there = |path: &Path| path.symlink_metadata().is_ok();
    // A receipt may well be unsigned; a statement is made for nothing else.
    let begun = there(signature) || there(key) || (paper == Paper::HandOver && there(text));
    if !begun {
        return Err(unsigned(signature, office, trust));
    }
    let again =
        || Text::fixed("请签名方重新签名并一并送来", "ask for a new signature, all its files together");
    let fetch = |path: &Path| {
        read(path).map_err(|error: io::Error| {
            let Text { zh, en } = said(&error);
            let said =
                text!("签名不完整，无法读取：{zh}", "the signature isn't whole, this can't be read: {en}");
            Judgement::refused(path, said, again())
        })
    };
    let (bytes, signed, pem) = (fetch(text)?, fetch(signature)?, fetch(key)?);
    let public = std::str::from_utf8(&pem).ok().and_then(|pem| PublicKey::from_pem(pem).ok());
    let Some(public) = public else {
        return Err(Judgement::refused(key, super::KeyError.message(), again()));
    };
    if !public.verifies(&bytes, &signed) {
        let changed = shown(text);
        let said = text!(
            "签名不符：{changed} 在签名后被改动，或签名不是这把钥匙作的",
            "the signature doesn't fit: {changed} was changed afterwards, or another key made it"
        );
        return Err(Judgement::refused(signature, said, again()));
    }
    Ok((bytes, Judgement::unsigned(), public))
}

/// Nothing is signed: a fault where a key was named, worth a remark where the office's key is kept.
fn unsigned(signature: &Path, office: &str, trust: &Trust) -> Judgement {
    let said = Text::fixed("没有电子签名", "there is no electronic signature");
    let help = Text::fixed("请对方签名，或凭纸质签字盖章", "ask for it, or go by the signatures on paper");
    let mut judged = Judgement::unsigned();
    if trust.required {
        return Judgement::refused(signature, said, help);
    }
    if trust.knows(office) {
        judged.findings.push(fault(shown(signature), said).at(Severity::Warning).with_help(help));
    }
    judged
}

impl Judgement {
    /// Enters who signed, and what is known of the key.
    fn signed(
        &mut self,
        office: String,
        signer: String,
        on: Option<NaiveDate>,
        key: &PublicKey,
        trust: &Trust,
        key_path: &Path,
    ) {
        self.fingerprint = key.fingerprint();
        (self.office, self.signer, self.signed_on) = (office, signer, on);
        let kept = trust.name_of(key);
        let (office, fingerprint) = (self.office.clone(), self.fingerprint.clone());
        if kept.is_none() && (trust.required || trust.knows(&office)) {
            self.find(
                key_path,
                text!(
                    "签名用的不是{office}的公钥（其指纹为 {fingerprint}）",
                    "it isn't the key of {office} that signed (its fingerprint is {fingerprint})"
                ),
                Text::fixed(
                    "请向对方核实；确已换钥匙的，用 archive transfer key trust 存入新公钥",
                    "ask them; if their key is new, keep it with archive transfer key trust",
                ),
            );
        } else if let Some(name) = kept
            && !trust.required
            && name != office
        {
            let name = name.to_owned();
            self.find(
                key_path,
                text!(
                    "这是{name}的公钥，签名却署{office}",
                    "this is the key of {name}, but the signature names {office}"
                ),
                Text::fixed("请向双方核实", "ask both"),
            );
        }
        if self.standing == Standing::Refused {
            return;
        }
        if kept.is_some() {
            self.standing = Standing::Known;
            return;
        }
        self.standing = Standing::Unknown;
        self.findings.push(
            fault(
                shown(key_path),
                text!(
                    "签名有效，但没有核对过这是不是{office}的公钥，指纹 {fingerprint}",
                    "the signature holds, but nobody has made sure that this is the key of {office}: fingerprint {fingerprint}"
                ),
            )
            .at(Severity::Warning)
            .with_help(Text::fixed(
                "打电话核对指纹，相符后用 archive transfer key trust 存下",
                "compare the fingerprint by telephone, then keep the key with archive transfer key trust",
            )),
        );
    }
}
