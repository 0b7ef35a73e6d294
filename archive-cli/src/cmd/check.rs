//! `archive check`: all rules, all findings, on a repository, a register or a package.

use std::fs;
use std::path::{Path, PathBuf};

use archive_catalogue::register;
use archive_core::finding::{self, Counts, Finding};
use archive_core::model::Institution;
use archive_core::profile::{BUILT_IN, Profile};
use archive_core::rules::{Holdings, Stage};
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::Repository;
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, pick, year};
use crate::context::Context;
use crate::error::{CommandError, Kind};
use crate::exit::Exit;
use crate::judged::Judged;
use crate::office::Office;
use crate::render::findings::{self, Form, Told};

pub(crate) fn command(lang: Lang) -> Command {
    base("check", lang, &Text::fixed("检查：全部规则，全部问题", "Check by all rules; list all findings"))
        .arg(
            Arg::new("path")
                .value_name(pick(lang, "路径", "PATH"))
                .value_parser(value_parser!(PathBuf))
                .help(pick(
                    lang,
                    "档案库、登记表或移交包（默认：当前档案库）",
                    "A repository, a register or a package (default: this repository)",
                )),
        )
        .arg(year(lang))
        .arg(
            Arg::new("format")
                .long("format")
                .value_name(pick(lang, "样式", "FORM"))
                .value_parser(["human", "short"])
                .default_value("human")
                .help(pick(
                    lang,
                    "human：供阅读；short：一条一行",
                    "human: for reading; short: one line each",
                )),
        )
}

#[derive(Serialize)]
struct Report<'a> {
    findings: Vec<Told<'a>>,
    counts: Counts,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let year = matches.get_one::<i32>("year").copied();
    let found = match matches.get_one::<PathBuf>("path") {
        Some(path) => check_path(context, path, year)?,
        None => repository(context, &Office::new(context.open()?)?, year)?,
    };
    let form = match matches.get_one::<String>("format").map(String::as_str) {
        Some("short") => Form::Short,
        _ => Form::Human,
    };
    findings::print(ui, &found, form);
    ui.json(&Report { findings: findings::told(&found, ui.lang), counts: Counts::of(&found) })?;
    Ok(Exit::by_findings(&found))
}

/// The findings of a repository, or of one of its years.
fn repository(context: &Context, office: &Office, year: Option<i32>) -> Result<Vec<Finding>, CommandError> {
    let judged = Judged::of(context, office)?;
    Ok(match year {
        Some(year) => judged.of_year(year),
        None => judged.findings,
    })
}

/// What lies at the top of a package of any kind we judge.
const MARKS: [&str; 5] = ["bagit.txt", "METS.xml", "说明文件.TXT", "目录文件.XML", "文件目录.XML"];

/// Checks whatever lies at a path, told by what it is.
fn check_path(context: &Context, path: &Path, year: Option<i32>) -> Result<Vec<Finding>, CommandError> {
    if path.join("archive.toml").is_file() {
        return repository(context, &Office::new(Repository::open(path)?)?, year);
    }
    let is_zip = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
    if path.is_dir() && !MARKS.iter().any(|mark| path.join(mark).exists()) {
        let path = path.display();
        return Err(CommandError::new(
            Kind::Input,
            text!("{path} 不是档案库，也不是移交包", "{path} is neither a repository nor a package"),
            Text::fixed("请指明档案库、登记表文件或移交包", "name a repository, a register or a package"),
        ));
    }
    if path.is_dir() || is_zip {
        let verification = archive_transfer::verify(path, &archive_transfer::progress::silent)?;
        return Ok(verification.findings);
    }
    register(context, path)
}

/// The findings of a register before it is imported: what the reader saw, and what the rules say.
fn register(context: &Context, path: &Path) -> Result<Vec<Finding>, CommandError> {
    let bytes = fs::read(path).map_err(|error| CommandError::io(path, &error))?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let reading = register::read(&name, &bytes)?;
    let (institution, profile) = match context.open() {
        Ok(repository) => {
            let office = Office::new(repository)?;
            (office.institution().clone(), office.profile)
        }
        // Outside a repository the default rules judge.
        Err(_) => {
            (Institution { name: String::new(), fonds: String::new() }, Profile::built_in(BUILT_IN[0])?)
        }
    };
    let holdings = Holdings::new(&institution, Stage::Register, &reading.items);
    let mut found = archive_core::rules::check(&holdings, &profile, context.today());
    found.extend(reading.findings);
    for finding in &mut found {
        locate(finding, &name, &reading.items);
    }
    finding::sort(&mut found);
    found.dedup();
    if found.is_empty() {
        let count = reading.items.len();
        context.ui.note(&text!("登记表共 {count} 行", "the register has {count} rows"));
    }
    Ok(found)
}

/// Findings of the rules name an item; in a register a person looks for its row.
fn locate(finding: &mut Finding, name: &str, items: &[archive_core::model::Item]) {
    if finding.place.file.is_some() {
        return;
    }
    let Some(row) = &finding.place.item else { return };
    if let Some(item) = items.iter().find(|item| item.row == *row) {
        finding.place.file = Some(name.to_owned());
        finding.place.row = Some(item.origin.row);
        finding.place.column.clone_from(&finding.place.field);
    }
}
