//! `archive identify FILE…`: what files are, by what they hold; whether their names say the same, and whether
//! they may be transferred.

use std::fs::File;
use std::path::{Path, PathBuf};

use archive_core::finding::{self, Finding, Place};
use archive_core::text::{Lang, Text};
use archive_index::identify::{Format, identify};
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;
use walkdir::WalkDir;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::render::findings::{self, Form, Told};
use crate::render::table;

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "identify",
        lang,
        &Text::fixed(
            "辨认文件格式：看内容，不看扩展名",
            "Tell what files are, by their content and not by their names",
        ),
    )
    .arg(
        Arg::new("files")
            .required(true)
            .num_args(1..)
            .value_parser(value_parser!(PathBuf))
            .value_name(pick(lang, "文件", "FILE"))
            .help(pick(
                lang,
                "文件，或文件夹（连同其下所有文件）",
                "Files, or folders with all that is in them",
            )),
    )
}

#[derive(Serialize)]
struct FileTold {
    file: String,
    description: String,
    mime: &'static str,
    allowed_for_transfer: bool,
    #[serde(flatten)]
    format: Format,
}

#[derive(Serialize)]
struct Report<'a> {
    files: &'a [FileTold],
    findings: Vec<Told<'a>>,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let mut files = Vec::new();
    let mut findings: Vec<Finding> = Vec::new();
    for path in paths(matches.get_many::<PathBuf>("files").into_iter().flatten())? {
        let name = path.display().to_string();
        let read = File::open(&path).and_then(|mut file| identify(&mut file, &name));
        let format = read.map_err(|error| CommandError::io(&path, &error))?;
        findings.extend(format.findings(&Place { file: Some(name.clone()), ..Place::default() }));
        files.push(FileTold {
            file: name,
            description: ui.say(&format.describe()).to_owned(),
            mime: format.mime(),
            allowed_for_transfer: format.allowed_for_transfer(),
            format,
        });
    }
    finding::sort(&mut findings);
    let rows: Vec<Vec<String>> = files.iter().map(|file| row(file, ui.lang)).collect();
    for line in table::lines(&rows) {
        ui.line(line.trim_end());
    }
    if !findings.is_empty() {
        ui.line("");
    }
    findings::print(ui, &findings, Form::Short);
    ui.json(&Report { files: &files, findings: findings::told(&findings, ui.lang) })?;
    Ok(Exit::by_findings(&findings))
}

/// The files that are meant, those of folders in order of their names.
fn paths<'a>(given: impl Iterator<Item = &'a PathBuf>) -> Result<Vec<PathBuf>, CommandError> {
    let mut out = Vec::new();
    for path in given {
        for entry in WalkDir::new(path).sort_by_file_name() {
            let entry = entry.map_err(|error| {
                let at = error.path().unwrap_or(path).to_owned();
                let error = error.into_io_error().unwrap_or_else(|| std::io::Error::other("loop"));
                CommandError::io(&at, &error)
            })?;
            if !entry.file_type().is_dir() {
                out.push(entry.into_path());
            }
        }
    }
    Ok(out)
}

/// What is told of a file on one line, its name last: it may be long.
fn row(file: &FileTold, lang: Lang) -> Vec<String> {
    let pages = match (file.format.pages, lang) {
        (None, _) => String::new(),
        (Some(pages), Lang::Zh) => format!("{pages} 页"),
        (Some(pages), Lang::En) => format!("{pages} p."),
    };
    let allowed = match (file.allowed_for_transfer, lang) {
        (true, _) => "",
        (false, Lang::Zh) => "不可移交",
        (false, Lang::En) => "not for transfer",
    };
    let puid = file.format.puid.unwrap_or("—").to_owned();
    let name = shown(Path::new(&file.file));
    vec![file.description.clone(), puid, pages, allowed.to_owned(), name]
}

/// A name fit for a terminal.
fn shown(path: &Path) -> String {
    path.display().to_string().chars().map(|ch| if ch.is_control() { '\u{fffd}' } else { ch }).collect()
}
