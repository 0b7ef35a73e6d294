//! `archive transfer verify`: the same judgement for sender and receiver.

use std::path::{Path, PathBuf};

use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_transfer::signature::{Judgement, Trust, judge_package};
use archive_transfer::tree::Tree;
use archive_transfer::verify::verify_tree;
use archive_transfer::{Check, CheckResult, Verification};
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::keys;
use crate::render::findings::{self, Form, Told};
use crate::render::size::megabytes;
use crate::render::table;
use crate::ui::Ui;

pub(crate) fn command(lang: Lang) -> Command {
    base("verify", lang, &Text::fixed("验包：真实性、完整性、可用性、安全性", "Verify a package"))
        .arg(package(lang))
        .arg(keys::trusted_arg(lang))
}

/// The package, a folder or a zip.
pub(super) fn package(lang: Lang) -> Arg {
    Arg::new("package")
        .required(true)
        .value_name(pick(lang, "移交包", "PACKAGE"))
        .value_parser(value_parser!(PathBuf))
        .help(pick(lang, "移交包：文件夹或 zip", "The package: a folder or a zip"))
}

/// A check in the contract's JSON shape.
#[derive(Serialize)]
pub(super) struct CheckTold<'a> {
    code: &'a str,
    name: &'a str,
    property: archive_transfer::Property,
    result: CheckResult,
    detail: &'a str,
}

/// The checks in the contract's JSON shape.
pub(super) fn checks(checks: &[Check], lang: Lang) -> Vec<CheckTold<'_>> {
    checks
        .iter()
        .map(|check| CheckTold {
            code: &check.code,
            name: check.name.in_lang(lang),
            property: check.property,
            result: check.result,
            detail: check.detail.in_lang(lang),
        })
        .collect()
}

#[derive(Serialize)]
struct Report<'a> {
    valid: bool,
    checks: Vec<CheckTold<'a>>,
    findings: Vec<Told<'a>>,
    files: u64,
    bytes: u64,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let Some(path) = matches.get_one::<PathBuf>("package") else { return Ok(Exit::Usage) };
    let trust = keys::trust(context, matches)?;
    let verification = carry_out(context, path, &trust)?.0;
    print(ui, &verification);
    ui.json(&Report {
        valid: verification.valid,
        checks: checks(&verification.checks, ui.lang),
        findings: findings::told(&verification.findings, ui.lang),
        files: verification.facts.files,
        bytes: verification.facts.bytes,
    })?;
    Ok(if verification.valid { Exit::Done } else { Exit::Findings })
}

/// Reads the package once, on all cores, and judges the signature beside it by the keys that count.
pub(crate) fn carry_out(
    context: &Context,
    path: &Path,
    trust: &Trust,
) -> Result<(Verification, Judgement), CommandError> {
    let bar = context.ui.progress(&Text::fixed("验包", "verifying"), 0);
    let tree = Tree::open(path)?;
    let mut verification = verify_tree(&tree, &|progress| {
        bar.set_length(progress.bytes_total);
        bar.set_position(progress.bytes);
    });
    bar.finish_and_clear();
    let office = verification.facts.bag_info.iter().find(|(label, _)| label == "Source-Organization");
    let office = office.map(|(_, name)| name.clone()).unwrap_or_default();
    let judged = judge_package(path, &tree, &office, trust);
    judged.enter(&mut verification);
    Ok((verification, judged))
}

/// The checks as a table, the findings, and the verdict.
pub(super) fn print(ui: &Ui, verification: &Verification) {
    let rows: Vec<Vec<String>> = verification
        .checks
        .iter()
        .map(|check| {
            let result = match check.result {
                CheckResult::Pass => Text::fixed("通过", "pass"),
                CheckResult::Fail => Text::fixed("不通过", "fail"),
                CheckResult::Manual => Text::fixed("人工", "by hand"),
            };
            vec![
                check.code.clone(),
                ui.say(&result).to_owned(),
                ui.say(&check.name).to_owned(),
                ui.say(&check.detail).to_owned(),
            ]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line);
    }
    ui.line("");
    if !verification.findings.is_empty() {
        findings::print(ui, &verification.findings, Form::Human);
    }
    ui.tell(&verdict(verification));
}

/// The verdict in a sentence.
pub(crate) fn verdict(verification: &Verification) -> Text {
    let (files, size) = (verification.facts.files, megabytes(verification.facts.bytes));
    if verification.valid {
        text!("合格：{files} 个文件，{size}", "valid: {files} files, {size}")
    } else {
        text!("不合格：{files} 个文件，{size}", "not valid: {files} files, {size}")
    }
}
