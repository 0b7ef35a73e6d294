//! `archive backup`: a second copy on another disk, brought up to date by what is new.

use std::path::PathBuf;

use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_index::reading::{FOLDER, KeptTexts};
use archive_store::check_backup;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::along::{Brought, finding};
use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::render::faults::{self, Fault};
use crate::render::size::megabytes;
use crate::ui::by_files;

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "backup",
        lang,
        &Text::fixed(
            "备份到另一磁盘：只复制新增的，他人可照常工作",
            "Back up to another disk: only what is new, while others work",
        ),
    )
    .arg(
        Arg::new("dir")
            .required(true)
            .value_name(pick(lang, "备份文件夹", "DIR"))
            .value_parser(value_parser!(PathBuf))
            .help(pick(
                lang,
                "新的、空的，或上次的备份文件夹",
                "A folder that is new or empty, or the last backup's",
            )),
    )
    .arg(Arg::new("verify").long("verify").action(ArgAction::SetTrue).help(pick(
        lang,
        "备份后把整个备份重读一遍",
        "Read the whole backup again afterwards",
    )))
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Report<'a> {
        backup: PathBuf,
        objects_copied: u64,
        objects_kept: u64,
        objects_removed: u64,
        bytes_copied: u64,
        texts_copied: usize,
        texts_kept: usize,
        verified: bool,
        faults: Vec<Fault<'a>>,
    }
    let ui = &context.ui;
    let Some(dir) = matches.get_one::<PathBuf>("dir") else { return Ok(Exit::Usage) };
    let repository = context.open()?;
    let bar = ui.progress(&Text::fixed("备份", "backing up"), 0);
    let brought = Brought::default();
    let report = repository
        .back_up(dir, &context.operator, context.now, &by_files(&bar), &|from, to| brought.bring(from, to))?;
    bar.finish_and_clear();
    let mut found = report.findings.clone();
    let verify = matches.get_flag("verify");
    if verify {
        let bar = ui.progress(&Text::fixed("重读备份", "reading the backup"), repository.file_totals()?.0);
        found.extend(check_backup(dir, &|progress| bar.set_position(progress.files))?.findings);
        bar.finish_and_clear();
        let copy = KeptTexts::in_folder(dir.join(FOLDER));
        let read = copy.check(&|_| true).map_err(|error| CommandError::io(copy.folder(), &error))?;
        found.extend(read.into_iter().map(|fault| finding(FOLDER, fault)));
    }
    faults::print(ui, &found);
    let (copied, kept, removed) = (report.objects_copied, report.objects_kept, report.objects_removed);
    let (size, count, place) = (megabytes(report.bytes_copied), found.len(), dir.display());
    let (texts_copied, texts_kept) = brought.count();
    ui.tell(&text!(
        "备份 {place}：复制 {copied} 个对象（{size}），原有 {kept} 个，移除已销毁的 {removed} 个；问题 {count} 处",
        "backup {place}: {copied} objects copied ({size}), {kept} there already, {removed} destroyed ones removed; {count} faults"
    ));
    if verify && found.is_empty() {
        ui.tell(&Text::fixed("整个备份已重读，完好", "the whole backup was read again and is sound"));
    }
    ui.json(&Report {
        backup: dir.clone(),
        objects_copied: copied,
        objects_kept: kept,
        objects_removed: removed,
        bytes_copied: report.bytes_copied,
        texts_copied,
        texts_kept,
        verified: verify,
        faults: faults::told(ui, &found),
    })?;
    Ok(if found.is_empty() { Exit::Done } else { Exit::Findings })
}
