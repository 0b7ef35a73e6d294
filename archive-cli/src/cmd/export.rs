//! `archive export`: everything in open forms, to be read without this program.

use std::path::PathBuf;

use archive_core::text;
use archive_core::text::{Lang, Text};
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::along::Brought;
use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::render::faults::{self, Fault};
use crate::render::size::megabytes;
use crate::ui::by_files;

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "export",
        lang,
        &Text::fixed(
            "完整导出为开放格式（BagIt 包：csv 表、OCFL 文件、JSON 文字），没有本程序也能读",
            "Export everything in open forms (a BagIt bag of csv tables, OCFL objects, texts as JSON)",
        ),
    )
    .arg(
        Arg::new("out")
            .long("out")
            .required(true)
            .value_name(pick(lang, "文件夹", "DIR"))
            .value_parser(value_parser!(PathBuf))
            .help(pick(lang, "新的或空的文件夹", "A new or an empty folder")),
    )
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Report<'a> {
        export: PathBuf,
        objects: u64,
        bytes: u64,
        texts: usize,
        faults: Vec<Fault<'a>>,
    }
    let ui = &context.ui;
    let Some(out) = matches.get_one::<PathBuf>("out") else { return Ok(Exit::Usage) };
    let repository = context.open()?;
    let bar = ui.progress(&Text::fixed("导出", "exporting"), 0);
    let brought = Brought::default();
    let report = repository.export(out, context.now, &by_files(&bar), &|from, to| brought.bring(from, to))?;
    bar.finish_and_clear();
    faults::print(ui, &report.findings);
    let (objects, size, texts) = (report.objects_copied, megabytes(report.bytes_copied), brought.count().0);
    let (count, place) = (report.findings.len(), out.display());
    ui.tell(&text!(
        "已导出到 {place}：{objects} 个对象（{size}），{texts} 个文件的文字，问题 {count} 处",
        "exported to {place}: {objects} objects ({size}), the texts of {texts} files, {count} faults"
    ));
    ui.json(&Report {
        export: out.clone(),
        objects,
        bytes: report.bytes_copied,
        texts,
        faults: faults::told(ui, &report.findings),
    })?;
    Ok(if report.findings.is_empty() { Exit::Done } else { Exit::Findings })
}
