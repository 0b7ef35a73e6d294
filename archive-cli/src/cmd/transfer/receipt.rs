//! `archive transfer receipt`: the sender files the answer; from then on the numbers are final (K4).

use std::fs;
use std::path::{Path, PathBuf};

use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::{ErrorKind, Sending};
use archive_transfer::{Outcome, Receipt};
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use super::verify;
use crate::args::{base, pick};
use crate::context::Context;
use crate::error::{CommandError, Kind};
use crate::exit::Exit;
use crate::judged::called;
use crate::office::Office;

pub(crate) fn command(lang: Lang) -> Command {
    base("receipt", lang, &Text::fixed("登记档案馆的回执", "File the receipt of the archives"))
        .arg(verify::package(lang))
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
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let Some(package) = matches.get_one::<PathBuf>("package") else { return Ok(Exit::Usage) };
    let done = file(context, package, matches.get_one::<PathBuf>("receipt").map(PathBuf::as_path))?;
    context.ui.tell(&done.summary());
    context.ui.json(&Report {
        package: &done.receipt.package,
        accepted: done.accepted,
        accession: done.receipt.reception.accession.as_deref(),
        volumes: done.volumes,
    })?;
    Ok(if done.accepted { Exit::Done } else { Exit::Findings })
}

/// Files the receipt of a package: the one named, or the one beside it.
pub(crate) fn file(context: &Context, package: &Path, receipt: Option<&Path>) -> Result<Filed, CommandError> {
    let path = receipt.map_or_else(|| super::receive::beside(package, "回执.json"), Path::to_path_buf);
    let bytes = fs::read(&path).map_err(|error| CommandError::io(&path, &error))?;
    let unusable = |message| {
        let help = Text::fixed("请向档案馆再要一份回执", "ask the archives for the receipt again");
        CommandError::new(Kind::Input, message, help)
    };
    let receipt = Receipt::from_json(&bytes).map_err(|error| {
        let path = path.display();
        unusable(text!("{path} 不是回执：{error}", "{path} is no receipt: {error}"))
    })?;
    let reader = archive_transfer::open(package).map_err(|error| CommandError::transfer(&error))?;
    let fingerprint = reader.fingerprint().map_err(|error| CommandError::io(package, &error))?;
    if !receipt.answers(&fingerprint) {
        return Err(unusable(Text::fixed(
            "这份回执答复的不是这个移交包",
            "this receipt answers another package",
        )));
    }
    let office = Office::new(context.open()?)?;
    let volumes = reader.volumes().map_err(|error| CommandError::transfer(&error))?;
    let accepted = receipt.outcome == Outcome::Accepted;
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
        let value = serde_json::to_value(&receipt).unwrap_or_default();
        let change = office.repository.begin(&context.operator, "transfer receipt", context.now)?;
        match change.record_transfer_sent(&sending) {
            // Filing the same receipt again changes nothing.
            Err(error) if error.kind() == ErrorKind::Twice => {}
            other => other?,
        }
        change.file_receipt(&receipt.package, &value)?;
        change.commit()?;
    }
    Ok(Filed { receipt, accepted, volumes: volumes.len() })
}
