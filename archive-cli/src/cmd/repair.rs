//! `archive repair`: puts back what `fixity` found wrong, from wherever a good copy is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_index::reading::{FOLDER, MendedTexts};
use archive_store::{Repository, StoreError};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::render::faults::{self, Fault};

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "repair",
        lang,
        &Text::fixed("修复损坏或丢失的文件", "Put back files that are damaged or missing"),
    )
    .arg(
        Arg::new("from")
            .long("from")
            .action(ArgAction::Append)
            .value_name(pick(lang, "副本", "COPY"))
            .value_parser(value_parser!(PathBuf))
            .help(pick(
                lang,
                "完好副本所在：备份、导出、移交包（已解开）或原扫描件文件夹；可多次给出",
                "Where good copies are: a backup, an export, an unpacked package, a folder of scans; may be repeated",
            )),
    )
    .arg(
        Arg::new("catalogue")
            .long("catalogue")
            .action(ArgAction::SetTrue)
            .requires("from")
            .help(pick(
                lang,
                "数据库已无法读取时，换上备份中的数据库（备份之后的登录会丢失）",
                "Replace a catalogue that can't be read by the backup's (what was entered since is lost)",
            )),
    )
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Report<'a> {
        mended: Vec<Fault<'a>>,
        left: Vec<Fault<'a>>,
        moved_away: &'a [String],
        texts_put_back: &'a [String],
        texts_removed: &'a [String],
    }
    let ui = &context.ui;
    let from: Vec<PathBuf> = matches.get_many("from").unwrap_or_default().cloned().collect();
    if let (true, Some(copy)) = (matches.get_flag("catalogue"), from.first()) {
        let root = match &context.repository {
            Some(dir) => dir.clone(),
            None => Repository::find(Path::new("."))?,
        };
        Repository::restore_catalogue(&root, copy, &context.operator, context.now)?;
        ui.note(&Text::fixed(
            "已换上备份中的数据库，原来的移入 quarantine 文件夹",
            "the backup's catalogue is in place; the damaged one was moved to quarantine",
        ));
    }
    let repository = context.open()?;
    let bar = ui.progress(&Text::fixed("核对文件", "reading files"), repository.file_totals()?.0);
    let report = repository
        .repair(&from, &context.operator, context.now, &|progress| bar.set_position(progress.files))?;
    bar.finish_and_clear();
    let texts = mend_texts(&repository, &from)?;
    for fault in &report.mended {
        let path = &fault.path;
        ui.tell(&text!("{path}：已修复", "{path}: mended"));
    }
    for path in &texts.put_back {
        ui.tell(&text!("{FOLDER}/{path}：已修复", "{FOLDER}/{path}: mended"));
    }
    for path in &texts.removed {
        ui.tell(&text!(
            "{FOLDER}/{path}：已清除，下次建索引时重读",
            "{FOLDER}/{path}: removed, to be read again by the next indexing"
        ));
    }
    faults::print(ui, &report.left);
    ui.tell(&report.sentence());
    if !report.left.is_empty() {
        ui.note(&Text::fixed(
            "处理：用 --from 给出另一份副本（备份、移交包或原扫描件文件夹）后再运行",
            "help: run it again with another copy (--from): a backup, a package, or the scans it came from",
        ));
    }
    ui.json(&Report {
        mended: faults::told(ui, &report.mended),
        left: faults::told(ui, &report.left),
        moved_away: &report.moved_away,
        texts_put_back: &texts.put_back,
        texts_removed: &texts.removed,
    })?;
    Ok(if report.left.is_empty() { Exit::Done } else { Exit::Findings })
}

/// Puts back what was read of files that are kept; what no copy has is read again.
fn mend_texts(repository: &Repository, from: &[PathBuf]) -> Result<MendedTexts, CommandError> {
    let mut digests = BTreeSet::new();
    repository.each_file(|file| {
        digests.insert(file.sha512);
        Ok::<_, StoreError>(())
    })?;
    // In a backup or another repository they lie above, in an export in its payload.
    let places = |copy: &PathBuf| [copy.join(FOLDER), copy.join("data").join(FOLDER)];
    let copies: Vec<PathBuf> = from.iter().flat_map(places).collect();
    let texts = super::index::texts(repository);
    texts.mend_from(&copies, &digests).map_err(|error| CommandError::io(texts.folder(), &error))
}
