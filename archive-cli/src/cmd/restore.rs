//! `archive restore`: a repository out of a backup or an export.

use std::path::PathBuf;

use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::Repository;
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::along::Brought;
use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::render::faults::{self, Fault};
use crate::ui::by_files;

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "restore",
        lang,
        &Text::fixed("从备份或导出恢复档案库", "Make a repository out of a backup or an export"),
    )
    .arg(
        Arg::new("from")
            .required(true)
            .value_name(pick(lang, "备份或导出", "FROM"))
            .value_parser(value_parser!(PathBuf))
            .help(pick(lang, "备份或导出的文件夹", "The folder of the backup or export")),
    )
    .arg(
        Arg::new("dir")
            .required(true)
            .value_name(pick(lang, "文件夹", "DIR"))
            .value_parser(value_parser!(PathBuf))
            .help(pick(lang, "新的或空的文件夹", "A new or an empty folder")),
    )
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Reaches {
        entries: u64,
        time: String,
    }
    #[derive(Serialize)]
    struct Report<'a> {
        repository: PathBuf,
        objects: u64,
        bytes: u64,
        texts: usize,
        /// The last entry of the audit chain in the copy, and its time.
        reaches: Reaches,
        faults: Vec<Fault<'a>>,
    }
    let ui = &context.ui;
    let (Some(from), Some(dir)) = (matches.get_one::<PathBuf>("from"), matches.get_one::<PathBuf>("dir"))
    else {
        return Ok(Exit::Usage);
    };
    let bar = ui.progress(&Text::fixed("恢复", "restoring"), 0);
    let brought = Brought::default();
    let report =
        Repository::restore(from, dir, &context.operator, context.now, &by_files(&bar), &|from, to| {
            brought.bring(from, to)
        })?;
    bar.finish_and_clear();
    let found = &report.findings;
    faults::print(ui, found);
    // The restoring itself is the last entry.
    let restored = Repository::open(dir)?;
    let entries = restored.audit_head()?.seq.saturating_sub(1);
    let time = restored.audit_log(entries, entries)?.pop().map(|entry| entry.time).unwrap_or_default();
    let (objects, texts) = (report.objects_copied, brought.count().0);
    let (count, place) = (found.len(), dir.display());
    ui.tell(&text!(
        "已恢复到 {place}：{objects} 个对象，{texts} 个文件的文字，问题 {count} 处；副本截至 {time}（审计链第 {entries} 条）\n下一步：archive fixity -R {place}；全文索引用 archive index 重建",
        "restored to {place}: {objects} objects, the texts of {texts} files, {count} faults; the copy reaches to {time} (entry {entries} of the audit chain)\nnext: archive fixity -R {place}; `archive index` makes the index anew"
    ));
    ui.note(&Text::fixed(
        "此后的改动不在其中；此后按清册销毁过的，其内容又在库中，须按原清册重新销毁",
        "what was done since isn't in it; what was destroyed by list since is there again, and has to be destroyed again",
    ));
    ui.json(&Report {
        repository: dir.clone(),
        objects,
        bytes: report.bytes_copied,
        texts,
        reaches: Reaches { entries, time },
        faults: faults::told(ui, found),
    })?;
    Ok(if found.is_empty() { Exit::Done } else { Exit::Findings })
}
