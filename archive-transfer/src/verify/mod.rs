//! Judging a package: is it whole, unchanged, readable, safe?
//!
//! [`verify`] reads every file of a package once, on all cores, without unpacking, and answers the way
//! DA/T 70-2018 asks: by four properties, each test with its code. What a machine can't judge is marked
//! for a person. A folder and a zip of it get the same report, because everything here works on a
//! [`Tree`].

mod bag;
mod checks;
mod comparison;
mod csip;
mod documents;
mod eep;
mod formats;
mod inspect;
mod metadata;
mod national;
mod own;

use std::path::Path;

use archive_core::finding::{self, Counts, Finding};
use archive_core::text::Text;
use serde::Serialize;

use crate::progress::Report;
use crate::tree::{Tree, TreeError};

pub use checks::{Check, CheckResult, Property};

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

/// What a package is and holds, as far as it could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// The kinds it answers to; usually several.
    pub kinds: Vec<Kind>,
    /// The BagIt version, if it is a bag.
    pub bagit_version: Option<String>,
    /// The fields of bag-info.txt, in order.
    pub bag_info: Vec<(String, String)>,
    /// Files in it.
    pub files: u64,
    /// Their length together.
    pub bytes: u64,
    /// Files whose digest was compared.
    pub files_compared: u64,
    /// Items its lists name.
    pub items: u64,
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

/// Verifies the folder or zip at `path`.
///
/// # Errors
/// Only when there is nothing to judge: no such path, neither folder nor zip, unreadable. A package that
/// is damaged, hostile or of no known kind is a [`Verification`] that isn't valid.
pub fn verify(path: &Path, report: Report<'_>) -> Result<Verification, TreeError> {
    let tree = Tree::open(path)?;
    Ok(verify_tree(&tree, report))
}

/// Verifies an opened package.
pub fn verify_tree(tree: &Tree, report: Report<'_>) -> Verification {
    let mut findings = tree.faults().to_vec();
    let container_safe = Counts::of(&findings).error == 0;
    let mut facts = Facts {
        files: tree.entries().len() as u64,
        bytes: tree.entries().iter().map(|entry| entry.bytes).sum(),
        ..Facts::default()
    };
    let mut results = checks::Results::default();
    results.judge("1-13", container_safe, Text::fixed("路径和目录结构安全", "paths and layout are safe"));
    let bag = bag::BagFiles::read(tree, &mut findings);
    let seen = inspect::all(tree, bag.as_ref(), report);
    if let Some(bag) = &bag {
        facts.add(Kind::Bag);
        bag.compare(tree, &seen, &mut findings, &mut facts, &mut results);
    }
    inspect::judge(tree, &seen, &mut findings, &mut results);
    csip::judge(tree, &seen, bag.is_some(), &mut findings, &mut facts, &mut results);
    national::judge(tree, &seen, &mut findings, &mut facts, &mut results);
    eep::judge(tree, &seen, &mut findings, &mut facts, &mut results);
    own::judge(tree, &seen, &mut findings, &mut facts, &mut results);
    formats::judge(tree, &seen, &mut findings, &mut results);
    if facts.kinds.is_empty() {
        findings.push(unknown_kind());
    }
    finding::sort(&mut findings);
    findings.dedup();
    Verification { valid: Counts::of(&findings).error == 0, checks: results.table(), findings, facts }
}

fn unknown_kind() -> Finding {
    crate::tree::fault(
        "bagit.txt",
        Text::fixed(
            "不是可识别的移交包：没有 bagit.txt、METS.xml、说明文件或 EEP 封装",
            "no known kind of package: there is no bagit.txt, METS.xml, 说明文件 or EEP",
        ),
    )
    .with_help(Text::fixed("请确认选对了文件夹或 zip", "make sure that this is the right folder or zip"))
}
