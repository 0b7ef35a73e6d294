//! `archive transfer receive`: the bureau takes a package in, whole, or sends it back with its faults.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use archive_core::arrange::by_year;
use archive_core::model::{Institution, Item};
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::{Accession, FileSource, ItemFile, Received, Repository, StoreError};
use archive_transfer::records::PackageRecord;
use archive_transfer::signature::{self, Judgement, Paper, Trust, beside};
use archive_transfer::{Outcome, PackageReader, Receipt, Reception, SeenSignature, Verification};
use clap::{Arg, ArgMatches, Command};
use serde::Serialize;
use serde_json::json;

use super::group::GroupStanding;
use super::verify::{self, CheckTold};
use super::{papers, sign};
use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::files;
use crate::keys::{self, Keys};
use crate::render::findings::{self, Told};

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "receive",
        lang,
        &Text::fixed(
            "接收：合格的整包收进（-R 指明档案馆的库），不合格的退回",
            "Take a package in, whole (-R names the bureau's repository), or send it back",
        ),
    )
    .arg(verify::package(lang))
    .arg(keys::trusted_arg(lang))
    .arg(Arg::new("with-faults").long("with-faults").value_name(pick(lang, "理由", "REASON")).help(
        pick(
            lang,
            "特殊情况：不合格也收，问题和理由一并存档，由档案馆整理",
            "Take it in with its faults for this reason; both are kept on record",
        ),
    ))
}

/// What came of it.
pub(crate) struct Answered {
    /// What verifying said.
    pub(crate) verification: Verification,
    /// What was taken in, if it was.
    pub(crate) received: Option<Received>,
    /// How its group stands now, if it is one of several.
    pub(crate) group: Option<GroupStanding>,
    /// The receipt, for the sender: PDF and xlsx to sign, JSON for the program, and a page for the screen.
    pub(crate) receipts: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Report<'a> {
    valid: bool,
    accession: Option<&'a str>,
    volumes: u64,
    items: usize,
    files: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a GroupStanding>,
    receipts: &'a [PathBuf],
    checks: Vec<CheckTold<'a>>,
    findings: Vec<Told<'a>>,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let Some(path) = matches.get_one::<PathBuf>("package") else { return Ok(Exit::Usage) };
    let reason = matches.get_one::<String>("with-faults").map(String::as_str);
    let done = carry_out(context, path, &keys::trust(context, matches)?, reason)?;
    verify::print(ui, &done.verification);
    ui.tell(&done.summary());
    if let Some(group) = &done.group {
        ui.tell(&group.told());
    }
    ui.json(&Report {
        valid: done.verification.valid,
        accession: done.received.as_ref().map(|received| received.accession.as_str()),
        volumes: done.received.as_ref().map_or(0, |received| received.volumes),
        items: done.received.as_ref().map_or(0, |received| received.report.items.len()),
        files: done.received.as_ref().map_or(0, |received| received.report.files),
        group: done.group.as_ref(),
        receipts: &done.receipts,
        checks: verify::checks(&done.verification.checks, ui.lang),
        findings: findings::told(&done.verification.findings, ui.lang),
    })?;
    Ok(if done.received.is_some() { Exit::Done } else { Exit::Findings })
}

impl Answered {
    /// What came of it, in a sentence.
    pub(crate) fn summary(&self) -> Text {
        let receipt = self.receipts[0].display();
        match &self.received {
            Some(received) => {
                let (accession, volumes) = (&received.accession, received.volumes);
                let (items, files) = (received.report.items.len(), received.report.files);
                text!(
                    "已接收，接收号 {accession}：{volumes} 卷 {items} 件，文件 {files} 个；回执 {receipt}",
                    "received as {accession}: {volumes} volumes, {items} items, {files} files; receipt {receipt}"
                )
            }
            None => text!(
                "退回：没有接收任何内容；问题清单见 {receipt}",
                "sent back: nothing was taken in; its faults are listed in {receipt}"
            ),
        }
    }
}

/// Verifies a package, takes it in if it is valid or a `reason` is given to take its faults, and answers with
/// a receipt beside it, signed where the bureau has a key.
pub(crate) fn carry_out(
    context: &Context,
    path: &Path,
    trust: &Trust,
    reason: Option<&str>,
) -> Result<Answered, CommandError> {
    let repository = context.open()?;
    let own = Keys::at(repository.root()).own()?;
    let (verification, signature) = verify::carry_out(context, path, trust)?;
    let reason = reason.filter(|_| !verification.valid);
    let opened = archive_transfer::open(path);
    let mut reception = Reception {
        archives: repository.settings().institution.name.clone(),
        received_by: context.operator.clone(),
        received_on: context.today(),
        accession: None,
        in_spite_of_faults: None,
    };
    let shown = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let (received, reader) = match opened {
        Ok(reader) if verification.valid || reason.is_some() => {
            let reader = Arc::new(reader);
            let reported = Reported { verification: &verification, signature: &signature, reason };
            let received = take_in(context, &repository, &reader, &reported)?;
            reception.accession = Some(received.accession.clone());
            reception.in_spite_of_faults = reason.map(str::to_owned);
            (Some(received), Some(reader))
        }
        Ok(reader) => (None, Some(Arc::new(reader))),
        // A valid package without our records can't be taken in by itself; a broken one is sent back.
        Err(error) if verification.valid || reason.is_some() => return Err(error.into()),
        Err(_) => (None, None),
    };
    let group = verification.facts.group.as_ref().filter(|group| received.is_some() && group.of != Some(1));
    let sender = reader.as_ref().map_or("", |reader| reader.record().institution.name.as_str());
    let group = group.map(|group| GroupStanding::of(&repository, group, sender)).transpose()?;
    let mut receipt = Receipt::new(&verification, reader.as_deref(), &shown, reception);
    debug_assert_eq!(
        receipt.outcome == Outcome::Accepted,
        received.is_some(),
        "the receipt says what was done"
    );
    receipt.signature = SeenSignature::of(&signature);
    let paths = Paper::Receipt.paths(path);
    let page = beside(path, "回执.html");
    match &own {
        Some(own) => sign::written(&paths, &signature::sign(receipt.to_json(), own))?,
        None => files::write(&paths[0], &receipt.to_json())?,
    }
    files::write(&page, receipt.to_html().as_bytes())?;
    let mut receipts = papers::receipt(path, &receipt, context.today())?;
    receipts.extend([paths[0].clone(), page]);
    Ok(Answered { verification, received, group, receipts })
}

/// What is known of a package that is taken in.
struct Reported<'a> {
    verification: &'a Verification,
    signature: &'a Judgement,
    reason: Option<&'a str>,
}

fn take_in(
    context: &Context,
    repository: &Repository,
    reader: &Arc<PackageReader>,
    reported: &Reported<'_>,
) -> Result<Received, CommandError> {
    let record = reader.record();
    let items = reader.items()?;
    let arrangement = reader.arrangement()?;
    let mut files = Vec::new();
    for file in reader.files()? {
        let (reader, entry) = (Arc::clone(reader), file.clone());
        files.push(ItemFile {
            item: file.item,
            name: file.original_name.clone(),
            source: FileSource::Opener {
                called: PathBuf::from(&file.path),
                open: Box::new(move || reader.read(&entry).map(|opened| opened as Box<dyn Read + Send>)),
            },
            expected_sha256: Some(file.sha256),
        });
    }
    let evidence = json!({
        "made_on": record.made_on,
        "made_by": record.made_by,
        "exceptions": record.exceptions,
        "profile": record.profile,
        "opinions": opinions(&items, record),
        "checks": reported.verification.checks,
        "findings": reported.verification.findings,
        "bag_info": reported.verification.facts.bag_info,
        "signature": signature_kept(reader.path(), reported.signature),
        "in_spite_of_faults": reported.reason,
    });
    let accession = Accession {
        package: record.id.clone(),
        digest: reader
            .fingerprint()
            .map_err(|error| CommandError::io(Path::new("manifest-sha256.txt"), &error))?,
        sender: record.institution.name.clone(),
        fonds: Institution { name: record.institution.name.clone(), fonds: record.institution.fonds.clone() },
        arrangements: by_year::apart(arrangement, &items).into_iter().collect::<BTreeMap<_, _>>(),
        items,
        files,
        evidence,
    };
    let bar = context.ui.progress(&Text::fixed("接收", "taking in"), accession.files.len() as u64);
    let mut change = repository.begin(&context.operator, "transfer receive", context.now)?;
    let received = change
        .receive(&accession, &|progress| bar.set_position(progress.files))
        .map_err(damaged_on_the_way)?;
    if let Some(reason) = reported.reason {
        change.let_through("receive", reason, std::slice::from_ref(&record.id))?;
    }
    change.commit()?;
    bar.finish_and_clear();
    Ok(received)
}

/// A file of a package that can't be read is the sender's to mend, even where its faults were to be taken in with it.
fn damaged_on_the_way(error: StoreError) -> CommandError {
    let unreadable = matches!(error, StoreError::SourceUnreadable { .. });
    let mut told = CommandError::from(error);
    if unreadable {
        told.help = Text::fixed(
            "文件本身已损坏，带问题接收也收不进；请移交方重新提供移交包",
            "the file itself is damaged and can't be taken in, not even with its faults; ask the sender for the package again",
        );
    }
    told
}

/// The sender's opinions on opening, by the rows of the sender's register: the bureau reviews each anew.
fn opinions(items: &[Item], record: &PackageRecord) -> Vec<serde_json::Value> {
    let given = items.iter().filter_map(|item| record.opinions.get(&item.id).map(|opinion| (item, opinion)));
    given
        .map(|(item, opinion)| {
            json!({
                "row": item.row,
                "title": item.title,
                "state": opinion.state.word(),
                "reason": opinion.reason,
            })
        })
        .collect()
}

/// The sender's signature as it came: whoever holds the evidence can judge it again.
fn signature_kept(package: &Path, judged: &Judgement) -> Option<serde_json::Value> {
    let seen = SeenSignature::of(judged)?;
    let [statement, signature, key] = Paper::HandOver.paths(package).map(|path| std::fs::read(path).ok());
    let text = |bytes: Option<Vec<u8>>| bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    Some(json!({
        "signer": seen.signer,
        "signed_on": seen.signed_on,
        "fingerprint": seen.fingerprint,
        "known": seen.known,
        "statement": text(statement),
        "signature": signature.map(|bytes| archive_core::hex::encode(&bytes)),
        "key": text(key),
    }))
}
