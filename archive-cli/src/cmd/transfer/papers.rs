//! The papers of a hand-over: what is known for 移交登记表 and 交接文据, and the receipt as it is printed.

use std::path::{Path, PathBuf};

use archive_catalogue::book::Book;
use archive_catalogue::fonts::Fonts;
use archive_catalogue::forms::answer::{self, Answer};
use archive_catalogue::forms::handover::{self, Carried, HandOver};
use archive_catalogue::print::{Format, print_document};
use archive_core::finding::{Finding, Severity};
use archive_core::model::{Arrangement, ItemId};
use archive_core::text::Lang;
use archive_transfer::signature::{beside, tag_manifest_sha256};
use archive_transfer::{CheckResult, Outcome, Receipt, Staged};
use chrono::NaiveDate;

use super::build::batch;
use crate::error::CommandError;
use crate::files;
use crate::office::Office;

/// What is known of the hand-over of these volumes before a package is made.
pub(crate) fn known(
    office: &Office,
    year: i32,
    volumes: &Arrangement,
    archives: &str,
) -> Result<HandOver, CommandError> {
    let mut known =
        HandOver { archives: archives.to_owned(), batch: batch(office, year)?, ..HandOver::default() };
    let items = volumes.volumes.iter().flat_map(|volume| &volume.entries).map(|entry| entry.item);
    for item in items {
        let (files, bytes) = size(office, item)?;
        known.files += files;
        known.bytes += bytes;
        known.on_paper_only += u64::from(files == 0);
    }
    Ok(known)
}

fn size(office: &Office, item: ItemId) -> Result<(u64, u64), CommandError> {
    let files = office.repository.files(item)?;
    Ok((files.len() as u64, files.iter().map(|file| file.bytes).sum()))
}

/// Prints 移交登记表 once the packages are made, with their digests, beside the first of them.
pub(crate) fn register(
    book: &Book<'_>,
    known: &HandOver,
    packages: &[Staged],
) -> Result<Option<PathBuf>, CommandError> {
    let Some(first) = packages.first() else { return Ok(None) };
    let carried = packages
        .iter()
        .map(|staged| {
            let built = staged.built();
            let digest =
                tag_manifest_sha256(staged.path()).map_err(|error| CommandError::io(&built.path, &error))?;
            Ok(Carried {
                name: built.id.clone(),
                content: format!("{}卷{}件，文件{}个", built.volumes, built.items, built.files),
                digest,
                bytes: built.bytes,
            })
        })
        .collect::<Result<Vec<_>, CommandError>>()?;
    let document = handover::register(book, &HandOver { packages: carried, ..known.clone() });
    let fonts = Fonts::shipped()?;
    let printed = print_document(&document, &[Format::Pdf], &fonts, book.printed_on)?;
    let path = beside(&first.built().path, "移交登记表.pdf");
    for file in printed.files {
        files::write(&path, &file.bytes)?;
    }
    Ok(Some(path))
}

/// Prints a receipt, or the list of faults that sends a package back, beside the package: PDF and xlsx.
pub(crate) fn receipt(
    package: &Path,
    receipt: &Receipt,
    on: NaiveDate,
) -> Result<Vec<PathBuf>, CommandError> {
    let name = match receipt.outcome {
        Outcome::Accepted => "回执",
        Outcome::Returned => "退回通知",
    };
    let document = answer::answer(name, &in_words(receipt));
    let printed = print_document(&document, &[Format::Pdf, Format::Xlsx], &Fonts::shipped()?, on)?;
    let mut paths = Vec::new();
    for (file, ending) in printed.files.iter().zip(["回执.pdf", "回执.xlsx"]) {
        let path = beside(package, ending);
        files::write(&path, &file.bytes)?;
        paths.push(path);
    }
    Ok(paths)
}

fn in_words(receipt: &Receipt) -> Answer {
    let reception = &receipt.reception;
    let day = |day: NaiveDate| day.format("%Y年%-m月%-d日").to_string();
    let (title, verdict) = receipt.verdict();
    let signature = receipt.signature.as_ref().map_or_else(
        || "没有电子签名，凭纸质签字盖章".to_owned(),
        |seen| {
            let day = seen.signed_on.map(day).unwrap_or_default();
            let known = if seen.known { "公钥已核对" } else { "公钥未核对" };
            format!("{}，{day}，{known}，指纹 {}", seen.signer, seen.fingerprint)
        },
    );
    Answer {
        title: title.to_owned(),
        sender: receipt.sender.clone(),
        archives: reception.archives.clone(),
        received_by: reception.received_by.clone(),
        facts: vec![
            ("移交包", receipt.package.clone()),
            ("清单摘要（SHA-256）", receipt.fingerprint.clone()),
            ("移交单位", receipt.sender.clone()),
            ("全宗号", receipt.fonds.clone()),
            ("接收日期", day(reception.received_on)),
            ("接收号", reception.accession.clone().unwrap_or_default()),
            ("数量", format!("{} 卷　{} 件　电子文件 {} 个", receipt.volumes, receipt.items, receipt.files)),
            ("移交包容量", receipt.gigabytes()),
            ("移交方电子签名", signature),
            ("结论", verdict),
        ],
        tests: receipt
            .checks
            .iter()
            .map(|check| {
                let result = match check.result {
                    CheckResult::Pass => "合格",
                    CheckResult::Fail => "不合格",
                    CheckResult::Manual => "人工",
                };
                [check.code.clone(), check.name.clone(), result.to_owned(), check.detail.clone()]
            })
            .collect(),
        faults: receipt.findings.iter().map(fault).collect(),
    }
}

/// A finding as a row on paper: how grave, where, what, what to do.
pub(super) fn fault(finding: &Finding) -> [String; 4] {
    let severity = match finding.severity {
        Severity::Error => "错误",
        Severity::Warning => "警告",
        Severity::Info => "提示",
    };
    let place = [&finding.place.file, &finding.place.volume, &finding.place.item, &finding.place.field];
    let place: Vec<&str> = place.into_iter().flatten().map(String::as_str).collect();
    [
        severity.to_owned(),
        place.join(" "),
        finding.message.in_lang(Lang::Zh).to_owned(),
        finding.help.in_lang(Lang::Zh).to_owned(),
    ]
}
