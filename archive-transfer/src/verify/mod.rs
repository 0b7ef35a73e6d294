//! Judging a package: is it whole, unchanged, readable, safe?
//!
//! [`verify`] reads every file of a package once, on all cores, without unpacking, and answers the way
//! DA/T 70-2018 asks: by four properties, each test with its code. What a machine can't judge is marked
//! for a person. A folder and a zip of it get the same report, because everything here works on a
//! [`Tree`].

mod bag;
mod checks;
mod csip;
mod documents;
mod eep;
mod finder;
mod formats;
mod inspect;
mod journal;
mod ledger;
mod manifest;
mod metadata;
mod national;
mod own;
mod reading;
mod rows;
mod scope;
mod seen;

use std::io;
use std::path::{Path, PathBuf};

use archive_core::finding::{Finding, Severity};
use archive_core::text;
use archive_core::text::Text;
use serde::Serialize;

use crate::findings::Findings;
use crate::progress::Report;
use crate::said::said;
use crate::tree::{Tree, TreeError};
use journal::Journal;
use ledger::Ledger;
use scope::Scope;

pub use checks::{Check, CheckResult, Property};
pub use scope::NoSuchVolume;

/// What kind of package it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A BagIt bag.
    Bag,
    /// An E-ARK CSIP package: METS.xml and representations.
    Csip,
    /// A DA/T 48 encapsulation (EEP).
    Eep,
    /// The carrier layout of 档发〔2012〕7号.
    Carrier2012,
    /// The layout of DA/T 93-2022.
    Dat93,
    /// With our own records, which [`receive`](crate::receive) takes in.
    Archive,
}

impl Kind {
    /// Its name, in both languages.
    pub const fn word(self) -> Text {
        match self {
            Self::Bag => Text::fixed("BagIt 包", "BagIt bag"),
            Self::Csip => Text::fixed("E-ARK CSIP 信息包", "E-ARK CSIP package"),
            Self::Eep => Text::fixed("EEP 封装（DA/T 48）", "EEP encapsulation (DA/T 48)"),
            Self::Carrier2012 => Text::fixed("载体目录结构（档发〔2012〕7号）", "carrier layout of 2012"),
            Self::Dat93 => Text::fixed("DA/T 93 信息包", "DA/T 93 package"),
            Self::Archive => Text::fixed("本程序的移交包", "package of this program"),
        }
    }
}

/// What a package is and holds, as far as it could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// The kinds it answers to; usually several.
    pub kinds: Vec<Kind>,
    /// The BagIt version, if it is a bag.
    pub bagit_version: Option<String>,
    /// The fields of bag-info.txt, in order.
    pub bag_info: Vec<(String, String)>,
    /// Which of several packages it is, if it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// Files in it.
    pub files: u64,
    /// Their length together.
    pub bytes: u64,
    /// Files whose digest was compared.
    pub files_compared: u64,
    /// Items its lists name.
    pub items: u64,
    /// The volume that was read, where only one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<String>,
    /// Files an interrupted run had read before, which were not read again.
    pub resumed_files: u64,
    /// Their length together.
    pub resumed_bytes: u64,
}

/// One of several bags that make up a transfer (RFC 8493: Bag-Group-Identifier, Bag-Count).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Group {
    /// What the bags share; empty if the bag doesn't say.
    pub id: String,
    /// Which one, from 1.
    pub number: u32,
    /// Of how many; `None` where the sender didn't know yet (`?`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<u32>,
}

impl Group {
    /// Reads the fields of bag-info.txt; the error is what Bag-Count says and can't.
    ///
    /// # Errors
    /// When Bag-Count isn't `n of m` with n at most m.
    pub fn of_info(info: &[(String, String)]) -> Result<Option<Self>, String> {
        let field = |name: &str| {
            info.iter().find(|(label, _)| label.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
        };
        let Some(count) = field("Bag-Count") else { return Ok(None) };
        let read = || {
            let (number, of) = count.split_once(" of ")?;
            let number: u32 = number.trim().parse().ok()?;
            let of: Option<u32> = match of.trim() {
                "?" => None,
                of => Some(of.parse().ok()?),
            };
            (number > 0 && of.is_none_or(|of| number <= of)).then_some((number, of))
        };
        let (number, of) = read().ok_or_else(|| count.to_owned())?;
        Ok(Some(Self { id: field("Bag-Group-Identifier").unwrap_or_default().to_owned(), number, of }))
    }
}

impl Facts {
    fn add(&mut self, kind: Kind) {
        if let Err(at) = self.kinds.binary_search(&kind) {
            self.kinds.insert(at, kind);
        }
    }
}

/// The verdict on a package.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verification {
    /// Whether nothing at error level was found.
    pub valid: bool,
    /// The tests of DA/T 70, in the order of their codes.
    pub checks: Vec<Check>,
    /// Everything seen, sorted.
    pub findings: Vec<Finding>,
    /// What it is.
    pub facts: Facts,
}

/// What to verify, and how.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Only this volume, by its archival code: what frames the package, and its files.
    pub only: Option<String>,
    /// Where to take down what was read, so that an interrupted run goes on; outside the package.
    pub journal: Option<JournalAt>,
}

/// Where a journal is kept, and when.
#[derive(Debug, Clone)]
pub struct JournalAt {
    /// The file.
    pub path: PathBuf,
    /// How many bytes must have been read before it is begun: a small package is read again as fast.
    pub least: u64,
}

/// Why there is no verdict.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// There is no such volume in it.
    #[error("there is no volume {} in the package", .0.wanted)]
    NoSuchVolume(NoSuchVolume),
    /// The journal can't be kept where it was asked for.
    #[error("the journal {path} can't be kept: {source}")]
    Journal {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
}

impl VerifyError {
    /// The sentence for people.
    pub fn message(&self) -> Text {
        match self {
            Self::NoSuchVolume(none) => none.message(),
            Self::Journal { path, source } => {
                let Text { zh, en } = said(source);
                Text::new(
                    format!("核对进度文件 {path} 无法使用：{zh}"),
                    format!("the journal {path} can't be kept: {en}"),
                )
            }
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Text {
        match self {
            Self::NoSuchVolume(none) => none.help(),
            Self::Journal { .. } => {
                Text::fixed("请换一个可以写入的位置", "name a place that can be written to")
            }
        }
    }
}

/// Verifies the folder, zip or encapsulation at `path`, all of it.
///
/// # Errors
/// Only when there is nothing to judge: no such path, no package, unreadable. A package that is damaged,
/// hostile or of no known kind is a [`Verification`] that isn't valid.
pub fn verify(path: &Path, report: Report<'_>) -> Result<Verification, TreeError> {
    Ok(verify_tree(&Tree::open(path)?, report))
}

/// Verifies an opened package, all of it.
pub fn verify_tree(tree: &Tree, report: Report<'_>) -> Verification {
    judged(tree, &Scope::default(), &Journal::default(), report)
}

/// Verifies an opened package with options.
///
/// # Errors
/// Where there is no such volume, and where no journal can be kept.
pub fn verify_with(tree: &Tree, options: &Options, report: Report<'_>) -> Result<Verification, VerifyError> {
    let scope = Scope::of(tree, options.only.as_deref()).map_err(VerifyError::NoSuchVolume)?;
    let Some(JournalAt { path: at, least }) = &options.journal else {
        return Ok(judged(tree, &scope, &Journal::default(), report));
    };
    let failed = |source| VerifyError::Journal { path: at.display().to_string(), source };
    let journal = Journal::open(at, tree, *least).map_err(failed)?;
    let verification = judged(tree, &scope, &journal, report);
    journal.done().map_err(failed)?;
    Ok(verification)
}

/// The most findings that are named one by one.
const MAX_FINDINGS: usize = 250_000;

fn judged(tree: &Tree, scope: &Scope, journal: &Journal, report: Report<'_>) -> Verification {
    let mut findings = Findings::new(MAX_FINDINGS);
    findings.extend(tree.faults().iter().cloned());
    let container_safe = findings.errors() == 0;
    let mut facts = Facts {
        files: tree.entries().len() as u64,
        bytes: tree.entries().iter().map(|entry| entry.bytes).sum(),
        only: scope.only().map(str::to_owned),
        ..Facts::default()
    };
    let mut results = checks::Results::default();
    let mut ledger = Ledger::new(tree);
    results.judge("1-13", container_safe, Text::fixed("路径和目录结构安全", "paths and layout are safe"));
    let bag = bag::BagFiles::read(tree, &mut findings);
    let package = inspect::Package { tree, bag: bag.as_ref(), scope, journal };
    let inspected = inspect::all(&package, &mut ledger, &mut findings, &mut facts, report);
    (facts.resumed_files, facts.resumed_bytes) = inspected.resumed;
    let seen = inspected.seen;
    if let Some(bag) = &bag {
        facts.add(Kind::Bag);
        bag.compare(tree, &seen, &mut ledger, &mut findings, &mut facts, &mut results);
    }
    inspect::judge(tree, &seen, &mut findings, &mut results);
    inspected.csip.judge(&seen, &mut ledger, &mut findings, &mut facts, &mut results);
    inspected.lists.judge(&mut ledger, &mut findings, &mut results);
    inspected.encapsulations.judge(&seen, &mut ledger, &mut facts, &mut results);
    own::judge(tree, &seen, &mut ledger, &mut findings, &mut facts, &mut results);
    formats::judge(tree, &seen, &mut findings, &mut results);
    if facts.kinds.is_empty() {
        findings.push(unknown_kind(tree));
    } else if !facts.kinds.contains(&Kind::Bag)
        && let Some(inside) = package_inside(tree, &["bagit.txt"])
    {
        findings.push(one_further_down(&inside));
    }
    facts.files_compared = ledger.compared() as u64;
    ledger.conclude(scope, &mut findings, &mut results);
    Verification { valid: findings.errors() == 0, checks: results.table(), findings: findings.told(), facts }
}

fn unknown_kind(tree: &Tree) -> Finding {
    crate::tree::fault(
        "bagit.txt",
        Text::fixed(
            "不是可识别的移交包：没有 bagit.txt、METS.xml、说明文件或 EEP 封装",
            "no known kind of package: there is no bagit.txt, METS.xml, 说明文件 or EEP",
        ),
    )
    .with_help(match package_inside(tree, &["bagit.txt", "METS.xml", crate::layout::EXPLANATION]) {
        Some(inside) => name_it(&inside),
        None => Text::fixed("请确认选对了文件夹或 zip", "make sure that this is the right folder or zip"),
    })
}

/// A bag lies in a folder of what was looked at: the whole was judged, and the bag wasn't.
fn one_further_down(inside: &str) -> Finding {
    let said =
        Text::fixed("这里有一个移交包，没有按移交包核对", "a package lies here, and was not judged as one");
    crate::tree::fault(inside, said).at(Severity::Warning).with_help(name_it(inside))
}

fn name_it(inside: &str) -> Text {
    text!(
        "{inside} 像是移交包：请指明这一级文件夹（zip 请从这一级起压缩）",
        "{inside} looks like a package: name that folder (of a zip, pack from there)"
    )
}

/// The first folder further down that has what a package begins with.
fn package_inside(tree: &Tree, marks: &[&str]) -> Option<String> {
    tree.entries().iter().find_map(|entry| {
        let (folder, name) = entry.path.rsplit_once('/')?;
        marks.contains(&name).then(|| folder.to_owned())
    })
}
