//! `archive text FILE…`: the text of files as search would see it, page by page, and where it came from.
//!
//! Outside a repository nothing is kept: this is for looking at what an engine makes of a scan before a
//! whole year is given to it.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_index::reading::{FileRead, Problem, ReadError};
use archive_index::text::{Page, TextSource};
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use super::index::{Recognition, engine_option};
use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::interrupt::Gently;

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "text",
        lang,
        &Text::fixed("取出文件的文字（扫描件先识别）", "Print the text of files; scans are recognised first"),
    )
    .arg(
        Arg::new("files")
            .required(true)
            .num_args(1..)
            .value_parser(value_parser!(PathBuf))
            .value_name(pick(lang, "文件", "FILE"))
            .help(pick(lang, "一个或多个文件", "One file or more")),
    )
    .arg(engine_option(lang))
}

#[derive(Serialize)]
struct FileTold {
    file: String,
    format: String,
    /// Each with its lines, their places in shares of the page, and where the text came from.
    pages: Vec<Page>,
    problems: Vec<String>,
}

#[derive(Serialize)]
struct Report {
    files: Vec<FileTold>,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let recognition = Recognition::chosen(matches)?;
    let gently = Gently::begin();
    let stop = gently.asked();
    let reader = recognition.reader(None, stop);
    let paths: Vec<&PathBuf> = matches.get_many::<PathBuf>("files").into_iter().flatten().collect();
    let mut files = Vec::new();
    let mut exit = Exit::Done;
    for path in &paths {
        let name = path.display().to_string();
        let read = reader.read(path, &name, None, &[]).map_err(|error| match error {
            ReadError::File(error) | ReadError::Kept(error) => CommandError::io(path, &error),
        })?;
        if stop.load(Ordering::Relaxed) {
            return Ok(Exit::Interrupted);
        }
        let problems: Vec<Text> = problems(&read);
        if !problems.is_empty() {
            exit = Exit::Findings;
        }
        if paths.len() > 1 {
            ui.line(format!("=== {name}"));
        }
        for page in &read.reading.pages {
            let (number, origin) = (page.number, origin(page));
            let (zh, en) = (&origin.zh, &origin.en);
            ui.tell(&text!("—— 第 {number} 页（{zh}）", "-- page {number} ({en})"));
            ui.line(page.text());
        }
        for problem in &problems {
            ui.note(problem);
        }
        files.push(FileTold {
            file: name,
            format: ui.say(&read.format.describe()).to_owned(),
            pages: read.reading.pages,
            problems: problems.iter().map(|problem| ui.say(problem).to_owned()).collect(),
        });
    }
    ui.json(&Report { files })?;
    Ok(exit)
}

/// What kept text from being read.
fn problems(read: &FileRead) -> Vec<Text> {
    let stopped = read.reading.stopped.iter().map(archive_index::text::NoText::describe);
    let pictures = read.problems.iter().map(|problem| match problem {
        Problem::NoPictures(why) => why.describe(),
        Problem::Page(number, error) => {
            text!("第 {number} 页识别不了：{error}", "page {number} could not be recognised: {error}")
        }
    });
    stopped.chain(pictures).collect()
}

/// Where a page's text came from, in words.
fn origin(page: &Page) -> Text {
    let percent = |confidence: &Option<f32>| {
        confidence.map(|sure| format!("，{:.0}%", sure * 100.0)).unwrap_or_default()
    };
    match &page.source {
        TextSource::BornDigital => Text::fixed("电子文件", "born digital"),
        TextSource::TextLayer => Text::fixed("扫描件的文字层", "text layer of a scan"),
        TextSource::Recognised { engine, confidence } => {
            let sure = percent(confidence);
            let en = sure.replace('，', ", ");
            text!("{engine} 识别{sure}", "recognised by {engine}{en}")
        }
        TextSource::Sidecar { producer, confidence } => {
            let sure = percent(confidence);
            let en = sure.replace('，', ", ");
            text!("{producer} 的识别文件{sure}", "given by {producer}{en}")
        }
        TextSource::None(why) => why.describe(),
    }
}
