//! `archive fixity`: reads every stored file again and compares its digest.

use archive_core::text;
use archive_core::text::{Lang, Text};
use clap::{ArgMatches, Command};
use serde::Serialize;

use crate::args::base;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::render::size::megabytes;

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "fixity",
        lang,
        &Text::fixed("重读全部文件，核对摘要", "Read all stored files again and compare their digests"),
    )
}

pub(crate) fn run(context: &Context, _: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Fault<'a> {
        path: &'a str,
        fault: archive_store::FixityFault,
        message: &'a str,
    }
    #[derive(Serialize)]
    struct Report<'a> {
        objects: u64,
        files: u64,
        bytes: u64,
        faults: Vec<Fault<'a>>,
    }
    let ui = &context.ui;
    let repository = context.open()?;
    let (files, _) = repository.file_totals()?;
    let bar = ui.progress(&Text::fixed("核对文件", "reading files"), files);
    let report = repository.fixity(&|progress| bar.set_position(progress.files))?;
    bar.finish_and_clear();
    for fault in &report.findings {
        let (path, Text { zh, en }) = (&fault.path, &fault.message);
        ui.tell(&text!("{path}：{zh}", "{path}: {en}"));
    }
    let (objects, files, size, faults) =
        (report.objects, report.files, megabytes(report.bytes), report.findings.len());
    ui.tell(&text!(
        "核对 {objects} 个对象、{files} 个文件（{size}），问题 {faults} 处",
        "{objects} objects, {files} files ({size}) read again; {faults} faults"
    ));
    ui.json(&Report {
        objects: report.objects,
        files: report.files,
        bytes: report.bytes,
        faults: report
            .findings
            .iter()
            .map(|fault| Fault { path: &fault.path, fault: fault.fault, message: ui.say(&fault.message) })
            .collect(),
    })?;
    Ok(if report.findings.is_empty() { Exit::Done } else { Exit::Findings })
}
