//! `archive transfer receipt`: the sender files the answer; from then on the numbers are final (K4).

use std::fs;
use std::path::{Path, PathBuf};

use archive_core::finding::{self, Counts, Finding, Severity};
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::{ErrorKind, Refused, Sending};
use archive_transfer::signature::{Paper, Standing, Trust, judge_package, judge_receipt};
use archive_transfer::{Outcome, Receipt};
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use super::verify;
use crate::args::{base, pick};
use crate::context::Context;
use crate::error::{CommandError, Kind};
use crate::exit::Exit;
use crate::judged::called;
use crate::keys;
use crate::office::Office;
use crate::render::findings::{self, Form, Told};

pub(crate) fn command(lang: Lang) -> Command {
    base("receipt", lang, &Text::fixed("登记档案馆的回执", "File the receipt of the archives"))
        .arg(verify::package(lang))
        .arg(keys::trusted_arg(lang))
        .arg(
            Arg::new("receipt")
                .long("receipt")
                .value_name(pick(lang, "回执", "FILE"))
                .value_parser(value_parser!(PathBuf))
                .help(pick(
                    lang,
                    "回执文件（默认：移交包旁边的 .回执.json）",
                    "The receipt (default: the .回执.json beside the package)",
                )),
        )
}

/// What filing a receipt came to.
pub(crate) struct Filed {
    receipt: Receipt,
    accepted: bool,
    volumes: usize,
    /// What the receiver found, and what is to be said of the signatures.
    findings: Vec<Finding>,
    /// The receiver's signature, in a sentence.
    signature: Text,
}

impl Filed {
    /// What came of it, in a sentence.
    pub(crate) fn summary(&self) -> Text {
        let (name, archives) = (&self.receipt.package, &self.receipt.reception.archives);
        let number = self.receipt.reception.accession.as_deref().unwrap_or_default();
        if self.accepted {
            text!(
                "{name} 已由{archives}接收（接收号 {number}）；这些案卷的编号从此不再改动",
                "{name} was received by {archives} as {number}; the numbers of its volumes are final now"
            )
        } else {
            text!(
                "{name} 被{archives}退回，请按回执改正后重做",
                "{name} was sent back by {archives}: mend what the receipt lists and build again"
            )
        }
    }
}

#[derive(Serialize)]
struct Report<'a> {
    package: &'a str,
    accepted: bool,
    accession: Option<&'a str>,
    volumes: usize,
    findings: Vec<Told<'a>>,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let Some(package) = matches.get_one::<PathBuf>("package") else { return Ok(Exit::Usage) };
    let given = matches.get_one::<PathBuf>("receipt").map(PathBuf::as_path);
    let done = file(context, package, given, &keys::trust(context, matches)?)?;
    let ui = &context.ui;
    findings::print(ui, &done.findings, Form::Human);
    ui.tell(&done.signature);
    ui.tell(&done.summary());
    context.ui.json(&Report {
        package: &done.receipt.package,
        accepted: done.accepted,
        accession: done.receipt.reception.accession.as_deref(),
        volumes: done.volumes,
        findings: findings::told(&done.findings, ui.lang),
    })?;
    Ok(if done.accepted { Exit::Done } else { Exit::Findings })
}

/// Files the receipt of a package: the one named, or the one beside it.
///
/// Both signatures are judged: that of the receipt, and the office's own, if it signed the package. One that
/// doesn't hold stops the filing.
pub(crate) fn file(
    context: &Context,
    package: &Path,
    given: Option<&Path>,
    trust: &Trust,
) -> Result<Filed, CommandError> {
    let path = given.map_or_else(|| Paper::Receipt.paths(package)[0].clone(), Path::to_path_buf);
    let bytes = fs::read(&path).map_err(|error| CommandError::io(&path, &error))?;
    let unusable = |message| {
        let help = Text::fixed("请向档案馆再要一份回执", "ask the archives for the receipt again");
        CommandError::new(Kind::Input, message, help)
    };
    let receipt = Receipt::from_json(&bytes).map_err(|error| {
        let path = path.display();
        let Text { zh, en } = error.message();
        unusable(text!("{path}：{zh}", "{path}: {en}"))
    })?;
    let reader = archive_transfer::open(package)?;
    let fingerprint = reader.fingerprint().map_err(|error| CommandError::io(package, &error))?;
    if !receipt.answers(&fingerprint) {
        return Err(unusable(Text::fixed(
            "这份回执答复的不是这个移交包",
            "this receipt answers another package",
        )));
    }
    let office = Office::new(context.open()?)?;
    let sent = judge_package(package, reader.tree(), &office.institution().name, &keys::kept(context)?);
    let answered = judge_receipt(package, given, &receipt, trust);
    if sent.standing == Standing::Refused || answered.standing == Standing::Refused {
        let list = |lang| {
            let findings = sent.findings.iter().chain(&answered.findings);
            let lines: Vec<String> = findings
                .filter(|finding| finding.severity == Severity::Error)
                .map(|finding| findings::line(finding, lang))
                .collect();
            lines.join("\n")
        };
        let (zh, en) = (list(Lang::Zh), list(Lang::En));
        return Err(CommandError::new(
            Kind::Input,
            text!(
                "签名有问题，回执没有登记：\n{zh}",
                "a signature is at fault and the receipt isn't filed:\n{en}"
            ),
            Text::fixed("请与档案馆核对", "look into it with the archives"),
        ));
    }
    let volumes = reader.volumes()?;
    let accepted = receipt.outcome == Outcome::Accepted;
    let value = serde_json::to_value(&receipt).unwrap_or_default();
    if accepted {
        let sending = Sending {
            fonds: receipt.fonds.clone(),
            year: volumes.first().map_or(0, |volume| volume.year),
            package: receipt.package.clone(),
            digest: fingerprint,
            receiver: receipt.reception.archives.clone(),
            volumes: volumes.iter().map(|volume| called(volume).to_owned()).collect(),
            files: reader.record().files,
        };
        let change = office.repository.begin(&context.operator, "transfer receipt", context.now)?;
        match change.record_transfer_sent(&sending) {
            // Filing the same receipt again changes nothing.
            Err(error) if error.kind() == ErrorKind::Twice => {}
            other => other?,
        }
        change.file_receipt(&receipt.package, &value)?;
        change.commit()?;
    } else {
        let change = office.repository.begin(&context.operator, "transfer receipt", context.now)?;
        change.file_refusal(&refused(&receipt, fingerprint), &value)?;
        change.commit()?;
    }
    let signature = answered.summary();
    let mut findings = receipt.findings.clone();
    findings.extend(answered.findings);
    finding::sort(&mut findings);
    Ok(Filed { receipt, accepted, volumes: volumes.len(), findings, signature })
}

/// What the office's audit chain is to keep of a package that came back.
fn refused(receipt: &Receipt, digest: String) -> Refused {
    Refused {
        package: receipt.package.clone(),
        digest,
        receiver: receipt.reception.archives.clone(),
        received_by: receipt.reception.received_by.clone(),
        received_on: receipt.reception.received_on,
        errors: Counts::of(&receipt.findings).error as u64,
    }
}
