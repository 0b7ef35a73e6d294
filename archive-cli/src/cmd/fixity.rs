//! `archive fixity`: reads every stored file again and compares its digest; also a part of them a night.

use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_index::reading::FOLDER;
use archive_store::{FixityFinding, FixityPart, Repository};
use clap::{Arg, ArgMatches, Command};
use serde::Serialize;

use crate::along::finding;
use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::render::faults::{self, Fault};
use crate::render::size::megabytes;

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "fixity",
        lang,
        &Text::fixed("重读全部文件，核对摘要", "Read all stored files again and compare their digests"),
    )
    .arg(
        Arg::new("part")
            .long("part")
            .value_name(pick(lang, "第几份/共几份", "N/OF"))
            .value_parser(|typed: &str| part(typed).ok_or("1/30"))
            .help(pick(
                lang,
                "只核对其中一份，如 1/30 至 30/30 分三十夜做完；数据库每次都核对",
                "Only one part, e.g. 1/30 to 30/30 over thirty nights; the catalogue is always checked",
            )),
    )
}

/// `3/30`: the third of thirty.
fn part(typed: &str) -> Option<FixityPart> {
    let (number, of) = typed.split_once('/')?;
    FixityPart::new(number.trim().parse().ok()?, of.trim().parse().ok()?)
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Report<'a> {
        objects: u64,
        files: u64,
        bytes: u64,
        faults: Vec<Fault<'a>>,
    }
    let ui = &context.ui;
    let repository = context.open()?;
    let part = matches.get_one::<FixityPart>("part").copied().unwrap_or_default();
    let (files, _) = repository.file_totals()?;
    let bar = ui.progress(&Text::fixed("核对文件", "reading files"), files);
    let mut report = repository.fixity_of(part, &|progress| bar.set_position(progress.files))?;
    bar.finish_and_clear();
    let derived = derived_faults(&repository, part)?;
    let derivable = derived.len();
    report.findings.extend(derived);
    faults::print(ui, &report.findings);
    let (objects, files, size, count) =
        (report.objects, report.files, megabytes(report.bytes), report.findings.len());
    ui.tell(&text!(
        "核对 {objects} 个对象、{files} 个文件（{size}），问题 {count} 处",
        "{objects} objects, {files} files ({size}) read again; {count} faults"
    ));
    if derivable > 0 {
        ui.note(&Text::fixed(
            "索引可以重建：archive index --rebuild；保存的文字（text）用 archive repair 修复或清除，清除的下次建索引时重读",
            "the index can be made anew: archive index --rebuild; kept texts (text) are mended or removed by archive repair, and then read again",
        ));
    }
    if count > derivable {
        ui.note(&Text::fixed(
            "处理：archive repair --from 备份文件夹",
            "to mend them: archive repair --from BACKUP",
        ));
    }
    if repository.repair_was_begun() {
        ui.note(&Text::fixed(
            "有一次修复没有做完（正在进行，或中途停下了）：停下的，再运行一次 archive repair，已修复的即写入审计链",
            "a repair isn't finished (it is at work, or was stopped): if it was stopped, run archive repair again, and what it had mended is entered in the audit chain",
        ));
    }
    ui.json(&Report {
        objects: report.objects,
        files: report.files,
        bytes: report.bytes,
        faults: faults::told(ui, &report.findings),
    })?;
    Ok(if report.findings.is_empty() { Exit::Done } else { Exit::Findings })
}

/// What is wrong with the index and the kept texts: they are derived, but a damaged index finds too little and a damaged text
/// shows other words than the page, and nobody notices.
fn derived_faults(repository: &Repository, part: FixityPart) -> Result<Vec<FixityFinding>, CommandError> {
    let takes = |name: &str| part.takes(name);
    let (index, texts) = (super::index::folder(repository), super::index::texts(repository));
    let mut found = Vec::new();
    if index.exists() {
        let faults = archive_index::search::check(&index, &takes)?;
        found.extend(faults.into_iter().map(|fault| finding(super::index::FOLDER, fault)));
    }
    let faults = texts.check(&takes).map_err(|error| CommandError::io(texts.folder(), &error))?;
    found.extend(faults.into_iter().map(|fault| finding(FOLDER, fault)));
    Ok(found)
}
