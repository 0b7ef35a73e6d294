//! `archive transfer verify`: the same judgement for sender and receiver.

use std::path::{Path, PathBuf};

use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_transfer::signature::{Judgement, Trust, judge_package};
use archive_transfer::tree::Tree;
use archive_transfer::verify::{JournalAt, Options};
use archive_transfer::{Check, CheckResult, Property, Verification, verify_with};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde::Serialize;

use super::inspection;
use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::files;
use crate::keys;
use crate::render::findings::{self, Form, Told};
use crate::render::size::megabytes;
use crate::render::table;
use crate::ui::Ui;

pub(crate) fn command(lang: Lang) -> Command {
    base("verify", lang, &Text::fixed("验包：真实性、完整性、可用性、安全性", "Verify a package"))
        .arg(package(lang))
        .arg(Arg::new("only").long("only").value_name(pick(lang, "案卷档号", "VOLUME")).help(pick(
            lang,
            "只核对一个案卷",
            "Verify one volume only, by its archival code",
        )))
        .arg(
            Arg::new("report")
                .long("report")
                .value_name(pick(lang, "文件", "FILE"))
                .value_parser(value_parser!(PathBuf))
                .help(pick(
                    lang,
                    "打印检测报告：.pdf、.html 或 .xlsx",
                    "Print the report: .pdf, .html or .xlsx",
                )),
        )
        .arg(
            Arg::new("state")
                .long("state")
                .value_name(pick(lang, "文件", "FILE"))
                .value_parser(value_parser!(PathBuf))
                .help(pick(
                    lang,
                    "核对进度记在这个文件里，中断后再运行就接着核对；不写则大的包记在用户的状态目录",
                    "Take down progress here, so that an interrupted run goes on; by default large packages \
                     have it in the user's state folder",
                )),
        )
        .arg(Arg::new("fresh").long("fresh").action(ArgAction::SetTrue).help(pick(
            lang,
            "不接着上次，从头核对",
            "Start over instead of going on",
        )))
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
    /// What was read of the package.
    scope: Scope<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<PathBuf>,
}

/// How much of the package was read, and when.
#[derive(Serialize)]
struct Scope<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    only: Option<&'a str>,
    files_compared: u64,
    /// Read by an earlier run that was interrupted.
    resumed_files: u64,
    resumed_bytes: u64,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let Some(path) = matches.get_one::<PathBuf>("package") else { return Ok(Exit::Usage) };
    let trust = keys::trust(context, matches)?;
    let report = matches.get_one::<PathBuf>("report");
    // A name that can't be printed to is refused before hours of reading.
    report.map(|to| inspection::format_of(to)).transpose()?;
    let options = options(matches, path)?;
    let verification = carry_out_with(context, path, &trust, &options)?.0;
    let report = report.map(|to| inspection::write(path, &verification, context.today(), to)).transpose()?;
    print(ui, &verification);
    if let Some(report) = &report {
        let shown = report.display();
        ui.tell(&text!("检测报告：{shown}", "report: {shown}"));
    }
    let facts = &verification.facts;
    ui.json(&Report {
        valid: verification.valid,
        checks: checks(&verification.checks, ui.lang),
        findings: findings::told(&verification.findings, ui.lang),
        files: facts.files,
        bytes: facts.bytes,
        scope: Scope {
            only: facts.only.as_deref(),
            files_compared: facts.files_compared,
            resumed_files: facts.resumed_files,
            resumed_bytes: facts.resumed_bytes,
        },
        report,
    })?;
    Ok(if verification.valid { Exit::Done } else { Exit::Findings })
}

/// From how many bytes on the progress of a verification is taken down unasked.
const WORTH_A_JOURNAL: u64 = 512 << 20;

fn options(matches: &ArgMatches, package: &Path) -> Result<Options, CommandError> {
    let journal = match matches.get_one::<PathBuf>("state") {
        Some(path) => Some(JournalAt { path: path.clone(), least: 0 }),
        None => journal_of(package).map(|path| JournalAt { path, least: WORTH_A_JOURNAL }),
    };
    if let Some(JournalAt { path, .. }) = journal.as_ref().filter(|_| matches.get_flag("fresh")) {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(CommandError::io(path, &error));
            }
            _ => {}
        }
    }
    Ok(Options { only: matches.get_one::<String>("only").cloned(), journal })
}

/// Where the user's programs keep what they were doing: a file named by the package's place.
fn journal_of(package: &Path) -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = set("XDG_STATE_HOME")
        .or_else(|| set("LOCALAPPDATA"))
        .or_else(|| set("HOME").map(|home| home.join(".local/state")))?;
    let place = std::fs::canonicalize(package).ok()?;
    let name = files::digest(place.as_os_str().as_encoded_bytes());
    Some(state.join("archive").join("verify").join(format!("{}.jsonl", name.get(..16)?)))
}

/// Reads the package once, on all cores, and judges the signature beside it by the keys that count.
pub(crate) fn carry_out(
    context: &Context,
    path: &Path,
    trust: &Trust,
) -> Result<(Verification, Judgement), CommandError> {
    carry_out_with(context, path, trust, &Options::default())
}

fn carry_out_with(
    context: &Context,
    path: &Path,
    trust: &Trust,
    options: &Options,
) -> Result<(Verification, Judgement), CommandError> {
    let bar = context.ui.progress(&Text::fixed("验包", "verifying"), 0);
    let tree = Tree::open(path)?;
    let mut verification = verify_with(&tree, options, &|progress| {
        bar.set_length(progress.bytes_total);
        bar.set_position(progress.bytes);
    })?;
    bar.finish_and_clear();
    let office = verification.facts.bag_info.iter().find(|(label, _)| label == "Source-Organization");
    let office = office.map(|(_, name)| name.clone()).unwrap_or_default();
    let judged = judge_package(path, &tree, &office, trust);
    judged.enter(&mut verification);
    Ok((verification, judged))
}

/// The checks by property, the findings, and the verdict.
pub(super) fn print(ui: &Ui, verification: &Verification) {
    for property in [Property::Authenticity, Property::Integrity, Property::Usability, Property::Security] {
        let checks = || verification.checks.iter().filter(move |check| check.property == property);
        ui.line(ui.say(&property.word()));
        let rows: Vec<Vec<String>> = checks().map(|check| row(ui, check)).collect();
        for (line, check) in table::lines(&rows).into_iter().zip(checks()) {
            ui.line(format!("  {line}"));
            // What is in order, and what nobody but a person looks at, has said enough.
            if check.result == CheckResult::Fail || check.weighed {
                for line in table::wrapped(ui.say(&check.detail), DETAIL) {
                    ui.line(format!("            {line}"));
                }
            }
        }
    }
    ui.line("");
    if !verification.findings.is_empty() {
        findings::print(ui, &verification.findings, Form::Human);
    }
    let facts = &verification.facts;
    if facts.resumed_files > 0 {
        let (files, size) = (facts.resumed_files, megabytes(facts.resumed_bytes));
        ui.tell(&text!(
            "接着上次中断的核对：{files} 个文件（{size}）上次已经读过，没有改动，这次不再读；要从头核对请加 --fresh",
            "went on where an interrupted run was: {files} files ({size}) had been read and are unchanged; \
             --fresh starts over"
        ));
    }
    ui.tell(&verdict(verification));
}

/// The columns a detail may take, so that all fits a terminal of eighty.
const DETAIL: usize = 66;

/// A test in a line: code, result, name.
fn row(ui: &Ui, check: &Check) -> Vec<String> {
    let result = match check.result {
        CheckResult::Pass => Text::fixed("通过", "pass"),
        CheckResult::Fail => Text::fixed("不通过", "fail"),
        CheckResult::Manual => Text::fixed("人工", "by hand"),
    };
    vec![check.code.clone(), ui.say(&result).to_owned(), ui.say(&check.name).to_owned()]
}

/// The verdict in a sentence.
pub(crate) fn verdict(verification: &Verification) -> Text {
    let facts = &verification.facts;
    let (files, size) = (facts.files, megabytes(facts.bytes));
    let compared = facts.files_compared;
    match (verification.valid, &facts.only) {
        (true, None) => text!("合格：{files} 个文件，{size}", "valid: {files} files, {size}"),
        (true, Some(volume)) => text!(
            "案卷 {volume} 合格：核对了 {compared} 个文件；包内共 {files} 个，其余没有核对",
            "volume {volume} is valid: {compared} files compared; the other files of {files} were not read"
        ),
        (false, None) => text!("不合格：{files} 个文件，{size}", "not valid: {files} files, {size}"),
        (false, Some(volume)) => text!(
            "不合格（只核对了案卷 {volume}）：核对了 {compared} 个文件，包内共 {files} 个",
            "not valid (only volume {volume} was read): {compared} files compared of {files}"
        ),
    }
}
